package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.testkit.GitopsSessionRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A restart in the middle of a step only delays it. */
public class RestartTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";

    @Rule
    public final GitopsSessionRule sessions = new GitopsSessionRule();

    @Test
    public void awaitContinuesAndCanBeAborted() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                            + "gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')\n"
                            + "def live = gitopsAwaitSync()\n"
                            + "echo \"${live.changes.collect { it.env + it.health }}\"\n"
                            + "gitopsAwaitSync(app: 'payments-api', env: 'production')");
            j.waitForMessage("payments-api/staging: no agent has reported", run);
            sessions.agent().live(DEV, sessions.repository().tip());
            j.waitForMessage("payments-api/dev: live at", run);
        });
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            // A target that was live before the restart is not awaited again.
            sessions.agent().live(STAGING, sessions.repository().tip());
            j.waitForMessage("Waiting for payments-api/production", run);
            j.assertLogContains("[devHealthy, stagingHealthy]", run);
        });
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            Polling.until(() -> WaitRegistry.get().size() == 1);
            run.doStop();
            j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
            ThreadPoolTasks.awaitIdle();
            assertThat(WaitRegistry.get().size(), is(0));
            assertThat(sessions.repository().commits().size(), is(3));
        });
    }

    @Test
    public void decisionAfterTheRestartCounts() throws Throwable {
        sessions.then(this::ask);
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            PromotionRequest request = waitForPending();
            assertThat(
                    TestUsers.as("alice", () -> PendingPromotions.get().approve(request.getId(), 0, null))
                            .outcome(),
                    is(PendingPromotions.DecisionOutcome.FORBIDDEN));
            TestUsers.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, "after the restart"));
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            j.assertLogContains("Approved by bob: after the restart", run);
            assertThat(
                    sessions.repository().read(ServedConfigRepository.imageFile("payments-api/production")),
                    containsString("\"v2\""));
            assertThat(sessions.repository().commits().size(), is(3));
        });
    }

    @Test
    public void unprocessedDecisionCounts() throws Throwable {
        sessions.then(j -> {
            ask(j);
            ThreadPoolTasks.occupyPool();
            PromotionRequest request = TestUsers.pending("bob").request();
            TestUsers.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, "just before"));
            assertThat(sessions.repository().commits().size(), is(2));
        });
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            j.assertLogContains("Approved by bob: just before", run);
            assertThat(sessions.repository().commits().size(), is(3));
        });
    }

    @Test
    public void commitWithALostResultIsNotRepeated() throws Throwable {
        sessions.then(j -> {
            WorkflowJob job = Pipelines.job(
                    j.jenkins,
                    "p",
                    "def r = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                            + "echo \"${r.changed} ${r.revision} ${r.previous}\"");
            CountDownLatch pushed = new CountDownLatch(1);
            sessions.server().setHook(new GitServerHook() {
                @Override
                public void beforePush(String repository, List<ReceiveCommand> commands) {
                    // From now on, the plugin's pool runs nothing, so the step never learns of its commit.
                    ThreadPoolTasks.occupyPool();
                }

                @Override
                public void onPush(String repository, List<ReceiveCommand> commands) {
                    pushed.countDown();
                }
            });
            WorkflowRun run = Pipelines.start(job, "alice");
            pushed.await();
            sessions.server().setHook(GitServerHook.NONE);
            assertThat(run.isBuilding(), is(true));
        });
        String committed = sessions.repository().tip();
        assertThat(sessions.repository().commits().size(), is(2));
        // Another person changes the value before Jenkins is back; pushing the change again would undo that.
        String file = ServedConfigRepository.imageFile(DEV);
        sessions.repository().replace(file, "v2", "v3", "Carol needs v3");
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            j.assertLogContains("true " + committed + " ghcr.io/myorg/payments-api:sha-a1b2c3d", run);
            assertThat(sessions.repository().commits().size(), is(3));
            assertThat(sessions.repository().read(file), containsString("\"v3\""));
        });
    }

    private void ask(JenkinsRule j) throws Exception {
        String file = ServedConfigRepository.imageFile(STAGING);
        sessions.agent().live(STAGING, sessions.repository().replace(file, "sha-a1b2c3d", "v2", "to v2"));
        WorkflowRun run = sessions.start(j, "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')");
        j.waitForMessage("Approve or reject", run);
    }

    /** Waits for the promotion, since the run is loaded some time after the start. */
    private static PromotionRequest waitForPending() {
        Polling.until(() ->
                !TestUsers.as("bob", () -> PendingPromotions.get().pending()).isEmpty());
        return TestUsers.pending("bob").request();
    }
}
