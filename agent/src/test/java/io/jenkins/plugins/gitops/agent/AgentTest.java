package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.ExampleApplication.BASE;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.IMAGE_TAG;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.MANIFEST;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** The agent from Git to the cluster. */
public class AgentTest {

    @Rule(order = 0)
    public final RunningAgent running = new RunningAgent();

    @Rule(order = 1)
    public final ExampleApplication payments = ExampleApplication.of(running);

    @Test
    public void syncsAllApplicationsOfTheFolder() throws Exception {
        running.start();
        String tip = running.repository().tip();

        for (String application : List.of(payments.name(), "frontend-dev", "my-app-dev")) {
            ApplicationStatus live = running.awaitLive(application, tip);
            assertThat(live.comparedRevision(), is(tip));
            assertThat(live.operation().phase(), is("Succeeded"));
            assertThat(live.operation().revision(), is(tip));
            assertThat(live.resources(), hasSize(0));
            assertThat(live.message(), is(nullValue()));
            assertThat(live.repository(), is(running.repository().url()));
        }
        ApplicationStatus status = running.status(payments.name()).orElseThrow();
        assertThat(status.path(), is("services/payments-api/overlays/dev"));
        assertThat(status.images(), contains("ghcr.io/myorg/payments-api:sha-a1b2c3d"));
        assertThat(
                payments.deployment().get().getMetadata().getAnnotations().get("gitops.jenkins.io/tracking-id"),
                is(payments.name() + ":apps/Deployment:payments-dev/payments-api"));
        assertThat(get("/readyz"), is(200));
        assertThat(get("/healthz"), is(200));
    }

    @Test
    public void rollsOutANewImage() throws Exception {
        payments.startAndAwait();
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000002");

        ApplicationStatus live = running.awaitLive(payments.name(), commit);

        assertThat(live.images(), contains("ghcr.io/myorg/payments-api:sha-0000002"));
        RunningImage image = live.details().running().get(0);
        assertThat(image.image(), is("ghcr.io/myorg/payments-api:sha-0000002"));
        assertThat(image.workload(), is("Deployment payments-dev/payments-api"));
        assertThat(image.ready(), is(true));
        assertThat(live.details().branch(), is("main"));
        assertThat(live.operation().revision(), is(commit));
        assertThat(payments.image(), is("ghcr.io/myorg/payments-api:sha-0000002"));
    }

    @Test
    public void reportsTheDigestThatReadyPodsRunForATag() throws Exception {
        payments.startAndAwait();
        String tag = "ghcr.io/myorg/payments-api:sha-a1b2c3d";

        List<RunningImage> running = this.running
                .await(
                        payments.name(),
                        status -> !status.details().running().get(0).digests().isEmpty())
                .details()
                .running();

        assertThat(
                running,
                contains(new RunningImage(
                        tag,
                        "Deployment payments-dev/payments-api",
                        true,
                        null,
                        List.of("sha256:" + Sha256.hex(tag)))));
    }

    @Test
    public void defaultBranchIsFollowedUnderItsNewName() throws Exception {
        String tip = running.repository().replace(MANIFEST, "targetRevision: main", "targetRevision: HEAD");
        running.start(running.configWithoutBranch());
        assertThat(running.awaitLive(payments.name(), tip).details().branch(), is("main"));
        running.awaitLive("frontend-dev", tip);

        running.repository().renameBranch("trunk");

        running.await(payments.name(), status -> "trunk".equals(status.details().branch()));
        running.awaitLive(payments.name(), tip);
        ApplicationStatus frontend = running.await("frontend-dev", status -> status.message() != null);
        assertThat(frontend.message(), containsString("The agent follows branch trunk, not main"));
        assertThat(
                running.progress(),
                hasItem("agent dev follows " + running.repository().url()
                        + " at trunk, 3 applications in clusters/dev/argocd-apps"));
    }

    @Test
    public void identicalRenderMovesTheRevisionWithoutAnOperation() throws Exception {
        String first = payments.startAndAwait();
        String commit = running.repository().commit(Map.of("README.md", "other words"));

        ApplicationStatus live = running.awaitLive(payments.name(), commit);

        assertThat(live.operation().revision(), is(first));
    }

    @Test
    public void badImageIsDegradedWithItsReasonAndAGoodOneRecovers() throws Exception {
        payments.startAndAwait();
        running.repository()
                .replace(BASE + "deployment.yaml", "progressDeadlineSeconds: 10", "progressDeadlineSeconds: 1");
        String bad = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-broken");

        ApplicationStatus degraded = running.await(
                payments.name(),
                status -> status.health().equals("Degraded")
                        && status.resources().get(0).message().contains("ImagePullBackOff"));

        assertThat(degraded.syncedRevision(), is(bad));
        assertThat(degraded.sync(), is("Synced"));
        RunningImage notReady = degraded.details().running().get(0);
        assertThat(notReady.image(), is("ghcr.io/myorg/payments-api:sha-broken"));
        assertThat(notReady.ready(), is(false));
        assertThat(degraded.resources().get(0).label(), is("Deployment payments-api"));
        assertThat(
                degraded.resources().get(0).message(), containsString("ProgressDeadlineExceeded; pod payments-api-"));

        String good = running.repository().replace(IMAGE_TAG, "sha-broken", "sha-a1b2c3d");
        running.awaitLive(payments.name(), good);
    }

    @Test
    public void healsDriftAndNamesTheFieldManager() throws Exception {
        payments.startAndAwait();
        payments.deployment().scale(5);

        String line = running.awaitLine(l -> l.contains("taking ownership of .spec.replicas"));

        assertThat(line, containsString("Deployment payments-api from fabric8-kubernetes-client"));
        running.await(
                payments.name(),
                status -> status.sync().equals("Synced")
                        && payments.deployment().get().getSpec().getReplicas() == 1);
    }

