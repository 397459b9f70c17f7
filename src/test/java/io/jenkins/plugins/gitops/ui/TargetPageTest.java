package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.status.LinkedStatusSource;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

/** A target's history, and the form that holds and releases it. */
public class TargetPageTest {
    private static final String PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final ConfigServer server = new ConfigServer();

    private final String repository = "platform-" + System.nanoTime();
    private final String page = GitopsUrls.target(repository, "shop", "dev");

    @Before
    public void configure() throws Exception {
        TestUsers.apply(j);
        GitopsConfiguration.get().setRepositories(List.of(server.configuration(repository)));
        commit("1", "First");
    }

    @Test
    public void historyNamesAuthorAndReasonAlsoOfExternalCommits() throws Exception {
        String trailers = "\n\nGitops-Operation: job#7/3@lx0\nGitops-Target: shop/dev\nGitops-Build: job #7\n"
                + "Gitops-Requested-By: %s\nGitops-Reason: %s\n"
                + "Gitops-Image: ghcr.io/myorg/shop:1 -> ghcr.io/myorg/shop:2";
        commit("2", "shop/dev: set image" + trailers.formatted("alice", "fixes the basket"));
        commit("3", "Cherry-picked with its message" + trailers.formatted("mallory", "none"));

        String html = WebClients.get(j, TestUsers.VIEWER, page).getContentAsString();

        assertThat(html, containsString("ghcr.io/myorg/shop:1 -> ghcr.io/myorg/shop:2"));
        assertThat(html, containsString("ghcr.io/myorg/shop:2 -> ghcr.io/myorg/shop:3"));
        assertThat(html, containsString("Image set"));
        assertThat(html, containsString("Outside Jenkins"));
        assertThat(html, containsString("alice"));
        assertThat(html, containsString("fixes the basket"));
        assertThat("a message that does not fit what the commit did", html, not(containsString("mallory")));
    }

    @Test
    public void linksToTheAgentsPage() throws Exception {
        LinkedTarget linkedTarget =
                j.jenkins.getExtensionList(LinkedTarget.class).get(0);
        linkedTarget.show("shop/dev", PAYLOAD, "https://argocd.example.com/applications/argocd/shop-dev?a=%22&b=c");
        String html = WebClients.get(j, TestUsers.VIEWER, page).getContentAsString();
        assertThat(
                html, containsString("href=\"https://argocd.example.com/applications/argocd/shop-dev?a=%22&amp;b=c\""));
        assertThat(html, containsString(" in Argo CD main</a>"));
        assertThat(html, not(containsString("<img src=x")));
        for (String url : List.of("javascript:alert(1)", "file:///etc/passwd", "https:/nowhere")) {
            linkedTarget.show("shop/dev", "shop-dev", url);
            assertThat(
                    url,
                    WebClients.get(j, TestUsers.VIEWER, page).getContentAsString(),
                    not(containsString("in Argo CD main")));
        }
        linkedTarget.show("", "", "https://argocd.example.com/");
    }

    @TestExtension
    public static final class LinkedTarget extends LinkedStatusSource {}

