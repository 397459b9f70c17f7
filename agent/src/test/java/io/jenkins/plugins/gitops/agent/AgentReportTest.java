package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.AgentConfig.Intervals;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What the agent reports to Jenkins, and how it handles the responses. */
public class AgentReportTest {
    private static final String SECRET = "the report secret of dev";
    private static final String PAYMENTS = "payments-api-dev";
    private static final String TAG = "services/payments-api/overlays/dev/image-tag.yaml";

    @Rule
    public final RunningAgent running = new RunningAgent();

    private FakeJenkins jenkins;

    @Before
    public void start() throws Exception {
        jenkins = new FakeJenkins("dev", SECRET);
    }

    @After
    public void stop() {
        running.stop();
        jenkins.close();
    }

    @Test
    public void reportsFirstSyncUntilAllIsHealthy() throws Exception {
        running.start(config());

        Report report = awaitReport(r -> r.applications().size() == 3
                && r.applications().stream()
                        .allMatch(a -> a.health().equals("Healthy") && a.sync().equals("Synced")));

        assertThat(report.applications(), hasSize(3));
        ApplicationStatus payments = status(report);
        assertThat(payments.syncedRevision(), is(running.repository().tip()));
        assertThat(payments.repository(), is(running.repository().url()));
    }

    @Test
    public void pushKnownToJenkinsIsSyncedAtOnce() throws Exception {
        running.start(seldomFetching(config()));
        running.awaitLive(PAYMENTS, running.repository().tip());
        String commit = running.repository().replace(TAG, "sha-a1b2c3d", "sha-0000007");
        jenkins.setRevision(running.repository().url(), commit);

        running.awaitLive(PAYMENTS, commit);
    }

    @Test
    public void manualSyncRequestIsFulfilledWithAutomationOff() throws Exception {
        running.repository()
                .commit(Map.of(
                        "clusters/dev/argocd-apps/payments-api.yaml",
                        running.repository()
                                .read("clusters/dev/argocd-apps/payments-api.yaml")
                                .replace(
                                        "      selfHeal: true # revert manual kubectl changes\n",
                                        "      enabled: false\n")));
        running.start(config());
        ApplicationStatus waiting = status(
                awaitReport(r -> r.applications().size() == 3 && status(r).message() != null));
        assertThat(waiting.message(), is("automated sync is off"));
        assertThat(waiting.sync(), is("OutOfSync"));
        assertThat(waiting.health(), is("Missing"));
        assertThat(waiting.operation(), is(nullValue()));

        jenkins.requestSync(PAYMENTS);

        running.awaitLive(PAYMENTS, running.repository().tip());
    }

    @Test
    public void manualPruneRequestDeletes() throws Exception {
        running.repository().replace("clusters/dev/argocd-apps/payments-api.yaml", "prune: true", "prune: false");
        running.start(config());
        running.awaitLive(PAYMENTS, running.repository().tip());
        String removal =
                running.repository().replace("services/payments-api/base/kustomization.yaml", "- service.yaml\n", "");
        ApplicationStatus left = running.await(
                PAYMENTS, s -> removal.equals(s.syncedRevision()) && "pruning is off".equals(s.message()));
        assertThat(left.sync(), is("OutOfSync"));

        jenkins.requestPrune(PAYMENTS, removal);

        running.awaitLive(PAYMENTS, removal);
        assertThat(
                running.client()
                        .services()
                        .inNamespace("payments-dev")
                        .withName("payments-api")
                        .get(),
                is(nullValue()));
    }

    @Test
    public void missingSecretIsRejectedAtTheStart() throws Exception {
        AgentConfig config = running.config(new AgentConfig.Jenkins(
                jenkins.url(), SecretSource.file(running.folder().resolve("missing"))));
        try (Agent agent = new Agent(config, running.cluster().config(), line -> {})) {
            assertThrows(UserErrorException.class, agent::start);
        }
    }

    private AgentConfig config() throws Exception {
        Path secret = Files.writeString(running.folder().resolve("secret"), SECRET + "\n");
        return running.config(new AgentConfig.Jenkins(jenkins.url(), SecretSource.file(secret)));
    }

    private static AgentConfig seldomFetching(AgentConfig config) {
        Intervals intervals = config.intervals();
        return new AgentConfig(
                config.name(),
                config.jenkins(),
                config.repository(),
                config.applications(),
                config.cluster(),
                config.destinations(),
                config.adoptFrom(),
                new Intervals(Duration.ofHours(1), intervals.pass(), intervals.heartbeat(), intervals.gitGrace()),
                config.cacheFolder(),
                config.replacedFieldManagers(),
                config.health());
    }

    private Report awaitReport(Predicate<Report> condition) throws InterruptedException {
        while (true) {
            Optional<Report> report = Optional.ofNullable(jenkins.next());
            if (condition.test(report.orElseThrow(() -> new AssertionError("no such report")))) {
                return report.get();
            }
        }
    }

    private static ApplicationStatus status(Report report) {
        return report.applications().stream()
                .filter(application -> application.name().equals(PAYMENTS))
                .findFirst()
                .orElseThrow();
    }
}