    @Test
    public void recreatesDeletedObject() throws Exception {
        payments.startAndAwait();
        String uid = payments.deployment().get().getMetadata().getUid();
        payments.deployment().delete();

        running.await(
                payments.name(),
                status -> status.health().equals("Healthy")
                        && payments.deployment().get() != null
                        && !payments.deployment().get().getMetadata().getUid().equals(uid));
    }

    @Test
    public void leavesDriftAloneWithoutSelfHeal() throws Exception {
        running.repository().replace(MANIFEST, "selfHeal: true", "selfHeal: false");
        payments.startAndAwait();
        payments.deployment().scale(5);

        ApplicationStatus drifted =
                running.await(payments.name(), status -> status.sync().equals("OutOfSync"));

        assertThat(drifted.message(), is("the cluster drifted, and self-heal is off"));
        assertThat(drifted.resources().get(0).message(), containsString("fabric8-kubernetes-client: .spec.replicas"));
        assertThat(payments.deployment().get().getSpec().getReplicas(), is(5));
    }

    @Test
    public void prunesObjectsRemovedFromGit() throws Exception {
        payments.startAndAwait();
        assertThat(payments.service().get(), is(notNullValue()));
        String commit = running.repository().replace(BASE + "kustomization.yaml", "- service.yaml\n", "");

        running.awaitLive(payments.name(), commit);

        assertThat(payments.service().get(), is(nullValue()));
        assertThat(payments.deployment().get(), is(notNullValue()));
        assertThat(running.client().namespaces().withName("payments-dev").get(), is(notNullValue()));
    }

    @Test
    public void waitsForFinalizersOfPrunedObjects() throws Exception {
        running.repository()
                .replace(BASE + "service.yaml", "metadata:\n", "metadata:\n  finalizers: [example.com/hold]\n");
        payments.startAndAwait();
        String commit = running.repository().replace(BASE + "kustomization.yaml", "- service.yaml\n", "");

        ApplicationStatus going = running.await(
                payments.name(),
                status -> commit.equals(status.syncedRevision())
                        && status.resources().stream().anyMatch(r -> "being deleted".equals(r.message())));
        assertThat(going.sync(), is("OutOfSync"));

        payments.service().edit(service -> {
            service.getMetadata().setFinalizers(List.of());
            return service;
        });
        ApplicationStatus gone = running.awaitLive(payments.name(), commit);
        assertThat(gone.operation().startedAt(), is(going.operation().startedAt()));
    }

    @Test
    public void keepsObjectsRemovedFromGitWithoutPrune() throws Exception {
        running.repository().replace(MANIFEST, "prune: true", "prune: false");
        payments.startAndAwait();
        String commit = running.repository().replace(BASE + "kustomization.yaml", "- service.yaml\n", "");

        ApplicationStatus status = running.await(
                payments.name(),
                s -> commit.equals(s.syncedRevision()) && s.sync().equals("OutOfSync"));

        assertThat(status.message(), is("pruning is off"));
        assertThat(payments.service().get(), is(notNullValue()));
    }

    @Test
    public void ignoredFieldsKeepTheirLiveValue() throws Exception {
        running.repository()
                .replace(
                        MANIFEST,
                        "  syncPolicy:\n",
                        "  ignoreDifferences:\n  - group: apps\n    kind: Deployment\n    jsonPointers: [/spec/replicas]\n  syncPolicy:\n");
        payments.startAndAwait();
        assertThat(payments.deployment().get().getSpec().getReplicas(), is(1));
        payments.deployment().scale(3);
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000004");

        running.awaitLive(payments.name(), commit);

        assertThat(payments.deployment().get().getSpec().getReplicas(), is(3));
        assertThat(payments.image(), is("ghcr.io/myorg/payments-api:sha-0000004"));
    }

    @Test
    public void syncedApplicationCausesNoWrite() throws Exception {
        payments.startAndAwait();
        for (String application : List.of("frontend-dev", "my-app-dev")) {
            running.awaitLive(application, running.repository().tip());
        }
        long writes = running.cluster().writes();
        String observed = running.status(payments.name()).orElseThrow().observedAt();
        String commit = running.repository().commit(Map.of("README.md", "again other words"));
        for (String application : List.of(payments.name(), "frontend-dev", "my-app-dev")) {
            running.awaitLive(application, commit);
        }

        assertThat(running.cluster().writes(), is(writes));
        assertThat(running.status(payments.name()).orElseThrow().observedAt(), is(not(observed)));
    }

    @Test
    public void restartedAgentContinuesWithoutWriting() throws Exception {
        String tip = payments.startAndAwait();
        running.awaitLive("frontend-dev", tip);
        running.awaitLive("my-app-dev", tip);
        running.stop();
        long writes = running.cluster().writes();

        running.start();
        for (String application : List.of(payments.name(), "frontend-dev", "my-app-dev")) {
            ApplicationStatus live = running.awaitLive(application, tip);
            assertThat(live.operation(), is(nullValue()));
        }
        assertThat(running.cluster().writes(), is(writes));

        String commit = running.repository().replace(BASE + "kustomization.yaml", "- service.yaml\n", "");
        running.awaitLive(payments.name(), commit);
        assertThat(payments.service().get(), is(nullValue()));
    }

    @Test
    public void runsASinglePassOnDemand() throws Exception {
        try (Agent agent = new Agent(running.config(null), running.cluster().config(), line -> {})) {
            List<ApplicationStatus> statuses = agent.reconcileOnce();

            assertThat(statuses.stream().map(ApplicationStatus::sync).distinct().toList(), contains("Synced"));
        }
    }

    private int get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + running.agent().healthPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
