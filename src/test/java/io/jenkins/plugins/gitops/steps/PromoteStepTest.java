package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.promotion.ExcludedPerson;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PendingPromotions.DecisionOutcome;
import io.jenkins.plugins.gitops.promotion.PendingPromotions.DecisionResult;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRejectedCause;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import jenkins.model.InterruptedBuildAction;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Promotions: which are rejected, who may approve, and the effect of a decision. */
public class PromoteStepTest {
    private static final String IMAGE = "ghcr.io/myorg/payments-api";
    private static final String STAGING = "payments-api/staging";
    private static final String PRODUCTION_FILE = ServedConfigRepository.imageFile("payments-api/production");
    private static final String PROMOTE =
            "def p = gitopsPromote(app: 'payments-api', from: 'staging', to: 'production', reason: 'release')\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Before
    public void stagingRunsANewImage() throws Exception {
        String file = ServedConfigRepository.imageFile(STAGING);
        String tip = J.repository().replace(file, "sha-a1b2c3d", "v2", "to v2");
        J.agent().live(STAGING, tip);
    }

    @After
    public void nothingIsLeftPending() {
        assertThat(TestUsers.as("admin", () -> PendingPromotions.get().pending()), is(empty()));
    }

    private WorkflowRun asking(String script) throws Exception {
        WorkflowRun run = J.start(script);
        J.waitForMessage("Approve or reject", run);
        return run;
    }

    private static DecisionResult approve(String user, PromotionRequest request) {
        return TestUsers.as(user, () -> PendingPromotions.get().approve(request.getId(), request.getVersion(), "fine"));
    }

    @Test
    public void anotherPersonCanApprove() throws Exception {
        WorkflowRun run = asking(PROMOTE + "echo \"${p.changed} by ${p.approvedBy} from ${p.previous}\"");
        String before = J.repository().tip();
        PromotionRequest request = TestUsers.pending("bob").request();
        assertThat(request.getImages(), contains(IMAGE + ":v2"));
        assertThat(request.getPrevious(), contains(IMAGE + ":sha-a1b2c3d"));
        assertThat(request.getPolicy(), is("1 of group payments-leads, user bob"));
        assertThat(request.getReason(), is("release"));

        DecisionResult own = approve("alice", request);
        assertThat(own.outcome(), is(DecisionOutcome.FORBIDDEN));
        assertThat(own.message(), containsString("alice requested this promotion"));
        DecisionResult unlisted = approve("dave", request);
        assertThat(unlisted.message(), containsString("dave is not among the approvers"));
        assertThat(approve("eve", request).outcome(), is(DecisionOutcome.FORBIDDEN));
        assertThat(J.repository().tip(), is(before));
        assertThat(run.isBuilding(), is(true));

        assertThat(approve("bob", request).outcome(), is(DecisionOutcome.DECIDED));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("Approved by bob: fine", run);
        J.assertLogContains("true by [bob] from " + IMAGE + ":sha-a1b2c3d", run);
        assertThat(J.repository().read(PRODUCTION_FILE), containsString("\"v2\""));
        Trailers trailers = J.repository().trailers(J.repository().tip());
        assertThat(trailers.all(Trailers.APPROVED_BY), contains("bob"));
        assertThat(trailers.first(Trailers.REQUESTED_BY), is(Optional.of("alice")));
        assertThat(trailers.first(Trailers.PROMOTED_FROM).orElseThrow(), is("payments-api/staging@" + before));
        assertThat(approve("bob", request).outcome(), is(DecisionOutcome.NOT_FOUND));
        assertThat(state(run), is(PromotionRequest.State.PROMOTED));
    }

    private static PromotionRequest.State state(WorkflowRun run) {
        return run.getAction(PromotionAction.class).getRequests().get(0).getState();
    }

    @Test
    public void noApprovalIsRequestedWithoutAPolicy() throws Exception {
        String file = ServedConfigRepository.imageFile("payments-api/dev");
        String tip = J.repository().replace(file, "sha-a1b2c3d", "v3", "to v3");
        J.agent().live("payments-api/dev", tip);
        WorkflowRun run = J.assertBuildStatusSuccess(
                J.waitForCompletion(J.start("def p = gitopsPromote(app: 'payments-api', from: 'dev', to: 'staging')\n"
                        + "echo \"${p.changed} by ${p.approvedBy}\"")));
        J.assertLogContains("true by []", run);
        assertThat(state(run), is(PromotionRequest.State.PROMOTED));
        assertThat(J.repository().read(ServedConfigRepository.imageFile(STAGING)), containsString("\"v3\""));
    }

