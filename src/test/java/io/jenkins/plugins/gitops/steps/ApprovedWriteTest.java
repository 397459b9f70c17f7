package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.FlagRule;
import org.jvnet.hudson.test.JenkinsRule;

/** A decision is written as decided, however long Git is unavailable, or the build reports why not. */
public class ApprovedWriteTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";
    private static final String PROMOTE = "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')";
    private static final String BACK = "will be updated as soon as Git is available again";

    /** The repository gives up at once, so that the test sees the retries of the step itself. */
    @ClassRule
    public static final FlagRule<String> RETRY =
            FlagRule.systemProperty("io.jenkins.plugins.gitops.repository.GitSettings.retrySeconds", "0");

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private int commits;

    @Before
    public void stagingRunsANewImage() throws Exception {
        String file = ServedConfigRepository.imageFile(STAGING);
        String tip = J.repository().replace(file, "sha-a1b2c3d", "v2", "to v2");
        J.agent().live(STAGING, tip);
        commits = J.repository().commits().size();
    }

    /** Makes the next pushes end with this fault. */
    static void answerPushes(GitServerRule server, AtomicInteger times, GitServerHook.Fault fault) {
        server.setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                boolean sent = request.push() && !request.advertisement();
                return sent && times.getAndDecrement() > 0 ? fault : Fault.NONE;
            }
        });
    }

    private WorkflowRun approved(Runnable before) throws Exception {
        WorkflowRun run = J.start(PROMOTE);
        J.waitForMessage("Approve or reject", run);
        before.run();
        PromotionRequest request = TestUsers.pending("bob").request();
        PendingPromotions.DecisionResult decisionResult =
                TestUsers.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, null));
        assertThat(decisionResult.isDone(), is(true));
        return run;
    }

    private static PromotionRequest.State state(WorkflowRun run) {
        return run.getAction(PromotionAction.class).getRequests().get(0).getState();
    }

    private int added() throws Exception {
        return J.repository().commits().size() - commits;
    }

    @Test
    public void approvedPromotionIsWrittenOnceGitIsBack() throws Exception {
        AtomicInteger faults = new AtomicInteger(3);
        WorkflowRun run = approved(() -> answerPushes(J.server(), faults, GitServerHook.Fault.answer(503)));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("payments-api/production " + BACK, run);
        assertThat(JenkinsRule.getLog(run).split(BACK, -1).length - 1, is(1));
        assertThat(state(run), is(PromotionRequest.State.PROMOTED));
        assertThat(added(), is(1));
    }

    @Test
    public void pushWithALostResponseIsNotWrittenTwice() throws Exception {
        AtomicInteger faults = new AtomicInteger(1);
        WorkflowRun run = approved(() -> answerPushes(J.server(), faults, GitServerHook.Fault.LOSE_ANSWER));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(state(run), is(PromotionRequest.State.PROMOTED));
        assertThat(added(), is(1));
    }

    @Test
    public void permanentRejectionEndsAtOnce() throws Exception {
        AtomicInteger faults = new AtomicInteger(Integer.MAX_VALUE);
        WorkflowRun run = approved(() -> answerPushes(J.server(), faults, GitServerHook.Fault.answer(403)));
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogNotContains(BACK, run);
        assertThat(state(run), is(PromotionRequest.State.CANCELLED));
        assertThat(added(), is(0));
    }

    @Test
    public void onlyAnAbortEndsItDuringAGitOutage() throws Exception {
        AtomicInteger faults = new AtomicInteger(Integer.MAX_VALUE);
        WorkflowRun run = approved(() -> answerPushes(J.server(), faults, GitServerHook.Fault.answer(503)));
        J.waitForMessage(BACK, run);
        assertThat(state(run), is(PromotionRequest.State.APPROVED));
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        ThreadPoolTasks.awaitIdle();
        assertThat(state(run), is(PromotionRequest.State.CANCELLED));
        faults.set(0);
        // This change would be pushed after any change that is still pending.
        J.build(Result.SUCCESS, J.job("after", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v9')"));
        assertThat(added(), is(1));
    }

    @Test
    public void aRollbackIsWrittenOnceGitIsBack() throws Exception {
        WorkflowRun run = waiting();
        String tip = J.repository().tip();
        answerPushes(J.server(), new AtomicInteger(3), GitServerHook.Fault.answer(503));
        J.agent().degraded(DEV, tip, "no such tag v2");
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("The rollback of payments-api/dev " + BACK, run);
        J.assertLogContains("rolled back to ghcr.io/myorg/payments-api:sha-a1b2c3d in commit ", run);
        assertThat(JenkinsRule.getLog(run).split("rolling back: ", -1).length - 1, is(1));
        assertThat(added(), is(2));
    }

    private WorkflowRun waiting() throws Exception {
        WorkflowRun run = J.start("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "gitopsAwaitSync(onFailure: 'rollback')");
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        return run;
    }

    private static RepositoryConfiguration configuration(String name, String url) {
        return GitopsTestConfiguration.repository(name, url);
    }

    private static void configure(RepositoryConfiguration... repositories) {
        GitopsConfiguration.get().setRepositories(List.of(repositories));
    }

    private ServedConfigRepository other() throws Exception {
        return J.server().create("other-" + NUMBER.incrementAndGet());
    }

    private void isWrittenNowhere(WorkflowRun run, ServedConfigRepository other, String why) throws Exception {
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("ERROR: Config repository config (" + J.repository().url() + ", branch main) " + why, run);
        J.assertLogContains("Start the build again", run);
        J.assertLogNotContains("Exception", run);
        assertThat(state(run), is(PromotionRequest.State.CANCELLED));
        assertThat(added(), is(0));
        assertThat(other.commits().size(), is(1));
    }

    @Test
    public void anApprovalForOneUrlIsNotWrittenToAnother() throws Exception {
        ServedConfigRepository other = other();
        WorkflowRun run = approved(() -> configure(configuration("config", other.url())));
        isWrittenNowhere(run, other, "has changed since: its name now means config (" + other.url() + ", ");
    }

    @Test
    public void anApprovalForOneBranchIsNotWrittenToAnother() throws Exception {
        ServedConfigRepository other = other();
        RepositoryConfiguration moved = configuration("config", J.repository().url());
        moved.setBranch("release");
        WorkflowRun run = approved(() -> configure(moved));
        isWrittenNowhere(
                run,
                other,
                "has changed since: its name now means config ("
                        + J.repository().url() + ", branch release)");
    }

    @Test
    public void removedRepositoryNameEndsIt() throws Exception {
        ServedConfigRepository other = other();
        WorkflowRun run = approved(
                () -> configure(configuration("renamed", J.repository().url()), configuration("second", other.url())));
        isWrittenNowhere(run, other, "is no longer configured under this name");
    }

    @Test
    public void aSecondRepositoryDoesNotMatter() throws Exception {
        ServedConfigRepository other = other();
        WorkflowRun run = approved(() -> configure(
                configuration("another", other.url()),
                configuration("config", J.repository().url())));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(added(), is(1));
        assertThat(other.commits().size(), is(1));
    }

    @Test
    public void aRollbackForOneUrlIsNotWrittenToAnother() throws Exception {
        WorkflowRun run = waiting();
        String tip = J.repository().tip();
        ServedConfigRepository other = other();
        // The approver's decision arrives before the configuration changes, and the push has to wait until after that.
        answerPushes(J.server(), new AtomicInteger(Integer.MAX_VALUE), GitServerHook.Fault.answer(503));
        J.agent().degraded(DEV, tip, "no such tag v2");
        J.waitForMessage(BACK, run);
        configure(configuration("config", other.url()));
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        NotLiveCause cause = (NotLiveCause)
                run.getAction(InterruptedBuildAction.class).getCauses().get(0);
        assertThat(
                cause.getRollback(),
                containsString("not rolled back: Config repository config ("
                        + J.repository().url()));
        assertThat(added(), is(1));
        assertThat(other.commits().size(), is(1));
    }

    @Test
    public void anyReasonIsStoredSanitized() throws Exception {
        WorkflowRun run = J.start(
                PROMOTE.replace(")", ", reason: 'fix\\u0000 it\\u202e' + '\\ud800' + ' now\\nFinished: SUCCESS')"));
        J.waitForMessage("Approve or reject", run);
        assertThat(TestUsers.pending("bob").request().getReason(), is("fix it now Finished: SUCCESS"));
        run.save();
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        ThreadPoolTasks.awaitIdle();
    }
}
