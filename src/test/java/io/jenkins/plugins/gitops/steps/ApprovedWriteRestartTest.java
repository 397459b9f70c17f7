package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.testkit.GitopsSessionRule;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.FlagRule;

/** Jenkins restarts while Git is unavailable: decisions are kept, and written once. */
public class ApprovedWriteRestartTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";
    private static final String BACK = "will be updated as soon as Git is available again";

    @Rule
    public final FlagRule<String> retry =
            FlagRule.systemProperty("io.jenkins.plugins.gitops.repository.GitSettings.retrySeconds", "0");

    @Rule
    public final GitopsSessionRule sessions = new GitopsSessionRule();

    @Test
    public void approvedPromotionIsWrittenAfterARestart() throws Throwable {
        String file = ServedConfigRepository.imageFile(STAGING);
        String tip = sessions.repository().replace(file, "sha-a1b2c3d", "v2", "to v2");
        AtomicInteger faults = new AtomicInteger(Integer.MAX_VALUE);
        ApprovedWriteTest.answerPushes(sessions.server(), faults, GitServerHook.Fault.answer(503));
        sessions.then(j -> {
            sessions.agent().live(STAGING, tip);
            WorkflowRun run =
                    sessions.start(j, "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')");
            j.waitForMessage("Approve or reject", run);
            PromotionRequest request = TestUsers.pending("bob").request();
            TestUsers.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, "go"));
            j.waitForMessage(BACK, run);
        });
        sessions.then(j -> {
            assertThat(sessions.run(j).isBuilding(), is(true));
            PromotionRequest request = sessions.run(j)
                    .getAction(PromotionAction.class)
                    .getRequests()
                    .get(0);
            assertThat(request.getState(), is(PromotionRequest.State.APPROVED));
            faults.set(0);
            j.assertBuildStatusSuccess(j.waitForCompletion(sessions.run(j)));
            assertThat(sessions.repository().commits().size(), is(3));
            assertThat(
                    sessions.repository().read(ServedConfigRepository.imageFile("payments-api/production")),
                    containsString("\"v2\""));
        });
    }

    @Test
    public void rollbackOfAFailedWaitIsWrittenAfterARestart() throws Throwable {
        AtomicInteger faults = new AtomicInteger(0);
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                            + "gitopsAwaitSync(onFailure: 'rollback')");
            j.waitForMessage("payments-api/dev: no agent has reported", run);
            faults.set(Integer.MAX_VALUE);
            ApprovedWriteTest.answerPushes(sessions.server(), faults, GitServerHook.Fault.answer(503));
            sessions.agent().degraded(DEV, sessions.repository().tip(), "no such tag v2");
            j.waitForMessage(BACK, run);
        });
        sessions.then(j -> {
            assertThat(sessions.run(j).isBuilding(), is(true));
            faults.set(0);
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(sessions.run(j)));
            j.assertLogContains("rolled back to ghcr.io/myorg/payments-api:sha-a1b2c3d in commit ", sessions.run(j));
            assertThat(sessions.repository().commits().size(), is(3));
            assertThat(
                    sessions.repository().read(ServedConfigRepository.imageFile(DEV)),
                    containsString("\"sha-a1b2c3d\""));
        });
    }
}
