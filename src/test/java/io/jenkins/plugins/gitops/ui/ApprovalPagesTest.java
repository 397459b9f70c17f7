package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.promotion.ExcludedPerson;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionDecision;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.management.Badge;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTextArea;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;

/** Approving and rejecting with a browser, with and without scripts. */
public class ApprovalPagesTest {
    private static final ApprovalPolicy ONE =
            new ApprovalPolicy(List.of(), List.of(TestUsers.APPROVER, TestUsers.ADMIN), 1);
    private static final ApprovalPolicy TWO =
            new ApprovalPolicy(List.of(), List.of(TestUsers.APPROVER, TestUsers.ADMIN), 2);

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final TestName name = new TestName();

    private WorkflowRun run;

    @Before
    public void start() throws Exception {
        TestUsers.apply(j);
        run = PromotionTestKit.running(j, name.getMethodName());
    }

    @After
    public void end() throws Exception {
        PromotionTestKit.end(j, run);
    }

    @Test
    public void approvesOnTheDashboardWithoutScripts() throws Exception {
        approvesOnTheDashboard(false);
    }

    @Test
    public void approvesOnTheDashboardWithScripts() throws Exception {
        approvesOnTheDashboard(true);
    }

    private void approvesOnTheDashboard(boolean scripts) throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", "new checkout");
        HtmlPage page = WebClients.login(j, TestUsers.APPROVER)
                .withJavaScriptEnabled(scripts)
                .goTo("gitops/");
        String text = page.asNormalizedText();
        assertThat(text, containsString("Promote shop from staging to production"));
        assertThat(text, containsString("ghcr.io/myorg/shop:1.0"));
        assertThat(text, containsString("ghcr.io/myorg/shop:0.9"));
        assertThat(text, containsString("alice"));
        assertThat(text, containsString("new checkout"));
        assertThat(text, containsString("0 of 1 approvals"));
        HtmlPage after = click(page, asked, "Approve", "looks good");
        assertThat(after.getUrl().getPath(), is("/jenkins/gitops/"));
        assertThat(after.asNormalizedText(), not(containsString("Promote shop")));
        PromotionDecision decision = decided(asked).getDecisions().get(0);
        assertThat(decision.getUser(), is(TestUsers.APPROVER));
        assertThat(decision.getComment(), is("looks good"));
        assertThat(decided(asked).getState(), is(PromotionRequest.State.APPROVED));
    }

    @Test
    public void rejectsOnTheRunsOwnPage() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", null);
        HtmlPage page = WebClients.login(j, TestUsers.APPROVER).goTo(run.getUrl());
        HtmlPage after = click(page, asked, "Reject", "too late today");
        assertThat(after.getUrl().getPath(), is("/jenkins/" + run.getUrl() + PromotionAction.URL + "/"));
        assertThat(after.asNormalizedText(), containsString("Rejected by approver: too late today"));
        assertThat(decided(asked).getState(), is(PromotionRequest.State.REJECTED));
        assertThat(
                WebClients.get(j, TestUsers.READER, run.getUrl()).getContentAsString(),
                containsString("too late today"));
    }

    @Test
    public void pageStatesThatASecondApprovalIsNeeded() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, TWO, "alice", null);
        HtmlPage page = WebClients.login(j, TestUsers.APPROVER).goTo("gitops/");
        HtmlPage after = click(page, asked, "Approve", "");
        assertThat(after.asNormalizedText(), containsString("1 of 2 approvals"));
        assertThat(after.asNormalizedText(), containsString("approver has already approved"));
        assertThat(
                after.getByXPath("//form[@method='post']//button[text()='Approve']")
                        .isEmpty(),
                is(true));
    }

    @Test
    public void outdatedFormIsReported() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, TWO, "alice", null);
        HtmlPage page = WebClients.login(j, TestUsers.APPROVER).goTo("gitops/");
        assertThat(decide(TestUsers.ADMIN, "gitops/approve", asked, 0, "").getStatusCode(), is(200));
        HtmlPage after = click(page, asked, "Approve", "fine by me");
        assertThat(after.getWebResponse().getStatusCode(), is(409));
        assertThat(after.getElementById("main-panel").asNormalizedText(), containsString("has changed since"));
        assertThat(typed(after, asked), is("fine by me"));
        assertThat(decided(asked).getDecisions().size(), is(1));
        // The card is current, so the comment only has to be submitted.
        click(after, asked, "Approve", "fine by me");
        assertThat(decided(asked).getState(), is(PromotionRequest.State.APPROVED));
        HtmlPage again = after.getAnchorByText(run.getFullDisplayName()).click();
        assertThat(again.getWebResponse().getStatusCode(), is(200));
    }

    @Test
    public void rejectionNeedsAReason() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", null);
        for (String place : List.of("gitops/", run.getUrl())) {
            HtmlPage page = WebClients.login(j, TestUsers.APPROVER).goTo(place);
            HtmlPage after = click(page, asked, "Reject", "  ");
            assertThat(place, after.getWebResponse().getStatusCode(), is(400));
            assertThat(place, after.asNormalizedText(), containsString("A reason is required to reject"));
            assertThat(place, after.asNormalizedText(), containsString("Promote shop from staging to production"));
            assertThat(decided(asked).isPending(), is(true));
        }
    }

    @Test
    public void inputIsKeptWhenSomeoneElseDecidedFirst() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", null);
        JenkinsRule.WebClient client = WebClients.login(j, TestUsers.APPROVER);
        List<HtmlPage> pages = List.of(client.goTo("gitops/"), client.goTo(run.getUrl()));
        assertThat(decide(TestUsers.ADMIN, "gitops/approve", asked, 0, "").getStatusCode(), is(200));
        for (HtmlPage page : pages) {
            HtmlPage after = click(page, asked, "Reject", "wait for <b>me</b>");
            assertThat(after.getWebResponse().getStatusCode(), is(409));
            assertThat(after.asNormalizedText(), containsString("has changed since the page was loaded"));
            assertThat(after.asNormalizedText(), containsString("wait for <b>me</b>"));
        }
        assertThat(decided(asked).getState(), is(PromotionRequest.State.APPROVED));
    }

    @Test
    public void nonNumericVersionNeverDecides() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", null);
        String page = run.getUrl() + PromotionAction.URL + "/";
        for (String version : List.of("abc", "", "-1", "1e3", "99999999999999999999")) {
            String place = version.isEmpty() ? "gitops/" : page;
            WebResponse answer = decide(TestUsers.APPROVER, place + "approve", asked, version, "kept text");
            assertThat(version, answer.getStatusCode(), is(400));
            assertThat(version, answer.getContentAsString(), containsString("not a number"));
            assertThat(version, answer.getContentAsString(), containsString("kept text"));
            assertThat(version, answer.getContentAsString(), not(containsString("Exception")));
        }
        assertThat(
                decide(TestUsers.APPROVER, page + "reject", asked, "abc", "no").getStatusCode(), is(400));
        Map<String, String> withoutId = Map.of("version", "0");
        assertThat(
                WebClients.post(j, TestUsers.APPROVER, page + "approve", withoutId)
                        .getStatusCode(),
                is(404));
        assertThat(decided(asked).isPending(), is(true));
    }

    @Test
    public void missingPermissionIsShownAndInputIsKept() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, TestUsers.APPROVER, null);
        for (String place : List.of("gitops/", run.getUrl() + PromotionAction.URL + "/")) {
            WebResponse answer = decide(TestUsers.APPROVER, place + "approve", asked, 0, "my own work");
            assertThat(place, answer.getStatusCode(), is(403));
            assertThat(place, answer.getContentAsString(), containsString("another person must approve"));
            assertThat(place, answer.getContentAsString(), containsString("my own work"));
            assertThat(place, answer.getContentAsString(), containsString("Promote shop from staging to production"));
        }
    }

    @Test
    public void cardNamesDestinationAndExcludedPeople() throws Exception {
        PromotionTestKit.request(run, ONE, "alice", null);
        String text = WebClients.login(j, TestUsers.APPROVER).goTo("gitops/").asNormalizedText();
        assertThat(text, containsString(PromotionTestKit.URL + " branch main"));
        assertThat(text, containsString("alice (requested this promotion)"));
        assertThat(text, containsString("carol (wrote or committed source code of this build)"));
        assertThat(text, containsString("Mallory <mallory@example.com>"));
    }

    @Test
    public void anyTextIsStoredSanitizedAndTheBuildCanBeSaved() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", null);
        decide(TestUsers.APPROVER, "gitops/approve", asked, 0, "fi\u0000ne " + "x".repeat(5000));
        String comment = decided(asked).getDecisions().get(0).getComment();
        assertThat(comment, startsWith("fi ne xxx"));
        assertThat(comment, endsWith("characters in all)"));
        run.save();
    }

    @Test
    public void othersSeeWhyTheyMayNot() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, TestUsers.APPROVER, null);
        for (String user : List.of(TestUsers.VIEWER, TestUsers.APPROVER)) {
            HtmlPage page = WebClients.login(j, user).goTo("gitops/");
            assertThat(page.asNormalizedText(), containsString("Promote shop from staging to production"));
            assertThat(user, page.getByXPath("//button[text()='Approve']").isEmpty(), is(true));
        }
        assertThat(
                WebClients.login(j, TestUsers.APPROVER).goTo("gitops/").asNormalizedText(),
                containsString("another person must approve"));
        assertThat(decide(TestUsers.APPROVER, "gitops/approve", asked, 0, "").getStatusCode(), is(403));
        assertThat(decided(asked).isPending(), is(true));
    }

    @Test
    public void decisionsNeedPermissionAndPost() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", null);
        for (String action : List.of("approve", "reject")) {
            for (String place : List.of("gitops/", run.getUrl() + PromotionAction.URL + "/")) {
                assertThat(
                        decide(TestUsers.ANONYMOUS, place + action, asked, 0, "x")
                                .getStatusCode(),
                        is(403));
                assertThat(
                        decide(TestUsers.READER, place + action, asked, 0, "x").getStatusCode(), is(403));
                assertThat(
                        decide(TestUsers.VIEWER, place + action, asked, 0, "x").getStatusCode(), is(403));
                assertThat(
                        WebClients.get(
                                        j,
                                        TestUsers.APPROVER,
                                        place + action + "?version=0&comment=x&id=" + asked.getId())
                                .getStatusCode(),
                        is(405));
                assertThat(withoutCrumb(place + action, asked), is(403));
            }
        }
        assertThat(decided(asked).isPending(), is(true));
        assertThat(decided(asked).getDecisions().size(), is(0));
    }

    @Test
    public void unknownRequestIsNotFound() throws Exception {
        PromotionRequest asked = PromotionTestKit.request(run, ONE, "alice", null);
        JenkinsRule.WebClient client = WebClients.login(j, TestUsers.APPROVER);
        WebResponse answer =
                WebClients.post(j, TestUsers.APPROVER, "gitops/approve", Map.of("id", "../x", "version", "0"));
        assertThat(answer.getStatusCode(), is(404));
        assertThat(decided(asked).isPending(), is(true));
        client.close();
    }

    /** Runs stored this format before the reason for an exclusion and the repository were recorded. */
    @Test
    public void requestsOfFormerVersionsAreRead() throws Exception {
        String now = Run.XSTREAM2.toXML(PromotionTestKit.request(run, ONE, "alice", null));
        String former = now.replaceAll("(?s)<binding>.*?</binding>", "")
                .replaceAll(
                        "(?s)<excludedPeople>.*?</excludedPeople>",
                        "<excluded><string>alice</string>" + "<string>bob</string></excluded>");
        assertThat(former, not(is(now)));
        PromotionRequest read = (PromotionRequest) Run.XSTREAM2.fromXML(former);
        assertThat(read.getExcluded().stream().map(ExcludedPerson::getId).toList(), is(List.of("alice", "bob")));
        assertThat(read.excluded(), is(Set.of("alice", "bob")));
        assertThat(read.getUnknownAuthors(), is(List.of()));
        assertThat(read.getBinding(), is(nullValue()));
        assertThat(Run.XSTREAM2.toXML(read), containsString("<id>bob</id>"));
    }

    @Test
    public void badgeCountsWhatThisPersonCouldDecide() throws Exception {
        PromotionTestKit.request(run, ONE, "alice", null);
        PromotionTestKit.request(run, ONE, TestUsers.APPROVER, null);
        assertThat(badge(TestUsers.APPROVER).getText(), is("1"));
        assertThat(badge(TestUsers.ADMIN).getText(), is("2"));
        assertThat(badge(TestUsers.VIEWER), is(nullValue()));
        assertThat(badge(TestUsers.READER), is(nullValue()));
    }

    private static Badge badge(String user) throws Exception {
        GitopsRootAction action =
                j.jenkins.getExtensionList(GitopsRootAction.class).get(0);
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            return action.getBadge();
        }
    }

    /** Returns the content of the comment field. */
    private static String typed(HtmlPage page, PromotionRequest asked) {
        HtmlTextArea field = page.getHtmlElementById("gitops-comment-" + asked.getId());
        return field.getText();
    }

    private PromotionRequest decided(PromotionRequest asked) {
        return PromotionAction.find(run).request(asked.getId());
    }

    private static HtmlPage click(HtmlPage page, PromotionRequest asked, String button, String comment)
            throws Exception {
        HtmlTextArea field = page.getHtmlElementById("gitops-comment-" + asked.getId());
        field.setText(comment);
        HtmlForm form = field.getEnclosingForm();
        HtmlButton found = form.getFirstByXPath(".//button[text()='" + button + "']");
        return found.click();
    }

    private static WebResponse decide(String user, String path, PromotionRequest asked, int version, String comment)
            throws Exception {
        return decide(user, path, asked, Integer.toString(version), comment);
    }

    private static WebResponse decide(String user, String path, PromotionRequest asked, String version, String comment)
            throws Exception {
        return WebClients.post(j, user, path, Map.of("id", asked.getId(), "version", version, "comment", comment));
    }

    private static int withoutCrumb(String path, PromotionRequest asked) throws Exception {
        JenkinsRule.WebClient client = WebClients.login(j, TestUsers.APPROVER);
        WebRequest request = new WebRequest(
                new URL(client.getContextPath() + path + "?version=0&comment=x&id=" + asked.getId()), HttpMethod.POST);
        return client.loadWebResponse(request).getStatusCode();
    }
}
