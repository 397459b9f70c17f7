package io.jenkins.plugins.gitops.status.report;

import static io.jenkins.plugins.gitops.status.report.SignedReports.live;
import static io.jenkins.plugins.gitops.status.report.SignedReports.report;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.ReportVerifier.ReportRejectedException;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsSessionRule;

public class ReportingAgentsRestartTest {
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
            SignedReports.accept("dev", report(41, List.of()));
            SignedReports.accept("gone", report(1, List.of()));
            SignedReports.accept("dev", report(42, List.of(live(URL, TARGET.path(), REVISION))));
        });
        sessions.then(j -> {
            RepositoryConfiguration repository = new RepositoryConfiguration("platform", URL);
            var found = StatusSources.snapshots(repository, TARGET, Instant.now());
            assertThat(found.get(0).status().syncedRevision(), is(REVISION));
            ReportRejectedException old = assertThrows(
                    ReportRejectedException.class, () -> SignedReports.accept("dev", report(42, List.of())));
            assertThat(old.status(), is(409));
            SignedReports.accept("dev", report(43, List.of()));

            GitopsConfiguration.get()
                    .setAgents(List.of(new AgentConfiguration("dev", Secret.fromString("report secret of dev"))));
            Path folder = j.jenkins.getRootDir().toPath().resolve("gitops/agents");
            ReportingAgents.stop();
            assertThat(Files.exists(folder.resolve("gone.json")), is(false));
            Files.writeString(folder.resolve("broken.json"), "{");
        });
        sessions.then(j -> {
            AgentConfiguration dev = GitopsConfiguration.get().agent("dev").orElseThrow();
            assertThat(ReportingAgents.get().newest(dev).orElseThrow().report().sequence(), is(43L));
        });
    }
}
