package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.status.LinkedSource;
import io.jenkins.plugins.gitops.status.Repositories;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.htmlunit.WebResponse;
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
    private final String page = "gitops/history?repository=" + repository + "&app=shop&env=dev";

    @Before
    public void configure() throws Exception {
        Roles.apply(j);
        GitopsConfiguration.get().setRepositories(List.of(server.configuration(repository)));
        commit("1", "First");
    }

    @Test
    public void tellsWhoDidWhatAndWhyAlsoOfForeignCommits() throws Exception {
        String trailers = "\n\nGitops-Operation: job#7/3@lx0\nGitops-Target: shop/dev\nGitops-Build: job #7\n"
                + "Gitops-Requested-By: %s\nGitops-Reason: %s\n"
                + "Gitops-Image: ghcr.io/myorg/shop:1 -> ghcr.io/myorg/shop:2";
        commit("2", "shop/dev: set image" + trailers.formatted("alice", "fixes the basket"));
        commit("3", "Cherry-picked with its message" + trailers.formatted("mallory", "none"));

        String html = Roles.get(j, Roles.VIEWER, page).getContentAsString();

        assertThat(html, containsString("ghcr.io/myorg/shop:1 -> ghcr.io/myorg/shop:2"));
        assertThat(html, containsString("ghcr.io/myorg/shop:2 -> ghcr.io/myorg/shop:3"));
        assertThat(html, containsString("Image set"));
        assertThat(html, containsString("Outside of Jenkins"));
        assertThat(html, containsString("alice"));
        assertThat(html, containsString("fixes the basket"));
        assertThat("a message that does not fit what the commit did", html, not(containsString("mallory")));
    }

    @Test
    public void leadsToWhereTheAgentShowsIt() throws Exception {
        Linked linked = j.jenkins.getExtensionList(Linked.class).get(0);
        linked.show("shop/dev", PAYLOAD, "https://argocd.example.com/applications/argocd/shop-dev?a=%22&b=c");
        String html = Roles.get(j, Roles.VIEWER, page).getContentAsString();
        assertThat(
                html, containsString("href=\"https://argocd.example.com/applications/argocd/shop-dev?a=%22&amp;b=c\""));
        assertThat(html, containsString(" in Argo CD main</a>"));
        assertThat(html, not(containsString("<img src=x")));
        for (String url : List.of("javascript:alert(1)", "file:///etc/passwd", "https:/nowhere")) {
            linked.show("shop/dev", "shop-dev", url);
            assertThat(
                    url, Roles.get(j, Roles.VIEWER, page).getContentAsString(), not(containsString("in Argo CD main")));
        }
        linked.show("", "", "https://argocd.example.com/");
    }

    @TestExtension
    public static final class Linked extends LinkedSource {}

    @Test
    public void holdsAndReleasesInTheNameOfThePerson() throws Exception {
        assertThat(hold().isPresent(), is(false));

        WebResponse held = Roles.post(j, Roles.OPERATOR, "gitops/hold", form("broken " + PAYLOAD));

        assertThat(held.getStatusCode(), is(200));
        assertThat(hold().orElseThrow().by(), is(Roles.OPERATOR));
        assertThat(hold().orElseThrow().reason(), is("broken " + PAYLOAD));
        assertThat(held.getContentAsString(), containsString("operator holds this target"));
        assertThat(held.getContentAsString(), not(containsString("<img src=x")));
        assertThat(held.getContentAsString(), not(containsString("<script>alert")));
        server.refresh(repository);
        String dashboard = Roles.get(j, Roles.VIEWER, "gitops/table?repository=" + repository)
                .getContentAsString();
        assertThat(dashboard, containsString("Held by operator: broken"));
        assertThat(dashboard, not(containsString("<img src=x")));

        WebResponse released = Roles.post(j, Roles.OPERATOR, "gitops/release", form("mended"));

        assertThat(released.getStatusCode(), is(200));
        assertThat(hold().isPresent(), is(false));
        assertThat(released.getContentAsString(), not(containsString("holds this target")));
        CommitInfo newest =
                repositoryClone().log(repositoryClone().fetch(), "", 1).get(0);
        assertThat(newest.trailers().first(Trailers.REASON), is(Optional.of("mended")));
        assertThat(newest.trailers().first(Trailers.REQUESTED_BY), is(Optional.of(Roles.OPERATOR)));
        assertThat(newest.authorEmail(), startsWith("operator@"));
    }

    @Test
    public void onlyThoseWhoMayRollBackHoldAndRelease() throws Exception {
        for (String path : List.of("gitops/hold", "gitops/release")) {
            for (String user : List.of(Roles.READER, Roles.VIEWER, Roles.APPROVER)) {
                WebResponse refused = Roles.post(j, user, path, form("because"));
                assertThat(user + " " + path, refused.getStatusCode(), is(403));
            }
            assertThat(path, Roles.get(j, Roles.OPERATOR, path).getStatusCode(), is(405));
        }
        assertThat(hold().isPresent(), is(false));
        assertThat(Roles.get(j, Roles.READER, page).getStatusCode(), is(403));
        assertThat(Roles.get(j, Roles.READER, page).getContentAsString(), not(containsString("shop:1")));
        assertThat(Roles.get(j, Roles.VIEWER, page).getContentAsString(), not(containsString("gitops/hold\"")));
        assertThat(Roles.get(j, Roles.OPERATOR, page).getContentAsString(), containsString("gitops/hold\""));
    }

    @Test
    public void whatIsMissingIsSaid() throws Exception {
        WebResponse noReason = Roles.post(j, Roles.OPERATOR, "gitops/hold", form(" "));
        assertThat(noReason.getStatusCode(), is(409));
        assertThat(noReason.getContentAsString(), containsString("need a reason"));
        assertThat(hold().isPresent(), is(false));

        WebResponse unknown =
                Roles.get(j, Roles.VIEWER, "gitops/history?repository=" + repository + "&app=shop&env=mars");
        assertThat(unknown.getStatusCode(), is(404));
        assertThat(unknown.getContentAsString(), containsString("There is no environment"));
        for (String query : List.of("", "?repository=none&app=shop&env=dev", "?app=" + "..%2F&env=dev")) {
            assertThat(
                    query, Roles.get(j, Roles.VIEWER, "gitops/history" + query).getStatusCode(), is(404));
        }
    }

    private static Map<String, String> form(String reason) {
        Map<String, String> form = new HashMap<>(Map.of("app", "shop", "env", "dev", "reason", reason));
        form.put(
                "repository", GitopsConfiguration.get().getRepositories().get(0).getName());
        return form;
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
        return Repositories.get().open(server.configuration(repository));
    }

    private Optional<Hold> hold() throws Exception {
        Target target = new Target("shop", "dev", ConfigServer.path("shop", "dev"), null);
        return Hold.find(repositoryClone().files(repositoryClone().fetch()), target);
    }
}
