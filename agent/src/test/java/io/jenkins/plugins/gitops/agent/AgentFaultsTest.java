package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** What the agent does when something is wrong. */
public class AgentFaultsTest {
    private static final String PAYMENTS = "payments-api-dev";
    private static final String TAG = "services/payments-api/overlays/dev/image-tag.yaml";
    private static final String APPLICATION = "clusters/dev/argocd-apps/payments-api.yaml";
    private static final String BASE = "services/payments-api/base/";

    @Rule
    public final RunningAgent running = new RunningAgent();

    @Test
    public void applicationWithUnknownFieldIsRejectedByNameAndOthersContinue() throws Exception {
        running.repository().replace(APPLICATION, "  project: default\n", "  project: default\n  sourceHydrator: {}\n");
        running.start();

        ApplicationStatus refused = running.await(PAYMENTS, status -> status.message() != null);

        assertThat(refused.sync(), is("Unknown"));
        assertThat(refused.message(), containsString(APPLICATION + ":"));
        assertThat(refused.message(), containsString("sourceHydrator"));
        ApplicationCondition condition = condition(refused, "InvalidSpecError");
        assertThat(condition.message(), is(refused.message()));
        assertThat(condition.revision(), is(running.repository().tip()));
        running.awaitLive("frontend-dev", running.repository().tip());
        assertThat(payments(), is(nullValue()));
    }

    @Test
    public void brokenRenderIsReportedAndNothingIsChanged() throws Exception {
        startAndAwait();
        String broken = running.repository().commit(Map.of(TAG, "images: [\n"));

        ApplicationStatus unknown =
                running.await(PAYMENTS, status -> status.sync().equals("Unknown"));

        assertThat(unknown.message(), containsString(TAG));
        ApplicationCondition condition = condition(unknown, "ComparisonError");
        assertThat(condition.message(), is(unknown.message()));
        assertThat(condition.revision(), is(broken));
        // It stands since it was found, however often it is found again.
        ApplicationStatus again =
                running.await(PAYMENTS, status -> !status.observedAt().equals(unknown.observedAt()));
        assertThat(condition(again, "ComparisonError"), is(condition));
        assertThat(payments(), is(notNullValue()));
    }

    @Test
    public void gitOutageIsReportedAndRecoversByItself() throws Exception {
        startAndAwait();
        int port = running.repository().stopServing();

        ApplicationStatus away = running.await(PAYMENTS, status -> status.sync().equals("Unknown"));
        assertThat(away.message(), containsString("gitops-platform.git"));
        assertThat("that is no fault of a revision", away.conditions(), is(List.of()));
        running.client()
                .apps()
                .deployments()
                .inNamespace("payments-dev")
                .withName("payments-api")
                .scale(3);
        running.awaitLine(line -> line.contains("taking ownership of .spec.replicas"));

        running.repository().serveAgain(port);
        String commit = running.repository().replace(TAG, "sha-a1b2c3d", "sha-0000003");
        running.awaitLive(PAYMENTS, commit);
    }

    @Test
    public void failedDryRunAppliesNothingAndANewerCommitEndsTheRetries() throws Exception {
        startAndAwait();
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
                PAYMENTS,
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(failed.operation().phase(), is("Running"));
        assertThat(failed.operation().finishedAt(), is(notNullValue()));
        assertThat("the first retry is waited for", failed.operation().retries(), is(1));
        assertThat(failed.conditions(), is(List.of()));
        assertThat(failed.operation().message(), containsString("nothing was applied; Deployment payments-api:"));
        assertThat(failed.sync(), is("OutOfSync"));
        assertThat(
                running.client()
                        .configMaps()
                        .inNamespace("payments-dev")
                        .withName("payments-api-config")
                        .get()
                        .getData()
                        .get("LOG_LEVEL"),
                is("info"));

        String mended = running.repository()
                .replace(
                        BASE + "deployment.yaml",
                        "      app: other\n  template",
                        "      app: payments-api\n  template");
        ApplicationStatus live = running.awaitLive(PAYMENTS, mended);
        assertThat(live.operation().retries(), is(0));
    }

    @Test
    public void failedSyncIsRetriedAfterItsBackoff() throws Exception {
        String manifest = running.repository().read(APPLICATION);
        running.repository()
                .commit(Map.of(
                        APPLICATION,
                        manifest.replace("CreateNamespace=true", "CreateNamespace=false")
                                .replace("duration: 5s", "duration: 200ms")
                                .replace("limit: 3", "limit: -1")));
        running.start();
        ApplicationStatus failed = running.await(
                PAYMENTS,
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
                running.awaitLive(PAYMENTS, running.repository().tip());
        assertThat(live.operation().phase(), is("Succeeded"));
        assertThat(live.operation().message(), is(nullValue()));
    }

    @Test
    public void stopsAfterTheLastRetry() throws Exception {
        String manifest = running.repository().read(APPLICATION);
        running.repository()
                .commit(Map.of(
                        APPLICATION,
                        manifest.replace("CreateNamespace=true", "CreateNamespace=false")
                                .replace("duration: 5s", "duration: 50ms")
                                .replace("limit: 3", "limit: 1")));
        running.start();

        ApplicationStatus failed = running.await(
                PAYMENTS,
                status ->
                        status.operation() != null && status.operation().phase().equals("Failed"));

        assertThat(failed.operation().retries(), is(1));
        assertThat(failed.sync(), is("OutOfSync"));
        ApplicationCondition condition = condition(failed, "SyncError");
        assertThat(condition.message(), containsString("namespaces \"payments-dev\" not found"));
        assertThat(condition.revision(), is(failed.comparedRevision()));

        assertThat(condition.message(), containsString("next attempt at 2"));

        // A commit that renders the same is tried, too: what was missing may be there by now.
        String same = running.repository().commit(Map.of("README.md", "something else\n"));
        ApplicationStatus next = running.await(
                PAYMENTS,
                status -> same.equals(status.operation().revision())
                        && status.operation().phase().equals("Failed"));
        assertThat(condition(next, "SyncError").revision(), is(same));
    }

    @Test
    public void resourceOfAnotherApplicationIsNotTakenOver() throws Exception {
        startAndAwait();
        String twin = running.repository().read(APPLICATION).replace("name: payments-api-dev", "name: twin");
        running.repository().commit(Map.of("clusters/dev/argocd-apps/twin.yaml", twin));

        ApplicationStatus refused = running.await(
                "twin",
                status -> status.operation() != null && status.operation().message() != null);

        assertThat(refused.operation().message(), containsString("belongs to application " + PAYMENTS));
        running.awaitLive(PAYMENTS, running.repository().tip());
    }

    private static ApplicationCondition condition(ApplicationStatus status, String type) {
        List<ApplicationCondition> found = status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .toList();
        assertThat(status.conditions().toString(), found.size(), is(1));
        return found.get(0);
    }

    private String startAndAwait() throws Exception {
        running.start();
        String tip = running.repository().tip();
        running.awaitLive(PAYMENTS, tip);
        return tip;
    }

    private Deployment payments() {
        return running.client()
                .apps()
                .deployments()
                .inNamespace("payments-dev")
                .withName("payments-api")
                .get();
    }
}
