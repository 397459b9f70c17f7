package io.jenkins.plugins.gitops.ui;

import static io.jenkins.plugins.gitops.status.report.SignedReports.live;
import static io.jenkins.plugins.gitops.status.report.SignedReports.report;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.FreeStyleProject;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class DashboardTest {
    private static final Instant LONG_AGO = Instant.now().minus(Duration.ofDays(3));

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final ConfigServer server = new ConfigServer();

    /** The name is unique, since the known state of a repository is kept by its name. */
    private final String platform = "platform-" + System.nanoTime();

    @Before
    public void configure() throws Exception {
        TestUsers.apply(j);
        GitopsConfiguration configuration = GitopsConfiguration.get();
        configuration.setAgents(null);
        configuration.setAgents(List.of(agent("main", null), agent("second", "dev"), agent("silent", "production")));
        configuration.setRepositories(List.of(server.configuration(platform)));
    }

    @Test
    public void environmentsAreInPromotionOrder() throws Exception {
        commit(Map.of(
                "gitops.yaml",
                """
                apiVersion: gitops.jenkins.io/v1alpha1
                kind: Delivery
                applications:
                - path: apps/{app}/overlays/{env}
                environments:
                - name: qa
                - name: live
                  promoteFrom: qa
                """,
                ConfigServer.imageFile("shop", "qa"),
                ConfigServer.image("shop", "2.0"),
                ConfigServer.imageFile("shop", "live"),
                ConfigServer.image("shop", "1.0"),
                ConfigServer.imageFile("cart", "live"),
                ConfigServer.image("cart", "7")));
        HtmlPage page = page("");
        assertThat(
                texts(page, "//table[contains(@class,'gitops-matrix')]//th"),
                contains("Application", "qa", "live", "cart", "shop"));
        assertThat(cell(page, "shop", 1), containsString("2.0"));
        assertThat(cell(page, "shop", 2), containsString("1.0"));
        assertThat(cell(page, "cart", 1), containsString("Not in this environment"));
        assertThat(cell(page, "shop", 2), containsString("Not reported"));
        DomElement code = page.getFirstByXPath("//table//code[text()='2.0']");
        assertThat(code.getAttribute("title"), is("ghcr.io/myorg/shop:2.0"));
    }

    @Test
    public void stateIsShownInWords() throws Exception {
        String old = commit(Map.of(
                ConfigServer.imageFile("cart", "dev"), ConfigServer.image("cart", "1"),
                ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1"),
                ConfigServer.imageFile("shop", "staging"), ConfigServer.image("shop", "1"),
                ConfigServer.imageFile("shop", "production"), ConfigServer.image("shop", "1")));
        String tip = commit(Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "2")));
        String url = server.url(platform);
        SignedReports.accept(
                "main",
                report(
                        1,
                        List.of(
                                live(url, ConfigServer.path("cart", "dev"), old),
                                live(url, ConfigServer.path("shop", "dev"), old),
                                degraded(url, ConfigServer.path("shop", "staging"), tip))));
        SignedReports.accept("second", report(1, List.of(live(url, ConfigServer.path("cart", "dev"), tip))));
        SignedReports.accept(
                "silent",
                report(1, List.of(live(url, ConfigServer.path("shop", "production"), tip))),
                Instant.now().minusSeconds(120));
        HtmlPage page = page("");
        assertThat(cell(page, "cart", 1), containsString("2 applications"));
        assertThat(cell(page, "cart", 1), containsString("dev (agent main), dev (agent second)"));
        assertThat(cell(page, "shop", 1), containsString("Pending"));
        assertThat(cell(page, "shop", 1), containsString("Synced"));
        assertThat(cell(page, "shop", 2), containsString("Degraded"));
        assertThat(cell(page, "shop", 2), containsString("Deployment shop: image cannot be pulled"));
        assertThat(cell(page, "shop", 3), containsString("Stale"));
        assertThat(cell(page, "shop", 3), containsString("No report from agent silent"));
        assertThat(
                texts(page, "//table[contains(@class,'gitops-agents')]//tbody/tr/th"),
                contains("main", "second", "silent"));
        assertThat(agent(page, "main"), containsString("Reporting"));
        assertThat(agent(page, "main"), containsString("just now"));
        assertThat(agent(page, "silent"), containsString("Stale"));
        assertThat(agent(page, "silent"), containsString("2 min ago"));
    }

    @Test
    public void lastChangeLinksToABuildOfThisJenkins() throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("ship it");
        String build = j.getURL() + job.getUrl() + "17/";
        change(
                "shop",
                "dev",
                "Set shop in dev to 1",
                "Gitops-Requested-By: alice\nGitops-Reason: fixes the cart\n" + "Gitops-Build: " + build);
        change("shop", "staging", "Set shop in staging to 1", "Gitops-Build: https://ci.example.com/job/x/1/");
        change("shop", "production", "By hand", "");
        HtmlPage page = page("");
        assertThat(cell(page, "shop", 1), containsString("Set shop in dev to 1"));
        assertThat(cell(page, "shop", 1), containsString("alice"));
        assertThat(cell(page, "shop", 1), containsString("3 days ago"));
        assertThat(cell(page, "shop", 1), containsString("fixes the cart"));
        assertThat(page.getAnchorByText("ship it #17").getHrefAttribute(), is("/jenkins/job/ship%20it/17/"));
        assertThat(cell(page, "shop", 2), containsString("https://ci.example.com/job/x/1/"));
        assertThat(
                page.getByXPath("//table//a[contains(@href,'ci.example.com')]").isEmpty(), is(true));
        assertThat(cell(page, "shop", 3), containsString("Carol"));
    }

    @Test
    public void manyApplicationsArePagedAndFiltered() throws Exception {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < 250; i++) {
            String name = String.format("app-%03d", i);
            files.put(ConfigServer.imageFile(name, "dev"), ConfigServer.image(name, "1"));
        }
        commit(files);
        HtmlPage first = page("");
        assertThat(rows(first), is(100));
        assertThat(first.asNormalizedText(), containsString("1\u2013100 of 250 applications, "));
        HtmlPage second = first.getAnchorByText("Next").click();
        assertThat(second.asNormalizedText(), containsString("101\u2013200 of 250 applications"));
        HtmlPage last = second.getAnchorByText("Next").click();
        assertThat(rows(last), is(50));
        assertThat(last.getByXPath("//a[@rel='next']").isEmpty(), is(true));
        assertThat(
                ((HtmlPage) last.getAnchorByText("Previous").click()).asNormalizedText(), containsString("101\u2013"));
        assertThat(rows(page("?page=99")), is(50));
        assertThat(rows(page("?page=x")), is(100));

        HtmlForm filter = first.getFirstByXPath("//form[contains(@class,'gitops-filter')]");
        filter.getInputByName("filter").setValue("PP-24");
        HtmlPage found = filter.getElementsByTagName("button").get(0).click();
        assertThat(rows(found), is(10));
        assertThat(page("?filter=nothing-like-it").asNormalizedText(), containsString("No matching applications"));
    }

    @Test
    public void attentionFilterShowsWhatIsWrong() throws Exception {
        String tip = commit(Map.of(
                ConfigServer.imageFile("cart", "dev"), ConfigServer.image("cart", "1"),
                ConfigServer.imageFile("broken", "dev"), "images:\n- name: [\n",
                ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")));
        SignedReports.accept(
                "main",
                report(
                        1,
                        List.of(
                                live(server.url(platform), ConfigServer.path("cart", "dev"), tip),
                                degraded(server.url(platform), ConfigServer.path("shop", "dev"), tip))));
        HtmlPage page = page("?attention=true");
        assertThat(texts(page, "//table[contains(@class,'gitops-matrix')]//tbody//th"), contains("broken", "shop"));
        assertThat(cell(page, "broken", 1), containsString("Unreadable"));
        assertThat(cell(page, "broken", 1), containsString("kustomization.yaml:"));
    }

    @Test
    public void repositoriesHaveAPageEach() throws Exception {
        commit(Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")));
        server.commit(
                "other",
                Map.of(ConfigServer.imageFile("cart", "dev"), ConfigServer.image("cart", "1")),
                "Carol",
                LONG_AGO,
                "First");
        GitopsConfiguration.get()
                .setRepositories(List.of(server.configuration(platform), server.configuration("other")));
        server.refresh("other");
        HtmlPage page = page("");
        assertThat(texts(page, "//table[contains(@class,'gitops-matrix')]//tbody//th"), contains("shop"));
        HtmlPage other = page.getAnchorByText("other").click();
        assertThat(texts(other, "//table[contains(@class,'gitops-matrix')]//tbody//th"), contains("cart"));
        assertThat(page("?repository=unknown").asNormalizedText(), containsString("shop"));
    }

    @Test
    public void emptyAndUnreadableRepositoriesAreReported() throws Exception {
        GitopsConfiguration.get().setRepositories(null);
        assertThat(page("").asNormalizedText(), containsString("No config repository is configured yet"));
        GitopsConfiguration.get().setRepositories(List.of(server.configuration("broken")));
        server.commit("broken", Map.of("gitops.yaml", "kind: [Delivery\n"), "Carol", LONG_AGO, "First");
        server.refresh("broken");
        assertThat(page("").asNormalizedText(), containsString("gitops.yaml:"));
    }

    @Test
    public void unchangedTableIsNotSentAgain() throws Exception {
        String tip = commit(Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")));
        for (String path : List.of("gitops/table", "gitops/data")) {
            // Times are rounded to minutes, so the first tag may be from the previous minute.
            String tag = null;
            WebResponse answer = null;
            for (int i = 0; i < 2 && (answer == null || answer.getStatusCode() != 304); i++) {
                answer = getTagged(path, tag);
                tag = answer.getResponseHeaderValue("ETag");
                answer = getTagged(path, tag);
            }
            assertThat(path, answer.getStatusCode(), is(304));
            assertThat(path, answer.getContentAsString(), is(""));
            SignedReports.accept(
                    "main",
                    report(path.length(), List.of(live(server.url(platform), ConfigServer.path("shop", "dev"), tip))));
            assertThat(path, getTagged(path, tag).getStatusCode(), is(200));
            GitopsConfiguration.get().setAgents(List.of());
            configure();
        }
    }

    @Test
    public void openPageShowsUpdates() throws Exception {
        String tip = commit(Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")));
        JenkinsRule.WebClient client = WebClients.loginWithScripts(j, TestUsers.VIEWER);
        client.getOptions().setFetchPolyfillEnabled(true);
        HtmlPage page = client.goTo("gitops/");
        assertThat(cell(page, "shop", 1), containsString("Not reported"));
        SignedReports.accept(
                "main", report(1, List.of(live(server.url(platform), ConfigServer.path("shop", "dev"), tip))));
        page.executeJavaScript("document.dispatchEvent(new Event('visibilitychange'))");
        client.waitForBackgroundJavaScriptStartingBefore(2_000);
        assertThat(cell(page, "shop", 1), containsString("Healthy"));
        assertThat(page.getElementById("gitops-status").getTextContent(), is(""));

        TestUsers.apply(j);
        j.jenkins.setAuthorizationStrategy(new org.jvnet.hudson.test.MockAuthorizationStrategy());
        page.executeJavaScript("document.dispatchEvent(new Event('visibilitychange'))");
        client.waitForBackgroundJavaScriptStartingBefore(2_000);
        assertThat(page.getElementById("gitops-status").getTextContent(), containsString("could not be refreshed"));
    }

    @Test
    public void tableFragmentContainsNoForm() throws Exception {
        commit(Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")));
        String table = WebClients.get(j, TestUsers.VIEWER, "gitops/table").getContentAsString();
        assertThat(table, containsString("shop"));
        assertThat(table, not(containsString("<html")));
        assertThat(table, not(containsString("<form")));
    }

    @Test
    public void remoteApiReturnsJson() throws Exception {
        String tip = change("shop", "dev", "Set shop in dev to 1", "Gitops-Requested-By: alice");
        SignedReports.accept(
                "main", report(1, List.of(live(server.url(platform), ConfigServer.path("shop", "dev"), tip))));
        WebResponse answer = WebClients.get(j, TestUsers.VIEWER, "gitops/data?filter=sh&repository=" + platform);
        assertThat(answer.getContentType(), is("application/json"));
        JsonNode json = new ObjectMapper().readTree(answer.getContentAsString());
        assertThat(json.path("revision").asText(), is(tip));
        assertThat(json.path("environments").get(0).asText(), is("dev"));
        JsonNode target = json.path("applications").get(0).path("targets").path("dev");
        assertThat(target.path("images").get(0).asText(), is("ghcr.io/myorg/shop:1"));
        assertThat(target.path("state").toString(), is("[\"Synced\",\"Healthy\"]"));
        assertThat(target.path("lastChange").path("by").asText(), is("alice"));
        assertThat(json.path("agents").get(0).path("healthy").asInt(), is(1));
    }

    private WebResponse getTagged(String path, String tag) throws Exception {
        JenkinsRule.WebClient client = WebClients.login(j, TestUsers.VIEWER);
        WebRequest request = new WebRequest(new URL(client.getContextPath() + path));
        if (tag != null) {
            request.setAdditionalHeader("If-None-Match", tag);
        }
        return client.loadWebResponse(request);
    }

    private String change(String app, String env, String subject, String trailers) throws Exception {
        String tip = server.commit(
                platform,
                Map.of(ConfigServer.imageFile(app, env), ConfigServer.image(app, "1")),
                "Carol",
                LONG_AGO,
                subject + (trailers.isEmpty() ? "" : "\n\n" + trailers));
        server.refresh(platform);
        return tip;
    }

    private String commit(Map<String, String> files) throws Exception {
        String tip = server.commit(platform, files, "Carol", LONG_AGO, "Write " + files.size() + " files");
        server.refresh(platform);
        return tip;
    }

    private HtmlPage page(String query) throws Exception {
        return WebClients.login(j, TestUsers.VIEWER).goTo("gitops/" + query);
    }

    private static int rows(HtmlPage page) {
        return page.getByXPath("//table[contains(@class,'gitops-matrix')]/tbody/tr")
                .size();
    }

    private static List<String> texts(HtmlPage page, String xpath) {
        List<String> texts = new ArrayList<>();
        page.getByXPath(xpath).forEach(node -> texts.add(((DomNode) node).asNormalizedText()));
        return texts;
    }

    private static String cell(HtmlPage page, String application, int column) {
        DomNode cell = page.getFirstByXPath(
                "//table[contains(@class,'gitops-matrix')]/tbody/tr[th='" + application + "']/td[" + column + "]");
        return cell.getTextContent().replaceAll("\\s+", " ");
    }

    private static String agent(HtmlPage page, String name) {
        DomNode row = page.getFirstByXPath("//table[contains(@class,'gitops-agents')]/tbody/tr[th='" + name + "']");
        return row.getTextContent().replaceAll("\\s+", " ");
    }

    private static AgentConfiguration agent(String name, String environments) {
        AgentConfiguration agent = new AgentConfiguration(name, Secret.fromString("report secret of " + name));
        agent.setEnvironments(environments);
        return agent;
    }

    private static Report.ApplicationStatus degraded(String url, String path, String revision) {
        Report.ApplicationStatus base = SignedReports.status(url, path, revision, "Synced", "Degraded", null);
        Report.ResourceStatus resourceStatus =
                new Report.ResourceStatus("Deployment", "shop", "shop", "Synced", "Degraded", "image cannot be pulled");
        return new Report.ApplicationStatus(
                base.name(),
                url,
                path,
                revision,
                revision,
                "Synced",
                "Degraded",
                null,
                List.of(),
                List.of(resourceStatus),
                null,
                base.observedAt());
    }
}
