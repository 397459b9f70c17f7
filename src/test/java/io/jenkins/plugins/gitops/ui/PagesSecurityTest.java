package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;

/** Who may see which page, and the effect of untrusted text in it. */
public class PagesSecurityTest {
    private static final String PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final ConfigServer server = new ConfigServer();

    @Rule
    public final TestName name = new TestName();

    @Before
    public void configure() {
        TestUsers.apply(j);
        GitopsConfiguration configuration = GitopsConfiguration.get();
        configuration.setAgents(null);
        configuration.setAgents(List.of(new AgentConfiguration("main", Secret.fromString("report secret of main"))));
        configuration.setRepositories(List.of(server.configuration(name.getMethodName())));
    }

    @Test
    public void dashboardRequiresViewPermission() throws Exception {
        server.commit(
                name.getMethodName(),
                Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")),
                "Carol",
                Instant.now(),
                "First");
        server.refresh(name.getMethodName());
        for (String path : List.of("gitops/", "gitops/table", "gitops/data", "gitops/?page=2&filter=x")) {
            assertThat(path, WebClients.get(j, TestUsers.ANONYMOUS, path).getStatusCode(), is(403));
            WebResponse refused = WebClients.get(j, TestUsers.READER, path);
            assertThat(path, refused.getStatusCode(), is(403));
            assertThat(path, refused.getContentAsString(), not(containsString("shop")));
            for (String user : List.of(TestUsers.VIEWER, TestUsers.APPROVER, TestUsers.ADMIN)) {
                assertThat(path, WebClients.get(j, user, path).getStatusCode(), is(200));
            }
        }
    }

    @Test
    public void fragmentsAndPartsAreNotPages() throws Exception {
        for (String path : List.of(
                "gitops/matrix",
                "gitops/cell",
                "gitops/agents",
                "gitops/approvals",
                "gitops/dashboard",
                "gitops/target",
                "gitops/repository",
                "gitops/history",
                "gitops/badge",
                "gitops/recent",
                "gitops/api/json")) {
            assertThat(path, WebClients.get(j, TestUsers.ADMIN, path).getStatusCode(), is(404));
        }
        for (String path : List.of("gitops/table", "gitops/data")) {
            assertThat(path, WebClients.post(j, TestUsers.ADMIN, path, Map.of()).getStatusCode(), is(404));
        }
    }

    @Test
    public void linkRequiresViewPermission() throws Exception {
        GitopsRootAction action =
                j.jenkins.getExtensionList(GitopsRootAction.class).get(0);
        try (ACLContext ignored = ACL.as2(User.getById(TestUsers.READER, true).impersonate2())) {
            assertThat(action.getIconFileName(), is(nullValue()));
        }
        try (ACLContext ignored = ACL.as2(User.getById(TestUsers.VIEWER, true).impersonate2())) {
            assertThat(action.getIconFileName(), is(notNullValue()));
        }
        assertThat(
                WebClients.get(j, TestUsers.READER, "").getContentAsString(),
                not(containsString("href=\"/jenkins/gitops\"")));
        assertThat(
                WebClients.get(j, TestUsers.VIEWER, "").getContentAsString(),
                containsString("href=\"/jenkins/gitops\""));
    }

    @Test
    public void textsFromGitAreEscaped() throws Exception {
        String repository = name.getMethodName();
        server.commit(
                repository,
                Map.of(
                        ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1"),
                        ConfigServer.imageFile("cart", "dev"), ConfigServer.image("cart", PAYLOAD.replace("\"", ""))),
                "Carol " + PAYLOAD,
                Instant.now(),
                "Subject " + PAYLOAD + "\n\nGitops-Requested-By: " + PAYLOAD + "\nGitops-Reason: " + PAYLOAD
                        + "\nGitops-Build: " + j.getURL() + "job/" + PAYLOAD + "/1/");
        server.commit(
                repository,
                Map.of(ConfigServer.imageFile("blog", "dev"), ConfigServer.image("blog", "1")),
                "Carol " + PAYLOAD,
                Instant.now(),
                "Subject " + PAYLOAD + "\n\nGitops-Build: javascript:alert(1)");
        server.refresh(repository);
        for (String path : List.of("gitops/", "gitops/table")) {
            String html = WebClients.get(j, TestUsers.VIEWER, path).getContentAsString();
            assertEscaped(html);
            assertThat(html, containsString("Subject "));
            assertThat(html, containsString("Carol "));
            assertThat(html, not(containsString("href=\"javascript")));
        }
    }

    @Test
    public void textOfAMalformedPolicyFileIsEscaped() throws Exception {
        String repository = name.getMethodName();
        server.commit(
                repository,
                Map.of("gitops.yaml", "'" + PAYLOAD.replace("'", "") + "': 1\n"),
                "Carol",
                Instant.now(),
                "First");
        server.refresh(repository);
        String html = WebClients.get(j, TestUsers.VIEWER, "gitops/").getContentAsString();
        assertEscaped(html);
        assertThat(html, containsString("gitops.yaml"));
    }

