package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.ExampleApplication.BASE;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.IMAGE_TAG;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.MANIFEST;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** How the agent reports and survives faults. */
public class AgentFaultsTest {

    @Rule(order = 0)
    public final RunningAgent running = new RunningAgent();

    @Rule(order = 1)
    public final ExampleApplication payments = ExampleApplication.of(running);

    @Test
    public void applicationWithUnknownFieldIsRejectedByNameAndOthersContinue() throws Exception {
        running.repository().replace(MANIFEST, "  project: default\n", "  project: default\n  sourceHydrator: {}\n");
        running.start();

        ApplicationStatus refused = running.await(payments.name(), status -> status.message() != null);

        assertThat(refused.sync(), is("Unknown"));
        assertThat(refused.message(), containsString(MANIFEST + ":"));
        assertThat(refused.message(), containsString("sourceHydrator"));
        ApplicationCondition condition = condition(refused, "InvalidSpecError");
        assertThat(condition.message(), is(refused.message()));
        assertThat(condition.revision(), is(running.repository().tip()));
        running.awaitLive("frontend-dev", running.repository().tip());
        assertThat(payments.deployment().get(), is(nullValue()));
    }

    @Test
    public void brokenRenderIsReportedAndNothingIsChanged() throws Exception {
        payments.startAndAwait();
        String broken = running.repository().commit(Map.of(IMAGE_TAG, "images: [\n"));

        ApplicationStatus unknown =
                running.await(payments.name(), status -> status.sync().equals("Unknown"));

        assertThat(unknown.message(), containsString(IMAGE_TAG));
        ApplicationCondition condition = condition(unknown, "ComparisonError");
        assertThat(condition.message(), is(unknown.message()));
        assertThat(condition.revision(), is(broken));
        // The condition keeps the time at which it was first found.
        ApplicationStatus again =
                running.await(payments.name(), status -> !status.observedAt().equals(unknown.observedAt()));
        assertThat(condition(again, "ComparisonError"), is(condition));
        assertThat(payments.deployment().get(), is(notNullValue()));
    }

    @Test
    public void gitOutageIsReportedAndRecoversByItself() throws Exception {
        payments.startAndAwait();
        int port = running.repository().stopServing();

        ApplicationStatus away =
                running.await(payments.name(), status -> status.sync().equals("Unknown"));
        assertThat(away.message(), containsString("gitops-platform.git"));
        assertThat("that is no fault of a revision", away.conditions(), is(List.of()));
        payments.deployment().scale(3);
        running.awaitLine(line -> line.contains("taking ownership of .spec.replicas"));

        running.repository().serveAgain(port);
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000003");
        running.awaitLive(payments.name(), commit);
    }

    @Test
    public void failedDryRunAppliesNothingAndANewerCommitEndsTheRetries() throws Exception {
        payments.startAndAwait();
        running.repository()
                .commit(Map.of(
                        BASE + "configmap.yaml",
                        running.repository()
                                .read(BASE + "configmap.yaml")
                                .replace("LOG_LEVEL: info", "LOG_LEVEL: debug"),
                        BASE + "deployment.yaml",
                        running.repository()
                                .read(BASE + "deployment.yaml")
                                .replace("      app: payments-api\n  template", "      app: other\n  template")));

        ApplicationStatus failed = running.await(
                payments.name(),
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(failed.operation().phase(), is("Running"));
        assertThat(failed.operation().finishedAt(), is(notNullValue()));
        assertThat("the first retry is waited for", failed.operation().retries(), is(1));
        assertThat(failed.conditions(), is(List.of()));
        assertThat(failed.operation().message(), containsString("nothing was applied; Deployment payments-api:"));
        assertThat(failed.sync(), is("OutOfSync"));
        assertThat(payments.logLevel(), is("info"));

        String mended = running.repository()
                .replace(
                        BASE + "deployment.yaml",
                        "      app: other\n  template",
                        "      app: payments-api\n  template");
        ApplicationStatus live = running.awaitLive(payments.name(), mended);
        assertThat(live.operation().retries(), is(0));
    }

    @Test
    public void failedSyncIsRetriedAfterItsBackoff() throws Exception {
        String manifest = running.repository().read(MANIFEST);
        running.repository()
                .commit(Map.of(
                        MANIFEST,
                        manifest.replace("CreateNamespace=true", "CreateNamespace=false")
                                .replace("duration: 5s", "duration: 200ms")
                                .replace("limit: 3", "limit: -1")));
        running.start();
        ApplicationStatus failed = running.await(
                payments.name(),
                status -> status.operation() != null && status.operation().retries() > 0);
        assertThat(failed.operation().message(), containsString("namespaces \"payments-dev\" not found"));
        assertThat(failed.health(), is("Missing"));

        running.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("payments-dev")
                        .endMetadata()
                        .build())
                .create();

        ApplicationStatus live =
                running.awaitLive(payments.name(), running.repository().tip());
        assertThat(live.operation().phase(), is("Succeeded"));
        assertThat(live.operation().message(), is(nullValue()));
    }

    @Test
    public void stopsAfterTheLastRetry() throws Exception {
        String manifest = running.repository().read(MANIFEST);
        running.repository()
                .commit(Map.of(
                        MANIFEST,
                        manifest.replace("CreateNamespace=true", "CreateNamespace=false")
                                .replace("duration: 5s", "duration: 50ms")
                                .replace("limit: 3", "limit: 1")));
        running.start();

        ApplicationStatus failed = running.await(
                payments.name(),
                status ->
                        status.operation() != null && status.operation().phase().equals("Failed"));

        assertThat(failed.operation().retries(), is(1));
        assertThat(failed.sync(), is("OutOfSync"));
        ApplicationCondition condition = condition(failed, "SyncError");
        assertThat(condition.message(), containsString("namespaces \"payments-dev\" not found"));
        assertThat(condition.revision(), is(failed.comparedRevision()));

        assertThat(condition.message(), containsString("next attempt at 2"));

        // A commit that renders the same is tried as well, since what was missing may exist by then.
        String same = running.repository().commit(Map.of("README.md", "something else\n"));
        ApplicationStatus next = running.await(
                payments.name(),
                status -> same.equals(status.operation().revision())
                        && status.operation().phase().equals("Failed"));
        assertThat(condition(next, "SyncError").revision(), is(same));
    }

    @Test
    public void resourceOfAnotherApplicationIsNotTakenOver() throws Exception {
        payments.startAndAwait();
        String twin = running.repository().read(MANIFEST).replace("name: payments-api-dev", "name: twin");
        running.repository().commit(Map.of("clusters/dev/argocd-apps/twin.yaml", twin));

        ApplicationStatus refused = running.await(
                "twin",
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(refused.operation().message(), containsString("belongs to application " + payments.name()));
        running.awaitLive(payments.name(), running.repository().tip());
    }

    private static ApplicationCondition condition(ApplicationStatus status, String type) {
        List<ApplicationCondition> found = status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .toList();
        assertThat(status.conditions().toString(), found.size(), is(1));
        return found.get(0);
    }
}
