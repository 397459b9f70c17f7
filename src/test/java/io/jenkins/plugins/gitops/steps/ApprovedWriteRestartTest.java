package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.FlagRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Jenkins restarts while Git is away: what was decided is still decided, and written once. */
public class ApprovedWriteRestartTest {
    private static final String REPO = "config.git";
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";
    private static final String BACK = "will be updated as soon as Git is available again";

    @Rule
    public final FlagRule<String> retry =
            FlagRule.systemProperty("io.jenkins.plugins.gitops.repository.GitSettings.retrySeconds", "0");

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final ServedConfigRepositories repositories = new ServedConfigRepositories();

    private static WorkflowRun run(JenkinsRule j) {
        return j.jenkins.getItemByFullName("p", WorkflowJob.class).getBuildByNumber(1);
    }

    private static WorkflowRun start(JenkinsRule j, String script) throws Exception {
        return JenkinsTestKit.start(JenkinsTestKit.job(j, "p", script), "alice");
    }

    @Test
    public void approvedPromotionIsWrittenAfterARestart() throws Throwable {
        String url = repositories.create(REPO);
        String file = JenkinsTestKit.imageFile(STAGING);
        String tip =
                repositories.write(REPO, file, repositories.read(REPO, file).replace("sha-a1b2c3d", "v2"), "to v2");
        AtomicInteger faults = new AtomicInteger(Integer.MAX_VALUE);
        ApprovedWriteTest.answerPushes(repositories, faults, GitServerHook.Fault.answer(503));
        sessions.then(j -> {
            JenkinsTestKit.users(j);
            JenkinsTestKit.repository(url);
            JenkinsTestKit.live(url, STAGING, tip);
            WorkflowRun run = start(j, "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')");
            j.waitForMessage("Approve or reject", run);
            PromotionRequest request = JenkinsTestKit.pending("bob").request();
            JenkinsTestKit.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, "go"));
            j.waitForMessage(BACK, run);
        });
        sessions.then(j -> {
            assertThat(run(j).isBuilding(), is(true));
            PromotionRequest request =
                    run(j).getAction(PromotionAction.class).getRequests().get(0);
            assertThat(request.getState(), is(PromotionRequest.State.APPROVED));
            faults.set(0);
            j.assertBuildStatusSuccess(j.waitForCompletion(run(j)));
            assertThat(repositories.commits(REPO).size(), is(3));
            assertThat(
                    repositories.read(REPO, JenkinsTestKit.imageFile("payments-api/production")),
                    containsString("\"v2\""));
        });
    }

    @Test
    public void rollbackOfAFailedWaitIsWrittenAfterARestart() throws Throwable {
        String url = repositories.create(REPO);
        AtomicInteger faults = new AtomicInteger(0);
        sessions.then(j -> {
            JenkinsTestKit.users(j);
            JenkinsTestKit.repository(url);
            WorkflowRun run = start(
                    j,
                    "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                            + "gitopsAwaitSync(onFailure: 'rollback')");
            j.waitForMessage("payments-api/dev: no agent has reported", run);
            faults.set(Integer.MAX_VALUE);
            ApprovedWriteTest.answerPushes(repositories, faults, GitServerHook.Fault.answer(503));
            JenkinsTestKit.degraded(url, DEV, repositories.tip(REPO), "no such tag v2");
            j.waitForMessage(BACK, run);
        });
        sessions.then(j -> {
            assertThat(run(j).isBuilding(), is(true));
            faults.set(0);
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run(j)));
            j.assertLogContains("rolled back to ghcr.io/myorg/payments-api:sha-a1b2c3d in commit ", run(j));
            assertThat(repositories.commits(REPO).size(), is(3));
            assertThat(repositories.read(REPO, JenkinsTestKit.imageFile(DEV)), containsString("\"sha-a1b2c3d\""));
        });
    }
}
