package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.ExampleApplication.BASE;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.IMAGE_TAG;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** An agent that only reports what it would do. */
public class DryRunTest {
    private static final String SECRET = "the report secret of dev";

    @Rule(order = 0)
    public final RunningAgent running = new RunningAgent();

    @Rule(order = 1)
    public final ExampleApplication payments = ExampleApplication.of(running);

    @Test
    public void reportsPendingChangesAndAppliesNothing() throws Exception {
        running.start(running.config(null), AgentMode.DRY_RUN);

        ApplicationStatus status =
                running.await(payments.name(), s -> s.sync().equals("OutOfSync") && s.message() != null);

        assertThat(status.message(), startsWith("would create namespace payments-dev, apply "));
        assertThat(status.health(), is("Missing"));
        assertThat(status.operation(), is(nullValue()));
        assertThat(status.resources().get(0).message(), is("would be created"));
        assertThat(running.progress(), hasItem(startsWith("dry run: what would be applied is reported")));
        assertThat(running.client().namespaces().withName("payments-dev").get(), is(nullValue()));
    }

    @Test
    public void distinguishesDriftAndPruningFromSynced() throws Exception {
        deployAndStop();
        running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000002");
        running.repository().replace(BASE + "kustomization.yaml", "- service.yaml\n", "");
        running.start(running.config(null), AgentMode.DRY_RUN);

        // The first comparison may run before the agent has seen the Service in the cluster.
        ApplicationStatus status = running.await(
                payments.name(),
                s -> s.sync().equals("OutOfSync") && "would apply 1 object, prune 1".equals(s.message()));

        assertThat(
                status.resources().stream()
                        .map(r -> r.label() + ": " + r.message())
                        .toList(),
                is(List.of(
                        "Deployment payments-api: would be changed",
                        "Service payments-api: no longer in Git; would be pruned")));
        assertThat(running.await("frontend-dev", s -> s.sync().equals("Synced")).message(), is(nullValue()));
        assertThat(payments.image(), is("ghcr.io/myorg/payments-api:sha-a1b2c3d"));
    }

    @Test
    public void reportsThatSyncRequestsAreNotAccepted() throws Exception {
        try (FakeJenkins jenkins = new FakeJenkins("dev", SECRET)) {
            Path secret = Files.writeString(running.folder().resolve("secret"), SECRET + "\n");
            running.start(
                    running.config(new AgentConfig.Jenkins(jenkins.url(), SecretSource.file(secret))),
                    AgentMode.DRY_RUN);
            jenkins.requestSync(payments.name());

            Report report = jenkins.next();
            while (report.applications().stream().noneMatch(a -> a.message() != null)) {
                report = jenkins.next();
            }

            assertThat(report.readOnly(), is(true));
            // The request was in the response to each earlier report.
            assertThat(jenkins.next().applications().stream().allMatch(a -> a.operation() == null), is(true));
            assertThat(running.client().namespaces().withName("payments-dev").get(), is(nullValue()));
            running.stop();
        }
    }

    @Test
    public void storesNoIdentityAndDoesNotLockTheAgentsClone() throws Exception {
        running.start(running.config(null), AgentMode.DRY_RUN);
        running.await(payments.name(), s -> s.message() != null);
        Path cache = running.config(null).cacheFolder();

        assertThat(Files.exists(cache.resolve("identity-dev.properties")), is(false));
        try (Agent applying = new Agent(running.config(null), running.cluster().config(), line -> {});
                Agent looking = new Agent(
                        running.config(null),
                        AgentMode.STATUS,
                        running.cluster().config(),
                        line -> {})) {
            assertThat(looking.reconcileOnce().size(), is(3));
            assertThat(applying.reconcileOnce().size(), is(3));
        }
        assertThat(Files.exists(cache.resolve("identity-dev.properties")), is(true));
    }

    private void deployAndStop() throws Exception {
        running.start();
        for (String name : List.of(payments.name(), "frontend-dev", "my-app-dev")) {
            running.awaitLive(name, running.repository().tip());
        }
        running.stop();
    }
}