    @Test
    public void sourceThatIsNotLiveIsRejectedAtOnce() throws Exception {
        String before = J.repository().tip();
        J.agent().degraded(STAGING, before, "CrashLoopBackOff");
        WorkflowRun run = J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(J.start(PROMOTE)));
        J.assertLogContains("payments-api/staging is not live: ", run);
        J.assertLogContains("CrashLoopBackOff", run);
        J.assertLogContains("Wait for it with gitopsAwaitSync first", run);
        assertThat(J.repository().tip(), is(before));
    }

    /** Requires the same evidence as a wait. */
    @Test
    public void sourceWithInconclusiveStatusIsRejectedWithTheReason() throws Exception {
        String policy = J.repository().read("gitops.yaml");
        String tip = J.repository()
                .write(
                        "gitops.yaml",
                        policy.replace("- name: staging\n", "- name: staging\n  image: required\n"),
                        "Require the image");
        J.agent().live(STAGING, tip);
        WorkflowRun unseen = J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(J.start(PROMOTE)));
        J.assertLogContains("agent everywhere cannot see which images are running", unseen);
        Report.Details outdated = new Report.Details(
                null,
                null,
                "Argo CD main has not compared it since 10:04",
                List.of(new Report.RunningImage(IMAGE + ":v2", "Deployment payments/payments-api", true, null)),
                List.of());
        TestAgent.report(SignedReports.live(J.repository().url(), ServedConfigRepository.path(STAGING), tip)
                .withDetails(outdated));
        WorkflowRun old = J.build(Result.FAILURE, J.job("outdated", PROMOTE));
        J.assertLogContains("Argo CD main has not compared it since 10:04", old);
        assertThat(J.repository().tip(), is(tip));
    }

    @Test
    public void nothingToPromoteWritesNothingAndRequestsNoApproval() throws Exception {
        J.repository().replace(PRODUCTION_FILE, "sha-a1b2c3d", "v2", "by hand");
        String before = J.repository().tip();
        WorkflowRun run =
                J.assertBuildStatusSuccess(J.waitForCompletion(J.start(PROMOTE + "echo \"changed: ${p.changed}\"")));
        J.assertLogContains("changed: false", run);
        J.assertLogContains("payments-api/production already has " + IMAGE + ":v2", run);
        assertThat(J.repository().tip(), is(before));
    }

    @Test
    public void rejectionEndsTheBuildNamingPersonAndReason() throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = asking("try {\n" + PROMOTE + "} catch (e) { echo \"caught: ${e.message}\"; throw e }");
        PromotionRequest request = TestUsers.pending("bob").request();
        DecisionResult silent =
                TestUsers.as("bob", () -> PendingPromotions.get().reject(request.getId(), 0, " "));
        assertThat(silent.outcome(), is(DecisionOutcome.INVALID));
        DecisionResult no =
                TestUsers.as("bob", () -> PendingPromotions.get().reject(request.getId(), 0, "freeze until Monday"));
        assertThat(no.outcome(), is(DecisionOutcome.DECIDED));
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        J.assertLogContains("caught: bob rejected the promotion of payments-api/production: freeze until Monday", run);
        assertThat(
                run.getAction(InterruptedBuildAction.class).getCauses().get(0),
                instanceOf(PromotionRejectedCause.class));
        assertThat(J.repository().tip(), is(before));
    }

    @Test
    public void abortAndTimeoutCancelTheRequest() throws Exception {
        WorkflowRun run = asking(PROMOTE);
        PromotionRequest request = TestUsers.pending("bob").request();
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        ThreadPoolTasks.awaitIdle();
        assertThat(
                run.getAction(PromotionAction.class).getRequests().get(0).getState(),
                is(PromotionRequest.State.CANCELLED));
        assertThat(approve("bob", request).outcome(), is(DecisionOutcome.NOT_FOUND));

        WorkflowRun late =
                Pipelines.start(J.job("late", "timeout(time: 1, unit: 'SECONDS') {\n" + PROMOTE + "}"), "alice");
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(late));
        ThreadPoolTasks.awaitIdle();
        assertThat(
                late.getAction(PromotionAction.class).getRequests().get(0).getState(),
                is(PromotionRequest.State.CANCELLED));
    }

    @Test
    public void twoApprovalsAreCountedAndAStaleFormIsReported() throws Exception {
        String policy = J.repository().read("gitops.yaml");
        String tip = J.repository()
                .write(
                        "gitops.yaml",
                        policy.replace("users: [bob]", "users: [bob, dave]").replace("count: 1", "count: 2"),
                        "two people");
        J.agent().live(STAGING, tip);
        WorkflowRun run = asking(PROMOTE + "echo \"by ${p.approvedBy}\"");
        PromotionRequest request = TestUsers.pending("bob").request();
        assertThat(approve("bob", request).outcome(), is(DecisionOutcome.COUNTED));
        J.waitForMessage("Still needed: 1 of 2 approvals by group payments-leads, user bob, user dave", run);
        assertThat(approve("dave", request).outcome(), is(DecisionOutcome.STALE));
        PromotionRequest newer = TestUsers.pending("dave").request();
        assertThat(newer.getVersion(), is(1));
        assertThat(approve("bob", newer).message(), containsString("bob has already approved"));
        assertThat(approve("dave", newer).outcome(), is(DecisionOutcome.DECIDED));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("by [bob, dave]", run);
    }

    @Test
    public void policyTightenedMeanwhileApplies() throws Exception {
        WorkflowRun run = asking(PROMOTE);
        String policy = J.repository().read("gitops.yaml");
        String before = J.repository()
                .write("gitops.yaml", policy.replace("users: [bob]", "users: [dave]"), "not bob any more");
        approve("bob", TestUsers.pending("bob").request());
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("Promotion of payments-api/production lacks approval", run);
        assertThat(J.repository().tip(), is(before));
    }

    @Test
    public void authorOfTheSourceImageCannotApprove() throws Exception {
        String file = ServedConfigRepository.imageFile(STAGING);
        String tip = J.repository()
                .replace(
                        file,
                        "v2",
                        "v3",
                        Trailers.none().with(Trailers.REQUESTED_BY, "dave").message("to v3"));
        J.agent().live(STAGING, tip);
        WorkflowRun run = asking(PROMOTE);
        PromotionRequest request = TestUsers.pending("bob").request();
        List<String> excluded =
                request.getExcluded().stream().map(ExcludedPerson::getId).toList();
        // Carol wrote the commit, although the message names dave.
        assertThat(excluded, hasItem("carol"));
        assertThat(excluded, not(hasItem("dave")));
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        ThreadPoolTasks.awaitIdle();
    }

    @Test
    public void decisionsAreAcceptedOnlyByPost() throws Exception {
        WorkflowRun run = asking(PROMOTE);
        PromotionRequest request = TestUsers.pending("bob").request();
        String path = run.getUrl() + PromotionAction.URL + "/approve?id=" + request.getId() + "&version=0&comment=ok";
        assertThat(status("bob", path, HttpMethod.GET), is(405));
        assertThat(status("eve", path, HttpMethod.POST), is(403));
        assertThat(status("alice", path, HttpMethod.POST), is(403));
        assertThat(status("bob", path.replace("version=0", "version=7"), HttpMethod.POST), is(409));
        try (ACLContext nobody = ACL.as2(Jenkins.ANONYMOUS2)) {
            assertThat(PendingPromotions.get().pending(), is(empty()));
            assertThat(
                    PendingPromotions.get().approve(request.getId(), 0, null).outcome(), is(DecisionOutcome.NOT_FOUND));
        }
        assertThat(TestUsers.pending("bob").request().getDecisions(), is(List.of()));
        assertThat(status("bob", path, HttpMethod.POST), is(302));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    private static int status(String user, String path, HttpMethod method) throws Exception {
        try (JenkinsRule.WebClient client = J.createWebClient()
                .withBasicCredentials(user)
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false)) {
            client.getOptions().setRedirectEnabled(false);
            WebRequest request = new WebRequest(new URL(J.getURL(), path), method);
            if (method == HttpMethod.POST) {
                client.addCrumb(request);
            }
            return client.getPage(request).getWebResponse().getStatusCode();
        }
    }
}