    @Test
    public void textsFromAgentsAreEscaped() throws Exception {
        String repository = name.getMethodName();
        String tip = server.commit(
                repository,
                Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")),
                "Carol",
                Instant.now(),
                "First");
        server.refresh(repository);
        Report.OperationState failed =
                new Report.OperationState("Failed", tip, SignedReports.STARTED, SignedReports.STARTED, 0, PAYLOAD);
        Report.ResourceStatus resourceStatus =
                new Report.ResourceStatus("Pod" + PAYLOAD, "x", PAYLOAD, "OutOfSync", "Degraded", PAYLOAD);
        Report.ApplicationStatus status = new Report.ApplicationStatus(
                PAYLOAD,
                server.url(repository),
                ConfigServer.path("shop", "dev"),
                tip,
                tip,
                "OutOfSync" + PAYLOAD,
                "Degraded" + PAYLOAD,
                failed,
                List.of(PAYLOAD),
                List.of(resourceStatus),
                PAYLOAD,
                Instant.now().toString());
        SignedReports.accept("main", SignedReports.report(1, List.of(status)));
        String html = WebClients.get(j, TestUsers.VIEWER, "gitops/").getContentAsString();
        assertEscaped(html);
        assertThat(html, containsString("Sync failed"));
        assertThat(html, containsString("&lt;img"));
    }

    @Test
    public void textsFromTheUrlAreEscaped() throws Exception {
        String query = "?filter=" + encode(PAYLOAD) + "&repository=" + encode(PAYLOAD) + "&page=" + encode(PAYLOAD);
        String html = WebClients.get(j, TestUsers.VIEWER, "gitops/" + query).getContentAsString();
        assertEscaped(html);
        HtmlPage page = WebClients.login(j, TestUsers.VIEWER).goTo("gitops/" + query);
        assertThat(page.getElementByName("filter").getAttribute("value"), is(PAYLOAD));
    }

    @Test
    public void textsOfPromotionsAreEscaped() throws Exception {
        WorkflowRun run = PromotionTestKit.running(j, name.getMethodName());
        run.setDisplayName("Build " + PAYLOAD);
        run.getParent().setDisplayName("Job " + PAYLOAD);
        ApprovalPolicy policy = new ApprovalPolicy(List.of(PAYLOAD), List.of(TestUsers.APPROVER, TestUsers.ADMIN), 2);
        PromotionRequest asked = PromotionTestKit.request(run, policy, "alice" + PAYLOAD, PAYLOAD, PAYLOAD);
        try (ACLContext ignored = ACL.as2(User.getById(TestUsers.ADMIN, true).impersonate2())) {
            PendingPromotions.get().approve(asked.getId(), 0, PAYLOAD);
        }
        String own = run.getUrl() + PromotionAction.URL + "/";
        for (String path : List.of("gitops/", run.getUrl(), own)) {
            String html = mainPanel(path);
            assertEscaped(html);
            assertThat(path, html, containsString("onerror=alert(1)"));
        }
        try (ACLContext ignored = ACL.as2(User.getById(TestUsers.APPROVER, true).impersonate2())) {
            PendingPromotions.get().reject(asked.getId(), 1, PAYLOAD);
        }
        for (String path : List.of(run.getUrl(), own)) {
            assertEscaped(mainPanel(path));
        }
        PromotionTestKit.end(j, run);
    }

    @Test
    public void runPagesRequireAccessToTheRun() throws Exception {
        WorkflowRun run = PromotionTestKit.running(j, name.getMethodName());
        PromotionTestKit.request(run, new ApprovalPolicy(List.of(), List.of(TestUsers.APPROVER), 1), "alice", null);
        String own = run.getUrl() + PromotionAction.URL + "/";
        for (String path : List.of(own, own + "api/json")) {
            assertThat(WebClients.get(j, TestUsers.ANONYMOUS, path).getStatusCode(), is(403));
            for (String user : List.of(TestUsers.READER, TestUsers.VIEWER, TestUsers.APPROVER, TestUsers.ADMIN)) {
                assertThat(user, WebClients.get(j, user, path).getStatusCode(), is(200));
            }
        }
        assertThat(WebClients.get(j, TestUsers.ADMIN, own + "card").getStatusCode(), is(404));
        assertThat(WebClients.get(j, TestUsers.ADMIN, own + "requests").getStatusCode(), is(404));
        assertThat(WebClients.get(j, TestUsers.ADMIN, own + "summary").getStatusCode(), is(404));
        PromotionTestKit.end(j, run);
    }

    /** Returns the page without the surrounding parts of Jenkins. */
    private static String mainPanel(String path) throws Exception {
        String html = WebClients.get(j, TestUsers.APPROVER, path).getContentAsString();
        return html.substring(html.indexOf("id=\"main-panel\""));
    }

    private static void assertEscaped(String html) {
        assertThat(html, not(containsString("<img src=x")));
        assertThat(html, not(containsString("<script>alert")));
        for (String part : html.split("<")) {
            // A tag with the payload in an attribute must not end early.
            assertThat(part, not(containsString("=\"\"'")));
        }
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }
}
