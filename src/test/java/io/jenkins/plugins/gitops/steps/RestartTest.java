package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** A restart in the middle of a step delays it, no more. */
public class RestartTest {
    private static final String REPO = "config.git";
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final ServedConfigRepositories repositories = new ServedConfigRepositories();

    private static WorkflowRun run(JenkinsRule j) {
        return j.jenkins.getItemByFullName("p", WorkflowJob.class).getBuildByNumber(1);
    }

    @Test
    public void awaitContinuesAndCanBeAborted() throws Throwable {
        String url = repositories.create(REPO);
        sessions.then(j -> {
            JenkinsTestKit.users(j);
            JenkinsTestKit.repository(url);
            WorkflowRun run = JenkinsTestKit.start(
                    JenkinsTestKit.job(
                            j,
                            "p",
                            "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                                    + "gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')\n"
                                    + "def live = gitopsAwaitSync()\n"
                                    + "echo \"${live.changes.collect { it.env + it.health }}\"\n"
                                    + "gitopsAwaitSync(app: 'payments-api', env: 'production')"),
                    "alice");
            j.waitForMessage("payments-api/staging: no agent has reported", run);
            JenkinsTestKit.live(url, DEV, repositories.tip(REPO));
            j.waitForMessage("payments-api/dev: live at", run);
        });
        sessions.then(j -> {
            WorkflowRun run = run(j);
            // What was seen live before the restart is not waited for again.
            JenkinsTestKit.live(url, STAGING, repositories.tip(REPO));
            j.waitForMessage("Waiting for payments-api/production", run);
            j.assertLogContains("[devHealthy, stagingHealthy]", run);
        });
        sessions.then(j -> {
            WorkflowRun run = run(j);
            until(() -> WaitRegistry.get().size() == 1);
            run.doStop();
            j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
            JenkinsTestKit.awaitIdle();
            assertThat(WaitRegistry.get().size(), is(0));
            assertThat(repositories.commits(REPO).size(), is(3));
        });
    }

    @Test
    public void decisionAfterTheRestartCounts() throws Throwable {
        String url = repositories.create(REPO);
        sessions.then(j -> {
            JenkinsTestKit.users(j);
            JenkinsTestKit.repository(url);
            ask(j, url);
        });
        sessions.then(j -> {
            WorkflowRun run = run(j);
            PromotionRequest request = waitForPending();
            assertThat(
                    JenkinsTestKit.as("alice", () -> PendingPromotions.get().approve(request.getId(), 0, null))
                            .outcome(),
                    is(PendingPromotions.DecisionOutcome.FORBIDDEN));
            JenkinsTestKit.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, "after the restart"));
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            j.assertLogContains("Approved by bob: after the restart", run);
            assertThat(
                    repositories.read(REPO, JenkinsTestKit.imageFile("payments-api/production")),
                    containsString("\"v2\""));
            assertThat(repositories.commits(REPO).size(), is(3));
        });
    }

    @Test
    public void unprocessedDecisionCounts() throws Throwable {
        String url = repositories.create(REPO);
        sessions.then(j -> {
            JenkinsTestKit.users(j);
            JenkinsTestKit.repository(url);
            ask(j, url);
            holdThePool();
            PromotionRequest request = JenkinsTestKit.pending("bob").request();
            JenkinsTestKit.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, "just before"));
            assertThat(repositories.commits(REPO).size(), is(2));
        });
        sessions.then(j -> {
            WorkflowRun run = run(j);
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            j.assertLogContains("Approved by bob: just before", run);
            assertThat(repositories.commits(REPO).size(), is(3));
        });
    }

    @Test
    public void commitWithALostResultIsNotRepeated() throws Throwable {
        String url = repositories.create(REPO);
        sessions.then(j -> {
            JenkinsTestKit.users(j);
            JenkinsTestKit.repository(url);
            WorkflowJob job = JenkinsTestKit.job(
                    j,
                    "p",
                    "def r = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                            + "echo \"${r.changed} ${r.revision} ${r.previous}\"");
            CountDownLatch pushed = new CountDownLatch(1);
            repositories.server().setHook(new GitServerHook() {
                @Override
                public void beforePush(String repository, List<ReceiveCommand> commands) {
                    // From here on nothing of the plugin's pool runs: the step never hears of its commit.
                    holdThePool();
                }

                @Override
                public void onPush(String repository, List<ReceiveCommand> commands) {
                    pushed.countDown();
                }
            });
            WorkflowRun run = JenkinsTestKit.start(job, "alice");
            pushed.await();
            repositories.server().setHook(GitServerHook.NONE);
            assertThat(run.isBuilding(), is(true));
        });
        String committed = repositories.tip(REPO);
        assertThat(repositories.commits(REPO).size(), is(2));
        // Somebody else changes the value before Jenkins is back: doing it again would undo that.
        String file = JenkinsTestKit.imageFile(DEV);
        repositories.write(REPO, file, repositories.read(REPO, file).replace("v2", "v3"), "Carol needs v3");
        sessions.then(j -> {
            WorkflowRun run = run(j);
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            j.assertLogContains("true " + committed + " ghcr.io/myorg/payments-api:sha-a1b2c3d", run);
            assertThat(repositories.commits(REPO).size(), is(3));
            assertThat(repositories.read(REPO, file), containsString("\"v3\""));
        });
    }

    private void ask(JenkinsRule j, String url) throws Exception {
        String file = JenkinsTestKit.imageFile(STAGING);
        JenkinsTestKit.live(
                url,
                STAGING,
                repositories.write(REPO, file, repositories.read(REPO, file).replace("sha-a1b2c3d", "v2"), "to v2"));
        WorkflowRun run = JenkinsTestKit.start(
                JenkinsTestKit.job(j, "p", "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')"),
                "alice");
        j.waitForMessage("Approve or reject", run);
    }

    /** The run is loaded some time after the start. */
    private static PromotionRequest waitForPending() throws InterruptedException {
        until(() -> !JenkinsTestKit.as("bob", () -> PendingPromotions.get().pending())
                .isEmpty());
        return JenkinsTestKit.pending("bob").request();
    }

    /** Ends with the time-out of the session at the latest. */
    static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Thread.onSpinWait();
        }
    }

    /** Until Jenkins stops. */
    static void holdThePool() {
        ExecutorService pool = ConfigRepositories.get().pool();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(ThreadPoolTasks.THREADS);
        for (int i = 0; i < ThreadPoolTasks.THREADS; i++) {
            ThreadPoolTasks.block(pool, arrived, never);
        }
        try {
            arrived.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