    @Test
    public void holdsAndReleasesAsTheCurrentUser() throws Exception {
        assertThat(hold().isPresent(), is(false));

        WebResponse held = WebClients.post(j, TestUsers.OPERATOR, page + "hold", form("broken " + PAYLOAD));

        assertThat(held.getStatusCode(), is(200));
        assertThat(hold().orElseThrow().by(), is(TestUsers.OPERATOR));
        assertThat(hold().orElseThrow().reason(), is("broken " + PAYLOAD));
        assertThat(held.getContentAsString(), containsString("Held by operator ("));
        assertThat(held.getContentAsString(), not(containsString("<img src=x")));
        assertThat(held.getContentAsString(), not(containsString("<script>alert")));
        server.refresh(repository);
        String dashboard = WebClients.get(j, TestUsers.VIEWER, "gitops/table?repository=" + repository)
                .getContentAsString();
        assertThat(dashboard, containsString("Held by operator: broken"));
        assertThat(dashboard, not(containsString("<img src=x")));

        WebResponse released = WebClients.post(j, TestUsers.OPERATOR, page + "release", form("fixed"));

        assertThat(released.getStatusCode(), is(200));
        assertThat(hold().isPresent(), is(false));
        assertThat(released.getContentAsString(), not(containsString("holds this target")));
        CommitInfo newest =
                repositoryClone().log(repositoryClone().fetch(), "", 1).get(0);
        assertThat(newest.trailers().first(Trailers.REASON), is(Optional.of("fixed")));
        assertThat(newest.trailers().first(Trailers.REQUESTED_BY), is(Optional.of(TestUsers.OPERATOR)));
        assertThat(newest.authorEmail(), startsWith("operator@"));
    }

    @Test
    public void onlyThoseWhoMayRollBackHoldAndRelease() throws Exception {
        for (String path : List.of(page + "hold", page + "release")) {
            for (String user : List.of(TestUsers.READER, TestUsers.VIEWER, TestUsers.APPROVER)) {
                WebResponse refused = WebClients.post(j, user, path, form("because"));
                assertThat(user + " " + path, refused.getStatusCode(), is(403));
            }
            assertThat(path, WebClients.get(j, TestUsers.OPERATOR, path).getStatusCode(), is(405));
        }
        assertThat(hold().isPresent(), is(false));
        assertThat(WebClients.get(j, TestUsers.READER, page).getStatusCode(), is(403));
        assertThat(WebClients.get(j, TestUsers.READER, page).getContentAsString(), not(containsString("shop:1")));
        assertThat(
                WebClients.get(j, TestUsers.VIEWER, page).getContentAsString(), not(containsString(page + "hold\"")));
        assertThat(WebClients.get(j, TestUsers.OPERATOR, page).getContentAsString(), containsString(page + "hold\""));
    }

    @Test
    public void missingDataIsReported() throws Exception {
        WebResponse noReason = WebClients.post(j, TestUsers.OPERATOR, page + "hold", form(" "));
        assertThat(noReason.getStatusCode(), is(409));
        assertThat(noReason.getContentAsString(), containsString("A reason is required"));
        assertThat(hold().isPresent(), is(false));

        WebResponse unknown = WebClients.get(j, TestUsers.VIEWER, GitopsUrls.target(repository, "shop", "mars"));
        assertThat(unknown.getStatusCode(), is(404));
        assertThat(unknown.getContentAsString(), containsString("There is no environment"));

        WebResponse unknownHold = WebClients.post(
                j, TestUsers.OPERATOR, GitopsUrls.target(repository, "shop", "mars") + "hold", form("because"));
        assertThat(unknownHold.getStatusCode(), is(404));
        assertThat(unknownHold.getContentAsString(), containsString("There is no environment"));
    }

