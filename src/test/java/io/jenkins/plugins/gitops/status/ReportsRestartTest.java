package io.jenkins.plugins.gitops.status;

import static io.jenkins.plugins.gitops.status.ReportsSupport.live;
import static io.jenkins.plugins.gitops.status.ReportsSupport.report;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.ReportInbox.NotAcceptedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsSessionRule;

public class ReportsRestartTest {
    private static final String URL = "https://git.example.com/platform.git";
    private static final String REVISION = "1".repeat(40);
    private static final Target TARGET = new Target("shop", "dev", "apps/shop/overlays/dev", null);

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Test
    public void reportsAndTheirSequenceSurviveARestart() throws Throwable {
        sessions.then(j -> {
            GitopsConfiguration.get()
                    .setAgents(List.of(
                            new AgentConfiguration("dev", Secret.fromString("report secret of dev")),
                            new AgentConfiguration("gone", Secret.fromString("report secret of gone"))));
            ReportsSupport.accept("dev", report(41, List.of()));
            ReportsSupport.accept("gone", report(1, List.of()));
            ReportsSupport.accept("dev", report(42, List.of(live(URL, TARGET.path(), REVISION))));
        });
        sessions.then(j -> {
            RepositoryConfiguration repository = new RepositoryConfiguration("platform", URL);
            var found = Sources.snapshots(repository, TARGET, Instant.now());
            assertThat(found.get(0).status().syncedRevision(), is(REVISION));
            NotAcceptedException old =
                    assertThrows(NotAcceptedException.class, () -> ReportsSupport.accept("dev", report(42, List.of())));
            assertThat(old.status(), is(409));
            ReportsSupport.accept("dev", report(43, List.of()));

            GitopsConfiguration.get()
                    .setAgents(List.of(new AgentConfiguration("dev", Secret.fromString("report secret of dev"))));
            Path folder = j.jenkins.getRootDir().toPath().resolve("gitops/agents");
            Reports.stop();
            assertThat(Files.exists(folder.resolve("gone.json")), is(false));
            Files.writeString(folder.resolve("broken.json"), "{");
        });
        sessions.then(j -> {
            AgentConfiguration dev = GitopsConfiguration.get().agent("dev").orElseThrow();
            assertThat(Reports.get().newest(dev).orElseThrow().report().sequence(), is(43L));
        });
    }
}
