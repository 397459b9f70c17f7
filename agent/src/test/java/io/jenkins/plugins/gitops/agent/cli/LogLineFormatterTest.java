package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.Test;

/** The format of a log line. */
public class LogLineFormatterTest {
    private final LogRecord entry = new LogRecord(Level.WARNING, "{0}: {1}");

    {
        entry.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
        entry.setLoggerName("gitops-agent");
        entry.setParameters(new Object[] {"web", "forged\n2026-01-02T03:04:05.678Z INFO  all is well"});
    }

    @Test
    public void textIsTimeLevelAndMessageOnOneLine() {
        assertThat(
                new LogLineFormatter(LogFormat.text).format(entry),
                is("2026-01-02T03:04:05.678Z WARN  web: forged 2026-01-02T03:04:05.678Z INFO all is well"
                        + System.lineSeparator()));
    }

    @Test
    public void jsonIsOneObjectForEachLine() throws Exception {
        entry.setThrown(new IllegalStateException("boom"));
        String line = new LogLineFormatter(LogFormat.json).format(entry);
        assertThat(line.lines().count(), is(1L));
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("time").asText(), is("2026-01-02T03:04:05.678Z"));
        assertThat(json.path("level").asText(), is("WARN"));
        assertThat(json.path("logger").asText(), is("gitops-agent"));
        assertThat(json.path("message").asText(), startsWith("web: forged"));
        assertThat(json.path("stackTrace").asText(), containsString("IllegalStateException: boom"));
    }

    @Test
    public void levelNamesAreTheUsualOnes() {
        assertThat(level(Level.SEVERE), is("ERROR"));
        assertThat(level(Level.INFO), is("INFO"));
        assertThat(level(Level.CONFIG), is("DEBUG"));
    }

    private String level(Level level) {
        entry.setLevel(level);
        return new LogLineFormatter(LogFormat.text).format(entry).split(" +")[1];
    }
}