    @Test
    public void missingTargetsAreNotFoundAndNothingLeaksWithoutView() throws Exception {
        JenkinsRule.WebClient viewer = WebClients.login(j, TestUsers.VIEWER);
        JenkinsRule.WebClient reader = WebClients.login(j, TestUsers.READER);
        JenkinsRule.WebClient anonymous = WebClients.login(j, TestUsers.ANONYMOUS);
        for (String path : List.of(
                "gitops/repository/",
                "gitops/repository/none/",
                GitopsUrls.target("none", "shop", "dev"),
                GitopsUrls.target(repository, "none", "dev"),
                GitopsUrls.target(repository, "shop", "mars"),
                GitopsUrls.target(repository, "..", "dev"),
                GitopsUrls.target(repository, "shop", "."),
                "gitops/repository/" + repository + "/target/",
                "gitops/repository/" + repository + "/none/",
                page + "none",
                page + "changes",
                page + "details/changes",
                page + "repository",
                GitopsUrls.target("none", "shop", "dev") + "api/json",
                GitopsUrls.target(repository, "shop", "mars") + "api/json")) {
            assertThat(path, WebClients.get(viewer, path).getStatusCode(), is(404));
            assertThat(path, WebClients.get(reader, path).getStatusCode(), is(403));
            assertThat(path, WebClients.get(anonymous, path).getStatusCode(), is(403));
        }
        for (String path :
                List.of(page, page + "api/json", page + "api/xml", "gitops/repository/" + repository + "/")) {
            assertThat(path, WebClients.get(viewer, path).getStatusCode(), is(200));
            WebResponse refused = WebClients.get(reader, path);
            assertThat(path, refused.getStatusCode(), is(403));
            assertThat(path, refused.getContentAsString(), not(containsString("ghcr.io")));
            assertThat(path, WebClients.get(anonymous, path).getStatusCode(), is(403));
        }
    }

    @Test
    public void everyNameHasAPage() throws Exception {
        List<List<String>> targets = List.of(
                List.of("shop.eu-1", "dev.2"),
                List.of("my_App", "QA"),
                List.of("SHOP", "DEV"),
                List.of("0", "1.x--y"),
                List.of("index", "api"),
                List.of("api", "index"),
                List.of("target", "hold"),
                List.of("repository", "name"));
        Map<String, String> files = new HashMap<>();
        targets.forEach(t -> files.put(ConfigServer.imageFile(t.get(0), t.get(1)), ConfigServer.image("shop", "7")));
        server.commit(repository, files, "Carol", Instant.now(), "Add targets");
        server.refresh(repository);
        JenkinsRule.WebClient viewer = WebClients.login(j, TestUsers.VIEWER);
        for (List<String> target : targets) {
            WebResponse answer = WebClients.get(viewer, GitopsUrls.target(repository, target.get(0), target.get(1)));
            assertThat(target.toString(), answer.getStatusCode(), is(200));
            assertThat(answer.getContentAsString(), containsString("History of " + String.join("/", target)));
        }
    }

    /** Such names are not valid; the message shows that they are received unchanged. */
    @Test
    public void specialCharactersSurviveTheUrl() throws Exception {
        JenkinsRule.WebClient viewer = WebClients.login(j, TestUsers.VIEWER);
        for (String name : List.of("a/b", "a b", "..", "a%2Fb", "a+b", "a\\b", "a;b", "größe")) {
            HtmlPage html = viewer.goTo(GitopsUrls.target(repository, name, "dev"));
            assertThat(name, html.getWebResponse().getStatusCode(), is(404));
            assertThat(html.asNormalizedText(), containsString('"' + name + '"'));
        }
        WebResponse answer = WebClients.get(viewer, GitopsUrls.target(repository, PAYLOAD, PAYLOAD));
        assertThat(answer.getStatusCode(), is(404));
        assertThat(answer.getContentAsString(), not(containsString("<img src=x")));
        assertThat(answer.getContentAsString(), not(containsString("<script>alert")));
    }

    @Test
    public void breadcrumbsLeadToTheDashboard() throws Exception {
        HtmlPage html = WebClients.login(j, TestUsers.VIEWER).goTo(page);
        Map<String, String> links = new LinkedHashMap<>();
        for (HtmlAnchor link : html.<HtmlAnchor>getByXPath("//div[@id='breadcrumbBar']//a")) {
            links.put(link.getTextContent().trim(), link.getHrefAttribute());
        }
        String base = "/jenkins/gitops/";
        assertThat(links.get("GitOps"), is(base));
        assertThat(links.get(repository), is(base + "repository/" + repository + "/"));
        assertThat(links.get("shop"), is(base + "repository/" + repository + "/target/shop/"));

        JenkinsRule.WebClient client = WebClients.login(j, TestUsers.VIEWER);
        assertThat(
                client.goTo(links.get(repository).substring("/jenkins/".length()))
                        .getUrl()
                        .getFile(),
                is(base + "?repository=" + repository));
        assertThat(
                client.goTo(links.get("shop").substring("/jenkins/".length()))
                        .getUrl()
                        .getFile(),
                is(base + "?page=1&repository=" + repository + "&filter=shop"));
        HtmlPage dashboard = client.goTo("gitops/");
        assertThat(dashboard.getAnchorByText("History").getHrefAttribute(), is("/jenkins/" + page));
    }

