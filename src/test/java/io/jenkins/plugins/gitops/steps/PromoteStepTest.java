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
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;

/** Promotions: what is refused, who may approve, what a decision does. */
public class PromoteStepTest {
    private static final String IMAGE = "ghcr.io/myorg/payments-api";
    private static final String STAGING = "payments-api/staging";
    private static final String PRODUCTION_FILE = JenkinsTestKit.imageFile("payments-api/production");
    private static final String PROMOTE =
            "def p = gitopsPromote(app: 'payments-api', from: 'staging', to: 'production', reason: 'release')\n";

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    @Rule
    public final TestName name = new TestName();

    private String url;

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
    }

    @After
    public void nothingIsLeftPending() {
        assertThat(JenkinsTestKit.as("admin", () -> PendingPromotions.get().pending()), is(empty()));
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    private WorkflowRun start(String script) throws Exception {
        return JenkinsTestKit.start(JenkinsTestKit.job(J, name.getMethodName(), script), "alice");
    }

    private WorkflowRun asking(String script) throws Exception {
        WorkflowRun run = start(script);
        J.waitForMessage("Approve or reject", run);
        return run;
    }

    private static DecisionResult approve(String user, PromotionRequest request) {
        return JenkinsTestKit.as(
                user, () -> PendingPromotions.get().approve(request.getId(), request.getVersion(), "fine"));
    }

    @Test
    public void anotherPersonCanApprove() throws Exception {
        WorkflowRun run = asking(PROMOTE + "echo \"${p.changed} by ${p.approvedBy} from ${p.previous}\"");
        String before = REPOSITORIES.tip(repo());
        PromotionRequest request = JenkinsTestKit.pending("bob").request();
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
        assertThat(REPOSITORIES.tip(repo()), is(before));
        assertThat(run.isBuilding(), is(true));

        assertThat(approve("bob", request).outcome(), is(DecisionOutcome.DECIDED));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("Approved by bob: fine", run);
        J.assertLogContains("true by [bob] from " + IMAGE + ":sha-a1b2c3d", run);
        assertThat(REPOSITORIES.read(repo(), PRODUCTION_FILE), containsString("\"v2\""));
        Trailers trailers = REPOSITORIES.trailers(repo(), REPOSITORIES.tip(repo()));
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
        String file = JenkinsTestKit.imageFile("payments-api/dev");
        String tip =
                REPOSITORIES.write(repo(), file, REPOSITORIES.read(repo(), file).replace("sha-a1b2c3d", "v3"), "to v3");
        JenkinsTestKit.live(url, "payments-api/dev", tip);
        WorkflowRun run = J.assertBuildStatusSuccess(
                J.waitForCompletion(start("def p = gitopsPromote(app: 'payments-api', from: 'dev', to: 'staging')\n"
                        + "echo \"${p.changed} by ${p.approvedBy}\"")));
        J.assertLogContains("true by []", run);
        assertThat(state(run), is(PromotionRequest.State.PROMOTED));
        assertThat(REPOSITORIES.read(repo(), JenkinsTestKit.imageFile(STAGING)), containsString("\"v3\""));
    }

    @Test
    public void sourceThatIsNotLiveIsRejectedAtOnce() throws Exception {
        String before = REPOSITORIES.tip(repo());
        JenkinsTestKit.degraded(url, STAGING, before, "CrashLoopBackOff");
        WorkflowRun run = J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(start(PROMOTE)));
        J.assertLogContains("payments-api/staging is not live: ", run);
        J.assertLogContains("CrashLoopBackOff", run);
        J.assertLogContains("Wait for it with gitopsAwaitSync first", run);
        assertThat(REPOSITORIES.tip(repo()), is(before));
    }

    /** By the same evidence as a wait. */
    @Test
    public void sourceWithInconclusiveStatusIsRejectedWithTheReason() throws Exception {
        String policy = REPOSITORIES.read(repo(), "gitops.yaml");
        String tip = REPOSITORIES.write(
                repo(),
                "gitops.yaml",
                policy.replace("- name: staging\n", "- name: staging\n  image: required\n"),
                "Require the image");
        JenkinsTestKit.live(url, STAGING, tip);
        WorkflowRun unseen = J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(start(PROMOTE)));
        J.assertLogContains("agent everywhere cannot see which images are running", unseen);
        Report.Details outdated = new Report.Details(
                null,
                null,
                "Argo CD main has not compared it since 10:04",
                List.of(new Report.RunningImage(IMAGE + ":v2", "Deployment payments/payments-api", true, null)),
                List.of());
        JenkinsTestKit.report(
                SignedReports.live(url, JenkinsTestKit.path(STAGING), tip).withDetails(outdated));
        WorkflowRun old = J.assertBuildStatus(
                Result.FAILURE,
                J.waitForCompletion(JenkinsTestKit.start(JenkinsTestKit.job(J, "outdated", PROMOTE), "alice")));
        J.assertLogContains("Argo CD main has not compared it since 10:04", old);
        assertThat(REPOSITORIES.tip(repo()), is(tip));
    }

    @Test
    public void nothingToPromoteWritesNothingAndRequestsNoApproval() throws Exception {
        REPOSITORIES.write(
                repo(),
                PRODUCTION_FILE,
                REPOSITORIES.read(repo(), PRODUCTION_FILE).replace("sha-a1b2c3d", "v2"),
                "by hand");
        String before = REPOSITORIES.tip(repo());
        WorkflowRun run =
                J.assertBuildStatusSuccess(J.waitForCompletion(start(PROMOTE + "echo \"changed: ${p.changed}\"")));
        J.assertLogContains("changed: false", run);
        J.assertLogContains("payments-api/production already has " + IMAGE + ":v2", run);
        assertThat(REPOSITORIES.tip(repo()), is(before));
    }

    @Test
    public void rejectionEndsTheBuildNamingPersonAndReason() throws Exception {
        String before = REPOSITORIES.tip(repo());
        WorkflowRun run = asking("try {\n" + PROMOTE + "} catch (e) { echo \"caught: ${e.message}\"; throw e }");
        PromotionRequest request = JenkinsTestKit.pending("bob").request();
        DecisionResult silent =
                JenkinsTestKit.as("bob", () -> PendingPromotions.get().reject(request.getId(), 0, " "));
        assertThat(silent.outcome(), is(DecisionOutcome.INVALID));
        DecisionResult no = JenkinsTestKit.as(
                "bob", () -> PendingPromotions.get().reject(request.getId(), 0, "freeze until Monday"));
        assertThat(no.outcome(), is(DecisionOutcome.DECIDED));
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        J.assertLogContains("caught: bob rejected the promotion of payments-api/production: freeze until Monday", run);
        assertThat(
                run.getAction(InterruptedBuildAction.class).getCauses().get(0),
                instanceOf(PromotionRejectedCause.class));
        assertThat(REPOSITORIES.tip(repo()), is(before));
    }

    @Test
    public void abortAndTimeoutCancelTheRequest() throws Exception {
        WorkflowRun run = asking(PROMOTE);
        PromotionRequest request = JenkinsTestKit.pending("bob").request();
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        JenkinsTestKit.awaitIdle();
        assertThat(
                run.getAction(PromotionAction.class).getRequests().get(0).getState(),
                is(PromotionRequest.State.CANCELLED));
        assertThat(approve("bob", request).outcome(), is(DecisionOutcome.NOT_FOUND));

        WorkflowRun late = JenkinsTestKit.start(
                JenkinsTestKit.job(J, "late", "timeout(time: 1, unit: 'SECONDS') {\n" + PROMOTE + "}"), "alice");
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(late));
        JenkinsTestKit.awaitIdle();
        assertThat(
                late.getAction(PromotionAction.class).getRequests().get(0).getState(),
                is(PromotionRequest.State.CANCELLED));
    }

    @Test
    public void twoApprovalsAreCountedAndAStaleFormIsReported() throws Exception {
        String policy = REPOSITORIES.read(repo(), "gitops.yaml");
        String tip = REPOSITORIES.write(
                repo(),
                "gitops.yaml",
                policy.replace("users: [bob]", "users: [bob, dave]").replace("count: 1", "count: 2"),
                "two people");
        JenkinsTestKit.live(url, STAGING, tip);
        WorkflowRun run = asking(PROMOTE + "echo \"by ${p.approvedBy}\"");
        PromotionRequest request = JenkinsTestKit.pending("bob").request();
        assertThat(approve("bob", request).outcome(), is(DecisionOutcome.COUNTED));
        J.waitForMessage("Still needed: 1 of 2 approvals by group payments-leads, user bob, user dave", run);
        assertThat(approve("dave", request).outcome(), is(DecisionOutcome.STALE));
        PromotionRequest newer = JenkinsTestKit.pending("dave").request();
        assertThat(newer.getVersion(), is(1));
        assertThat(approve("bob", newer).message(), containsString("bob has already approved"));
        assertThat(approve("dave", newer).outcome(), is(DecisionOutcome.DECIDED));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("by [bob, dave]", run);
    }

    @Test
    public void policyTightenedMeanwhileApplies() throws Exception {
        WorkflowRun run = asking(PROMOTE);
        String policy = REPOSITORIES.read(repo(), "gitops.yaml");
        String before = REPOSITORIES.write(
                repo(), "gitops.yaml", policy.replace("users: [bob]", "users: [dave]"), "not bob any more");
        approve("bob", JenkinsTestKit.pending("bob").request());
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("Promotion of payments-api/production lacks approval", run);
        assertThat(REPOSITORIES.tip(repo()), is(before));
    }

    @Test
    public void authorOfTheSourceImageCannotApprove() throws Exception {
        String file = JenkinsTestKit.imageFile(STAGING);
        String tip = REPOSITORIES.write(
                repo(),
                file,
                REPOSITORIES.read(repo(), file).replace("v2", "v3"),
                Trailers.none().with(Trailers.REQUESTED_BY, "dave").message("to v3"));
        JenkinsTestKit.live(url, STAGING, tip);
        WorkflowRun run = asking(PROMOTE);
        PromotionRequest request = JenkinsTestKit.pending("bob").request();
        List<String> excluded =
                request.getExcluded().stream().map(ExcludedPerson::getId).toList();
        // Written by Carol's hand, whatever the message says of dave.
        assertThat(excluded, hasItem("carol"));
        assertThat(excluded, not(hasItem("dave")));
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        JenkinsTestKit.awaitIdle();
    }

    @Test
    public void decisionsAreAcceptedOnlyByPost() throws Exception {
        WorkflowRun run = asking(PROMOTE);
        PromotionRequest request = JenkinsTestKit.pending("bob").request();
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
        assertThat(JenkinsTestKit.pending("bob").request().getDecisions(), is(List.of()));
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
