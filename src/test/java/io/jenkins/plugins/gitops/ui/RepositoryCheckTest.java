package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The page that checks a config repository, and the button in the form. */
public class RepositoryCheckTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";
    private static final String BUTTON =
            "descriptorByName/" + RepositoryConfiguration.class.getName() + "/checkRepository";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final ConfigServer server = new ConfigServer();

    private final String repository = "platform-" + System.nanoTime();
    private final String page = GitopsUrls.check(repository);

    @Before
    public void configure() {
        TestUsers.apply(j);
        GitopsConfiguration.get().setRepositories(List.of(server.configuration(repository)));
    }

    private void commit(Map<String, String> files) throws Exception {
        server.commit(repository, files, "Carol", Instant.now(), "Change");
        server.refresh(repository);
    }

    private String page(String user) throws Exception {
        return WebClients.get(j, user, page).getContentAsString();
    }

    private String button(String user, String name) throws Exception {
        return WebClients.post(j, user, BUTTON, Map.of("name", name)).getContentAsString();
    }

    @Test
    public void targetsAreListedWithFileImageAndRule() throws Exception {
        commit(Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")));
        String html = page(TestUsers.VIEWER);
        assertThat(html, containsString(ConfigServer.imageFile("shop", "dev")));
        assertThat(html, containsString("ghcr.io/myorg/shop:1"));
        assertThat(html, containsString("known layout apps/{app}/overlays/{env}"));
        assertThat(html, containsString("There is no gitops.yaml"));
        assertThat(button(TestUsers.ADMIN, repository), containsString("1 targets, 0 warnings."));
        assertThat(button(TestUsers.ADMIN, repository), containsString("/" + page + "\">Details</a>"));
    }

    @Test
    public void errorsAreShownEscapedWithTheirPlaces() throws Exception {
        commit(Map.of("gitops.yaml", HEAD + "\"<img src=x>\": red\nsize: 1\n"));
        String html = page(TestUsers.VIEWER);
        assertThat(html, containsString("gitops.yaml:3:1: "));
        assertThat(html, containsString("gitops.yaml:4:1: "));
        assertThat(html, not(containsString("<img src=x>")));
        String pressed = button(TestUsers.ADMIN, repository);
        assertThat(pressed, containsString("class=\"error\""));
        assertThat(pressed, containsString("gitops.yaml:3:1: "));
        assertThat(pressed, not(containsString("<img src=x>")));
    }

    @Test
    public void warningsAreListed() throws Exception {
        commit(Map.of(
                ConfigServer.imageFile("shop", "dev"),
                ConfigServer.image("shop", "1"),
                "gitops.yaml",
                HEAD + "environments: [{name: dev}, {name: moon}]\n"));
        assertThat(page(TestUsers.VIEWER), containsString("There is no target in environment moon"));
        assertThat(button(TestUsers.ADMIN, repository), containsString("class=\"warning\""));
    }

    @Test
    public void permissionsAreThoseOfTargetsAndOfTheForm() throws Exception {
        commit(Map.of(ConfigServer.imageFile("shop", "dev"), ConfigServer.image("shop", "1")));
        assertThat(WebClients.get(j, TestUsers.READER, page).getStatusCode(), is(403));
        assertThat(WebClients.get(j, TestUsers.VIEWER, page).getStatusCode(), is(200));
        Map<String, String> form = Map.of("name", repository);
        assertThat(WebClients.post(j, TestUsers.VIEWER, BUTTON, form).getStatusCode(), is(403));
        assertThat(WebClients.get(j, TestUsers.ADMIN, BUTTON + "?name=x").getStatusCode(), is(404));
        assertThat(button(TestUsers.ADMIN, "new"), containsString("Save the configuration first"));
    }

    @Test
    public void repositoryThatWasNotReadSaysSo() throws Exception {
        assertThat(WebClients.get(j, TestUsers.VIEWER, page).getStatusCode(), is(404));
        assertThat(button(TestUsers.ADMIN, repository), containsString("has not been read yet"));
    }

    @Test
    public void dashboardAndFormLinkToTheCheck() throws Exception {
        assertThat(WebClients.get(j, TestUsers.VIEWER, "gitops/").getContentAsString(), containsString("/" + page));
        assertThat(
                WebClients.get(j, TestUsers.ADMIN, "manage/configure").getContentAsString(),
                containsString("checkRepository"));
    }
}