    @Test
    public void remoteApiExportsTheTarget() throws Exception {
        commit("2", "shop/dev: set image" + """


            Gitops-Operation: job#7/3@lx0
            Gitops-Target: shop/dev
            Gitops-Build: job #7
            Gitops-Requested-By: alice
            Gitops-Approved-By: bob
            Gitops-Reason: fixes the basket
            Gitops-Image: ghcr.io/myorg/shop:1 -> ghcr.io/myorg/shop:2\
            """);
        WebClients.post(j, TestUsers.OPERATOR, page + "hold", form("broken"));

        JsonNode json = new ObjectMapper()
                .readTree(WebClients.get(j, TestUsers.VIEWER, page + "api/json").getContentAsString());

        assertThat(json.path("repository").asText(), is(repository));
        assertThat(json.path("application").asText(), is("shop"));
        assertThat(json.path("environment").asText(), is("dev"));
        assertThat(json.path("path").asText(), is(ConfigServer.path("shop", "dev")));
        assertThat(json.path("hold").path("by").asText(), is(TestUsers.OPERATOR));
        assertThat(json.path("hold").path("reason").asText(), is("broken"));
        assertThat(Instant.parse(json.path("hold").path("since").asText()).isAfter(Instant.EPOCH), is(true));
        assertThat(json.path("more").asBoolean(), is(false));
        assertThat(json.path("links").isArray(), is(true));
        assertThat(json.path("changes").size(), is(3));
        assertThat(json.path("changes").get(0).path("kind").asText(), is("HOLD"));
        JsonNode change = json.path("changes").get(1);
        assertThat(change.path("kind").asText(), is("SET_IMAGE"));
        assertThat(change.path("external").asBoolean(), is(false));
        assertThat(change.path("by").asText(), is("alice"));
        assertThat(change.path("approvedBy").get(0).asText(), is("bob"));
        assertThat(change.path("reason").asText(), is("fixes the basket"));
        assertThat(change.path("build").asText(), is("job #7"));
        assertThat(change.path("images").get(0).asText(), is("ghcr.io/myorg/shop:1 -> ghcr.io/myorg/shop:2"));
        assertThat(change.path("revision").asText().length(), is(40));
        assertThat(Instant.parse(change.path("at").asText()).isAfter(Instant.EPOCH), is(true));
        assertThat(json.path("changes").get(2).path("kind").asText(), is("EXTERNAL"));
        assertThat(json.path("changes").get(2).path("external").asBoolean(), is(true));
        String xml = WebClients.get(j, TestUsers.VIEWER, page + "api/xml?xpath=//change[1]/kind")
                .getContentAsString();
        assertThat(xml, is("<kind>HOLD</kind>"));
    }

    private static Map<String, String> form(String reason) {
        return Map.of("reason", reason);
    }

    private void commit(String tag, String message) throws Exception {
        server.commit(
                repository,
                Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", tag)),
                "Carol",
                Instant.now(),
                message);
        server.refresh(repository);
    }

    private ConfigRepository repositoryClone() throws Exception {
        return ConfigRepositories.get().open(server.configuration(repository));
    }

    private Optional<Hold> hold() throws Exception {
        Target target = new Target("shop", "dev", ConfigServer.path("shop", "dev"), null);
        return Hold.find(repositoryClone().files(repositoryClone().fetch()), target);
    }
}
