package io.jenkins.plugins.gitops.status.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.FluxReceiverConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.flux.FluxRecordings;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;
import org.jvnet.hudson.test.LoggerRule;

/** Flux events survive a restart of Jenkins, and an unreadable file does no harm. */
public class FluxRestartTest {
    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final LoggerRule log =
            new LoggerRule().record(FluxStore.class, Level.WARNING).capture(20);

    private ApplicationStatus told;

    private static void configure(String... names) {
        GitopsConfiguration.get()
                .setFluxReceivers(java.util.Arrays.stream(names)
                        .map(n -> new FluxReceiverConfiguration(n, Secret.fromString("a secret of sixteen+")))
                        .toList());
    }

    private static void tell(String flux) throws Exception {
        for (byte[] body : FluxRecordings.bodies("01-first-apply.json")) {
            assertThat(
                    FluxReceivers.get().accept(flux, FluxRecordings.at(body, Instant.now()), Instant.now()), is(202));
        }
    }

    private static AgentInfo state(String flux) {
        return StatusSources.agents(Instant.now()).stream()
                .filter(a -> a.name().equals(flux))
                .findFirst()
                .orElseThrow();
    }

    private static Path folder(JenkinsRule j) {
        return j.jenkins.getRootDir().toPath().resolve("gitops/flux");
    }

    @Test
    public void reportedStateSurvivesARestart() throws Throwable {
        sessions.then(j -> {
            configure("live", "gone");
            tell("live");
            tell("gone");
            told = state("live").applications().get(0);
            assertThat(told.health(), is("Healthy"));
        });
        sessions.then(j -> {
            assertThat(state("live").applications(), is(List.of(told)));
            assertThat(Files.readString(folder(j).resolve("live.json")), containsString("{\"version\":1,"));
            configure("live");
            FluxReceivers.stop();
            assertThat(Files.exists(folder(j).resolve("gone.json")), is(false));
        });
    }

    @Test
    public void truncatedAndNewerFilesAreReportedOnceAndIgnored() throws Throwable {
        sessions.then(j -> {
            configure("cut", "newer", "odd", "well");
            for (String flux : List.of("cut", "newer", "odd", "well")) {
                tell(flux);
            }
        });
        String[] newer = new String[1];
        sessions.then(j -> {
            Path cut = folder(j).resolve("cut.json");
            byte[] bytes = Files.readAllBytes(cut);
            Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            Path file = folder(j).resolve("newer.json");
            newer[0] = Files.readString(file).replace("\"version\":1,", "\"version\":2,");
            Files.writeString(file, newer[0]);
            Path odd = folder(j).resolve("odd.json");
            Files.writeString(odd, Files.readString(odd).replace("\"version\":1,", "\"version\":1,\"later\":{},"));
        });
        sessions.then(j -> {
            assertThat(state("cut").lastSeen(), is(nullValue()));
            assertThat(state("newer").lastSeen(), is(nullValue()));
            assertThat(state("odd").applications().size(), is(1));
            assertThat(state("well").applications().size(), is(1));
            assertThat(Files.readString(folder(j).resolve("newer.version-2")), is(newer[0]));
            assertThat(
                    log.getMessages().stream().sorted().toList(),
                    contains(
                            containsString("cut.json cannot be read"),
                            containsString("newer.json was written by a newer version of this plugin")));
            tell("cut");
            assertThat(state("cut").applications().size(), is(1));
        });
        sessions.then(j -> assertThat(state("cut").applications().size(), is(1)));
    }
}
