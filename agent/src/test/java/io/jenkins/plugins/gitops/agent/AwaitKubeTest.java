package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.ExampleApplication.BASE;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.IMAGE_TAG;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.MANIFEST;
import static io.jenkins.plugins.gitops.agent.ExampleApplication.OVERLAY;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.jenkins.plugins.gitops.agent.TestRepository.Replacement;
import io.jenkins.plugins.gitops.agent.demo.DemoPipeline;
import io.jenkins.plugins.gitops.agent.demo.ReportReceiver;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Waits that are decided by the reports of a real agent with real controllers. */
public class AwaitKubeTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @Rule(order = 0)
    public final RunningAgent running =
            new RunningAgent(() -> ControlPlane.shared().config());

    @Rule(order = 1)
    public final ExampleApplication payments = ExampleApplication.onControlPlane(running);

    private final List<String> progress = new CopyOnWriteArrayList<>();
    private ConfigRepository clone;
    private ReportReceiver reports;
    private DemoPipeline demoPipeline;

    @Before
    public void startAndAwait() throws Exception {
        TestRepository repository = running.repository();
        repository.replace(OVERLAY + "kustomization.yaml", "value: 1", "value: 3");
        clone = ConfigRepository.open(
                running.folder().resolve("jenkins"),
                repository.url(),
                "main",
                "",
                GitCredentials.ANONYMOUS,
                Runnable::run);
        clone.fetch();
        reports = ReportReceiver.start(Map.of("dev", SECRET), clone::tip);
        demoPipeline = new DemoPipeline(clone, reports, new Author("alice", "alice@example.com"), progress::add);
        Path secret = Files.writeString(running.folder().resolve("secret"), SECRET);
        running.start(
                running.config(new AgentConfig.Jenkins(URI.create(reports.url() + "/"), SecretSource.file(secret))));
        running.awaitLive(payments.name(), repository.tip());
    }

    @After
    public void letGo() {
        running.stop();
        reports.close();
        clone.close();
    }

    @Test
    public void rolloutIsProgressingAndLiveOnlyWhenComplete() throws Exception {
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000002");

        Verdict verdict = await(commit, Duration.ZERO);

        assertThat(verdict.toString(), verdict, instanceOf(Verdict.Live.class));
        assertThat(((Verdict.Live) verdict).syncedRevision(), is(commit));
        Deployment deployment = payments.deployment().get();
        assertThat(payments.image(), is("ghcr.io/myorg/payments-api:sha-0000002"));
        assertThat(deployment.getStatus().getUpdatedReplicas(), is(3));
        assertThat(deployment.getStatus().getAvailableReplicas(), is(3));
        assertThat(progress, hasItem(containsString("is Progressing (Deployment payments-api: ")));
        assertThat(progress, hasItem(containsString(" of 3 updated")));
    }

    @Test
    public void liveMustHoldForTheStabilityPeriod() throws Exception {
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000003");

        Verdict verdict = await(commit, Duration.ofSeconds(6));

        assertThat(verdict.toString(), verdict, instanceOf(Verdict.Live.class));
        assertThat(
                progress, hasItem(containsString("live at " + commit.substring(0, 8) + ", Healthy; this counts if")));
    }

    @Test
    public void imageThatCannotBePulledFailsWithTheClustersMessage() throws Exception {
        String commit = running.repository()
                .replace(
                        new Replacement(
                                BASE + "deployment.yaml", "progressDeadlineSeconds: 10", "progressDeadlineSeconds: 3"),
                        new Replacement(IMAGE_TAG, "sha-a1b2c3d", "sha-broken"));

        Verdict verdict = await(commit, Duration.ZERO);

        assertThat(verdict.toString(), verdict, instanceOf(Verdict.Failed.class));
        assertThat(
                verdict.summary(),
                startsWith("synced to " + commit.substring(0, 8)
                        + " but Degraded (Deployment payments-api: ProgressDeadlineExceeded"));
        assertThat(progress, hasItem(containsString("ImagePullBackOff")));
    }

    @Test
    public void manifestRejectedByTheServerFailsAfterTheLastRetry() throws Exception {
        String commit = running.repository()
                .replace(
                        new Replacement(MANIFEST, "limit: 3", "limit: 1"),
                        new Replacement(MANIFEST, "duration: 5s", "duration: 200ms"),
                        new Replacement(IMAGE_TAG, "sha-a1b2c3d", "sha-0000004"),
                        new Replacement(BASE + "service.yaml", "port: 80", "port: 800000"));

        Verdict verdict = await(commit, Duration.ZERO);

        assertThat(verdict.toString(), verdict, instanceOf(Verdict.Failed.class));
        assertThat(verdict.summary(), containsString("nothing was applied; Service payments-api:"));
        assertThat(payments.image(), is("ghcr.io/myorg/payments-api:sha-a1b2c3d"));
    }

    @Test
    public void folderThatCannotBeRenderedFailsAtOnce() throws Exception {
        String commit = running.repository().replace(BASE + "kustomization.yaml", "- service.yaml", "- gone.yaml");

        Verdict verdict = await(commit, Duration.ZERO);

        assertThat(verdict.toString(), verdict, instanceOf(Verdict.Failed.class));
        assertThat(verdict.summary(), startsWith("ComparisonError: "));
        assertThat(verdict.summary(), containsString("gone.yaml"));
    }

    @Test
    public void identicalRenderIsLiveWithoutAnySync() throws Exception {
        String before =
                running.status(payments.name()).orElseThrow().operation().revision();
        String commit = running.repository().commit(Map.of("NOTES.md", "nothing that is deployed\n"));

        Verdict verdict = await(commit, Duration.ZERO);

        assertThat(verdict.toString(), verdict, instanceOf(Verdict.Live.class));
        ApplicationStatus status = running.status(payments.name()).orElseThrow();
        assertThat(status.operation().revision(), is(before));
        assertThat(before, is(not(commit)));
    }

    @Test
    public void revertEndsTheWaitForTheRevertedChange() throws Exception {
        String commit = running.repository().replace(IMAGE_TAG, "sha-a1b2c3d", "sha-0000005");
        String revert = running.repository().replace(IMAGE_TAG, "sha-0000005", "sha-a1b2c3d");

        Verdict verdict = await(commit, Duration.ZERO);

        assertThat(verdict.toString(), verdict, instanceOf(Verdict.Reverted.class));
        assertThat(((Verdict.Reverted) verdict).by(), is(revert));
        assertThat(verdict.summary(), startsWith("reverted by " + revert.substring(0, 8)));
    }

    private Verdict await(String revision, Duration stableFor) throws Exception {
        clone.fetch();
        Target target = new Target("payments-api", "dev", "services/payments-api/overlays/dev", IMAGE_TAG);
        Instant since = Instant.now();
        return demoPipeline.await(new Expectation(target, revision, List.of(), true, since, stableFor), TIMEOUT);
    }
}
