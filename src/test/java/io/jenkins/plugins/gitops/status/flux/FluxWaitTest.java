package io.jenkins.plugins.gitops.status.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.FluxReceiverConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.flux.FluxRecordings;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.Verdicts;
import io.jenkins.plugins.gitops.webhook.WebhookCalls;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Waits for what Flux deploys, from gitops.yaml and signed events to their end. */
public class FluxWaitTest {
    private static final String SECRET = "a secret of live's Flux";
    private static final String OBJECT = "Kustomization/flux-system/payments-api";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
    private RepositoryConfiguration configuration;
    private Target target;
    private String revision;

    @Before
    public void fluxDeploysDev() throws Exception {
        GitopsConfiguration.get()
                .setFluxReceivers(List.of(new FluxReceiverConfiguration("live", Secret.fromString(SECRET))));
        configuration = GitopsConfiguration.get().getRepositories().get(0);
        String policy = J.repository()
                .read("gitops.yaml")
                .replace("- name: dev\n", "- name: dev\n  agent: {flux: live, kustomization: '{app}'}\n");
        J.repository().write("gitops.yaml", policy, "Let Flux deploy dev");
        revision = set("v2");
        ConfigRepository clone = ConfigRepositories.get().open(configuration);
        clone.fetch();
        target = Delivery.load(clone.files(revision)).target("payments-api", "dev");
    }

    @After
    public void nobodyWaits() {
        WaitRegistry.get().unregister("w");
        assertThat(WaitRegistry.get().size(), is(0));
    }

    private String set(String tag) throws Exception {
        String file = ServedConfigRepository.imageFile("payments-api/dev");
        String text = J.repository().read(file).replaceAll("newTag: .*", "newTag: \"" + tag + "\"");
        return J.repository().write(file, text, "Carol sets " + tag);
    }

    private void await(boolean healthy) {
        WaitRegistry.get()
                .register("w", "config", new Expectation(target, revision, List.of(), healthy), verdicts::add);
    }

    /** Sends an event with a time so many seconds after the start of the test. */
    private void tell(int second, String reason, String message, String commit) throws Exception {
        byte[] body = FluxRecordings.event(
                        OBJECT,
                        start.plusSeconds(second).toString(),
                        reason,
                        message,
                        "\"revision\":\"main@sha1:" + commit + "\"")
                .getBytes(StandardCharsets.UTF_8);
        String signature = "sha256=" + Hmac.sign("sha256", SECRET, body);
        assertThat(
                WebhookCalls.post(J, "gitops-webhook/flux/live", body, Map.of("X-Signature", signature))
                        .statusCode(),
                is(202));
    }

    private void assertWaiting(String summary) throws InterruptedException {
        Verdict verdict = Verdicts.next(verdicts);
        assertThat(verdict, is(instanceOf(Verdict.Waiting.class)));
        assertThat(verdict.summary(), containsString(summary));
    }

    @Test
    public void endsLiveWhenHealthChecksPassed() throws Exception {
        await(true);
        assertWaiting("Flux live has not reported " + OBJECT + " yet");
        tell(0, "Progressing", "Deployment/payments/payments-api configured", revision);
        assertWaiting("Deployment/payments/payments-api configured");
        tell(5, "Progressing", "Health check passed in 5.0s", revision);
        Verdict end = Verdicts.next(verdicts);
        assertThat(end, is(instanceOf(Verdict.Live.class)));
        assertThat(((Verdict.Live) end).syncedRevision(), is(revision));
        assertThat(((Verdict.Live) end).health(), is(Health.HEALTHY));
    }

    @Test
    public void endsFailedWithTheResourcesThatFluxNames() throws Exception {
        await(true);
        assertWaiting("has not reported");
        tell(
                30,
                "HealthCheckFailed",
                "health check failed after 30s: timeout waiting for: [Deployment/payments/payments-api status:"
                        + " 'InProgress']",
                revision);
        assertWaiting(
                "is Progressing (Deployment payments-api: InProgress (timeout waiting for)): health check failed");
        tell(
                40,
                "HealthCheckFailed",
                "health check failed after 1m: failed early due to stalled resources: [Deployment/payments/payments-api"
                        + " status: 'Failed']",
                revision);
        Verdict end = Verdicts.next(verdicts);
        assertThat(end, is(instanceOf(Verdict.Failed.class)));
        assertThat(((Verdict.Failed) end).resources().get(0).label(), is("Deployment payments-api"));
        assertThat(
                end.summary(),
                containsString("Deployment payments-api: Failed (failed early due to stalled resources)"));
    }

