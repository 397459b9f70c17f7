package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;

public class UnrestrictedBuildsMonitorTest {
    private static final String NO_EFFECT = "GitOps permissions on jobs have no effect";
    private static final String OPEN = "All jobs of this Jenkins can change";

    @Rule
    public final JenkinsRule j = new JenkinsRule();

    private UnrestrictedBuildsMonitor monitor;

    @Before
    public void people() {
        monitor = AdministrativeMonitor.all().get(UnrestrictedBuildsMonitor.class);
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.ADMINISTER)
                        .everywhere()
                        .to("admin")
                        .grant(Jenkins.READ, Jenkins.MANAGE)
                        .everywhere()
                        .to("manager"));
    }

    private static RepositoryConfiguration repository(String name, String folders) {
        RepositoryConfiguration repository =
                new RepositoryConfiguration(name, "https://git.example.com/" + name + ".git");
        repository.setFolders(folders);
        return repository;
    }

    private HtmlPage manage(String user) throws Exception {
        return WebClients.login(j, user).goTo("manage");
    }

    @Test
    public void saysWhatIsOpenWhileBuildsRunAsTheSystem() throws Exception {
        assertThat(monitor.isActivated(), is(false));
        GitopsConfiguration.get().setRepositories(List.of(repository("open", "*"), repository("closed", "team")));
        assertThat(monitor.isActivated(), is(true));
        String page = manage("admin").asNormalizedText();
        assertThat(page, containsString(NO_EFFECT));
        assertThat(page, containsString(OPEN));
        assertThat(monitor.getOpenRepositories(), is(List.of("open")));
        GitopsConfiguration.get().setRepositories(List.of(repository("closed", "team")));
        page = manage("admin").asNormalizedText();
        assertThat(page, containsString(NO_EFFECT));
        assertThat(page, not(containsString(OPEN)));
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().add(new MockQueueItemAuthenticator());
        assertThat(monitor.isActivated(), is(false));
    }

    @Test
    public void administratorsDismissIt() throws Exception {
        GitopsConfiguration.get().setRepositories(List.of(repository("open", "*")));
        assertThat(act("manager"), is(403));
        assertThat(monitor.isEnabled(), is(true));
        HtmlForm form = WebClients.loginWithScripts(j, "admin").goTo("manage").getFormByName(monitor.id);
        j.submit(form, "no");
        assertThat(monitor.isEnabled(), is(false));
        assertThat(manage("admin").asNormalizedText(), not(containsString(NO_EFFECT)));
    }

    private int act(String user) throws Exception {
        JenkinsRule.WebClient client = WebClients.login(j, user);
        WebRequest request = client.addCrumb(
                new WebRequest(new URL(client.getContextPath() + monitor.getUrl() + "/act?no=no"), HttpMethod.POST));
        return client.getPage(request).getWebResponse().getStatusCode();
    }
}
