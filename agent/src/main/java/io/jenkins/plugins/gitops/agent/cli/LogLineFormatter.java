package io.jenkins.plugins.gitops.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Formats one line per record: time in UTC, level, message. Text from committers or clusters cannot start a new line.
 * The stack trace of an error follows on separate lines in text format, and is a field in JSON.
 */
final class LogLineFormatter extends Formatter {
    private static final int MAX_LENGTH = 4000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LogFormat format;

    LogLineFormatter(LogFormat format) {
        this.format = format;
    }

    @Override
    public String format(LogRecord entry) {
        String time = TIME.format(entry.getInstant());
        String message = TextSanitizer.middle(String.valueOf(formatMessage(entry)), MAX_LENGTH);
        String trace = entry.getThrown() == null ? "" : trace(entry.getThrown());
        if (format == LogFormat.text) {
            return String.format("%s %-5s %s%n%s", time, level(entry.getLevel()), message, trace);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("time", time);
        fields.put("level", level(entry.getLevel()));
        fields.put("logger", entry.getLoggerName());
        fields.put("message", message);
        if (!trace.isEmpty()) {
            fields.put("stackTrace", trace);
        }
        try {
            return JSON.writeValueAsString(fields) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }
}
