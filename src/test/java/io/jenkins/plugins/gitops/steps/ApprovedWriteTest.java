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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.FlagRule;
import org.jvnet.hudson.test.JenkinsRule;

/** What people decided is written where they decided it, however long Git is away, or the build says why not. */
public class ApprovedWriteTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";
    private static final String PROMOTE = "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')";
    private static final String BACK = "will be updated as soon as Git is available again";

    /** The repository gives up at once, so that what the step does beyond that is seen. */
    @ClassRule
    public static final FlagRule<String> RETRY =
            FlagRule.systemProperty("io.jenkins.plugins.gitops.repository.GitSettings.retrySeconds", "0");

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    @Rule
    public final TestName name = new TestName();

    private String url;
    private int commits;

    @BeforeClass
    public static void people() throws Exception {
        JenkinsTestKit.users(J);
    }

    @Before
    public void stagingRunsANewImage() throws Exception {
        url = REPOSITORIES.create(repo());
        JenkinsTestKit.repository(url);
        String file = JenkinsTestKit.imageFile(STAGING);
        String tip =
                REPOSITORIES.write(repo(), file, REPOSITORIES.read(repo(), file).replace("sha-a1b2c3d", "v2"), "to v2");
        JenkinsTestKit.live(url, STAGING, tip);
        commits = REPOSITORIES.commits(repo()).size();
    }

    @After
    public void heal() {
        REPOSITORIES.server().setHook(GitServerHook.NONE);
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    /** The next pushes end like this. */
    static void answerPushes(ServedConfigRepositories repositories, AtomicInteger times, GitServerHook.Fault fault) {
        repositories.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                boolean sent = request.push() && !request.advertisement();
                return sent && times.getAndDecrement() > 0 ? fault : Fault.NONE;
            }
        });
    }

    private WorkflowRun approved(Runnable before) throws Exception {
        WorkflowRun run = JenkinsTestKit.start(JenkinsTestKit.job(J, name.getMethodName(), PROMOTE), "alice");
        J.waitForMessage("Approve or reject", run);
        before.run();
        PromotionRequest request = JenkinsTestKit.pending("bob").request();
        PendingPromotions.DecisionResult decisionResult =
                JenkinsTestKit.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, null));
        assertThat(decisionResult.isDone(), is(true));
        return run;
    }

    private static PromotionRequest.State state(WorkflowRun run) {
        return run.getAction(PromotionAction.class).getRequests().get(0).getState();
    }

    private int added() throws Exception {
        return REPOSITORIES.commits(repo()).size() - commits;
    }

    @Test
    public void approvedPromotionIsWrittenOnceGitIsBack() throws Exception {
        AtomicInteger faults = new AtomicInteger(3);
        WorkflowRun run = approved(() -> answerPushes(REPOSITORIES, faults, GitServerHook.Fault.answer(503)));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("payments-api/production " + BACK, run);
        assertThat(JenkinsRule.getLog(run).split(BACK, -1).length - 1, is(1));
        assertThat(state(run), is(PromotionRequest.State.PROMOTED));
        assertThat(added(), is(1));
    }

    @Test
    public void pushWithALostResponseIsNotWrittenTwice() throws Exception {
        AtomicInteger faults = new AtomicInteger(1);
        WorkflowRun run = approved(() -> answerPushes(REPOSITORIES, faults, GitServerHook.Fault.LOSE_ANSWER));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(state(run), is(PromotionRequest.State.PROMOTED));
        assertThat(added(), is(1));
    }

    @Test
    public void permanentRejectionEndsAtOnce() throws Exception {
        AtomicInteger faults = new AtomicInteger(Integer.MAX_VALUE);
        WorkflowRun run = approved(() -> answerPushes(REPOSITORIES, faults, GitServerHook.Fault.answer(403)));
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogNotContains(BACK, run);
        assertThat(state(run), is(PromotionRequest.State.CANCELLED));
        assertThat(added(), is(0));
    }

    @Test
    public void onlyAnAbortEndsItDuringAGitOutage() throws Exception {
        AtomicInteger faults = new AtomicInteger(Integer.MAX_VALUE);
        WorkflowRun run = approved(() -> answerPushes(REPOSITORIES, faults, GitServerHook.Fault.answer(503)));
        J.waitForMessage(BACK, run);
        assertThat(state(run), is(PromotionRequest.State.APPROVED));
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        JenkinsTestKit.awaitIdle();
        assertThat(state(run), is(PromotionRequest.State.CANCELLED));
        faults.set(0);
        // Goes after whatever were still waiting there.
        J.assertBuildStatusSuccess(J.waitForCompletion(JenkinsTestKit.start(
                JenkinsTestKit.job(J, "after", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v9')"),
                "alice")));
        assertThat(added(), is(1));
    }

    @Test
    public void aRollbackIsWrittenOnceGitIsBack() throws Exception {
        WorkflowRun run = waiting();
        String tip = REPOSITORIES.tip(repo());
        answerPushes(REPOSITORIES, new AtomicInteger(3), GitServerHook.Fault.answer(503));
        JenkinsTestKit.degraded(url, DEV, tip, "no such tag v2");
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("The rollback of payments-api/dev " + BACK, run);
        J.assertLogContains("rolled back to ghcr.io/myorg/payments-api:sha-a1b2c3d in commit ", run);
        assertThat(JenkinsRule.getLog(run).split("rolling back: ", -1).length - 1, is(1));
        assertThat(added(), is(2));
    }

    private WorkflowRun waiting() throws Exception {
        WorkflowRun run = JenkinsTestKit.start(
                JenkinsTestKit.job(
                        J,
                        name.getMethodName(),
                        "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                                + "gitopsAwaitSync(onFailure: 'rollback')"),
                "alice");
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        return run;
    }

    private static RepositoryConfiguration configuration(String name, String url) {
        return JenkinsTestKit.configuration(name, url, JenkinsTestKit.CREDENTIALS);
    }

    private static void configure(RepositoryConfiguration... repositories) {
        GitopsConfiguration.get().setRepositories(List.of(repositories));
    }

    private void isWrittenNowhere(WorkflowRun run, String other, String why) throws Exception {
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("ERROR: Config repository config (" + url + ", branch main) " + why, run);
        J.assertLogContains("Start the build again", run);
        J.assertLogNotContains("Exception", run);
        assertThat(state(run), is(PromotionRequest.State.CANCELLED));
        assertThat(added(), is(0));
        assertThat(REPOSITORIES.commits(other).size(), is(1));
    }

    @Test
    public void anApprovalForOneUrlIsNotWrittenToAnother() throws Exception {
        String other = "other-" + repo();
        String otherUrl = REPOSITORIES.create(other);
        WorkflowRun run = approved(() -> configure(configuration("config", otherUrl)));
        isWrittenNowhere(run, other, "has changed since: its name now means config (" + otherUrl + ", branch main)");
    }

    @Test
    public void anApprovalForOneBranchIsNotWrittenToAnother() throws Exception {
        String other = "other-" + repo();
        REPOSITORIES.create(other);
        RepositoryConfiguration moved = configuration("config", url);
        moved.setBranch("release");
        WorkflowRun run = approved(() -> configure(moved));
        isWrittenNowhere(run, other, "has changed since: its name now means config (" + url + ", branch release)");
    }

    @Test
    public void removedRepositoryNameEndsIt() throws Exception {
        String other = "other-" + repo();
        String otherUrl = REPOSITORIES.create(other);
        WorkflowRun run = approved(() -> configure(configuration("renamed", url), configuration("second", otherUrl)));
        isWrittenNowhere(run, other, "is no longer configured under this name");
    }

    @Test
    public void aSecondRepositoryDoesNotMatter() throws Exception {
        String other = "other-" + repo();
        String otherUrl = REPOSITORIES.create(other);
        WorkflowRun run = approved(() -> configure(configuration("another", otherUrl), configuration("config", url)));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(added(), is(1));
        assertThat(REPOSITORIES.commits(other).size(), is(1));
    }

    @Test
    public void aRollbackForOneUrlIsNotWrittenToAnother() throws Exception {
        WorkflowRun run = waiting();
        String tip = REPOSITORIES.tip(repo());
        String other = "other-" + repo();
        String otherUrl = REPOSITORIES.create(other);
        // The agent's word comes in before the configuration changes, and the push has to wait until after.
        answerPushes(REPOSITORIES, new AtomicInteger(Integer.MAX_VALUE), GitServerHook.Fault.answer(503));
        JenkinsTestKit.degraded(url, DEV, tip, "no such tag v2");
        J.waitForMessage(BACK, run);
        configure(configuration("config", otherUrl));
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        NotLiveCause cause = (NotLiveCause)
                run.getAction(InterruptedBuildAction.class).getCauses().get(0);
        assertThat(cause.getRollback(), containsString("not rolled back: Config repository config (" + url));
        assertThat(added(), is(1));
        assertThat(REPOSITORIES.commits(other).size(), is(1));
    }

    @Test
    public void anyReasonIsStoredSanitized() throws Exception {
        WorkflowRun run = JenkinsTestKit.start(
                JenkinsTestKit.job(
                        J,
                        name.getMethodName(),
                        PROMOTE.replace(
                                ")", ", reason: 'fix\\u0000 it\\u202e' + '\\ud800' + ' now\\nFinished: SUCCESS')")),
                "alice");
        J.waitForMessage("Approve or reject", run);
        assertThat(JenkinsTestKit.pending("bob").request().getReason(), is("fix it now Finished: SUCCESS"));
        run.save();
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        JenkinsTestKit.awaitIdle();
    }
}