    @Test
    public void endsFailedWhenTheClusterRejectsIt() throws Exception {
        await(true);
        assertWaiting("has not reported");
        // Flux has been retrying for more than two minutes by now.
        tell(-70, "ReconciliationFailed", "Service/payments/payments-api dry-run failed (Invalid)", revision);
        Verdict end = Verdicts.next(verdicts);
        assertThat(end, is(instanceOf(Verdict.Failed.class)));
        assertThat(end.summary(), containsString("Service/payments/payments-api dry-run failed (Invalid)"));
    }

    @Test
    public void endsFailedWhenItCannotBeBuilt() throws Exception {
        await(true);
        assertWaiting("has not reported");
        tell(1, "BuildFailed", "kustomize build failed: no such file", revision);
        Verdict end = Verdicts.next(verdicts);
        assertThat(end, is(instanceOf(Verdict.Failed.class)));
        assertThat(end.summary(), containsString("kustomize build failed: no such file"));
    }

    @Test
    public void successWithoutHealthIsEnoughOnlyWhenHealthIsNotRequired() throws Exception {
        await(true);
        assertWaiting("has not reported");
        tell(1, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 1m0s", revision);
        assertWaiting("its health is unknown");
        await(false);
        assertThat(Verdicts.next(verdicts), is(instanceOf(Verdict.Live.class)));
    }

    @Test
    public void laterCommitThatRendersTheSameProvesItToo() throws Exception {
        tell(0, "Progressing", "Health check passed in 5.0s", revision);
        await(true);
        assertThat(Verdicts.next(verdicts), is(instanceOf(Verdict.Live.class)));
        String later = J.repository().write("notes.txt", "unrelated\n", "Carol takes notes");
        // Jenkins does not have the commit yet; the event triggers a fetch.
        tell(10, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 1m0s", later);
        await(true);
        Verdict end = Verdicts.end(verdicts);
        assertThat(end, is(instanceOf(Verdict.Live.class)));
        assertThat(((Verdict.Live) end).syncedRevision(), is(later));
    }

    @Test
    public void olderCommitKeepsWaiting() throws Exception {
        String before = J.repository().commits().get(1).name();
        tell(0, "Progressing", "Health check passed in 5.0s", before);
        await(true);
        assertWaiting("before " + revision.substring(0, 8));
        // A late event that is older than the newest one changes nothing.
        tell(20, "Progressing", "Health check passed in 5.0s", revision);
        assertThat(Verdicts.next(verdicts), is(instanceOf(Verdict.Live.class)));
        tell(10, "HealthCheckFailed", "health check failed", before);
        await(true);
        assertThat(Verdicts.next(verdicts), is(instanceOf(Verdict.Live.class)));
    }

    @Test
    public void healthOfTheOldImageDoesNotMakeTheNewOneLive() throws Exception {
        String before = J.repository().commits().get(1).name();
        tell(0, "Progressing", "Health check passed in 5.0s", before);
        tell(20, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 1m0s", revision);
        await(true);
        assertWaiting("health checks passed at " + before.substring(0, 8) + ", which has another image than "
                + revision.substring(0, 8));
        tell(19, "Progressing", "Health check passed in 5.0s", revision);
        assertThat(Verdicts.next(verdicts), is(instanceOf(Verdict.Live.class)));
    }

    @Test
    public void declaredHealthChecksNeedNoHealthEvent() throws Exception {
        String policy = J.repository().read("gitops.yaml").replace("'{app}'}", "'{app}', health: checked}");
        revision = J.repository().write("gitops.yaml", policy, "Vouch for health");
        ConfigRepository clone = ConfigRepositories.get().open(configuration);
        clone.fetch();
        target = Delivery.load(clone.files(revision)).target("payments-api", "dev");
        tell(20, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 1m0s", revision);
        await(true);
        assertThat(Verdicts.next(verdicts), is(instanceOf(Verdict.Live.class)));
    }

    @Test
    public void wrongSecretIsShownToTheWait() throws Exception {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String signature = "sha256=" + Hmac.sign("sha256", "another secret of a Flux", body);
        assertThat(
                WebhookCalls.post(J, "gitops-webhook/flux/live", body, Map.of("X-Signature", signature))
                        .statusCode(),
                is(403));
        await(true);
        assertWaiting("events are refused with 403 since");
    }

    @Test
    public void deletedObjectNeverEndsAWaitAsLive() throws Exception {
        tell(0, "Progressing", "Health check passed in 5.0s", revision);
        tell(10, "ReconciliationSucceeded", "Deployment/payments/payments-api deleted", revision);
        tell(11, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 1m0s", revision);
        await(true);
        assertWaiting("Flux deleted Deployment/payments/payments-api");
    }
}
