package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.security.csrf.CrumbIssuer;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What the form's own URLs reveal, and to whom. */
public class ConfigurationFormSecurityTest {
    private static final String REPOSITORY = "descriptorByName/" + RepositoryConfiguration.class.getName() + "/";
    private static final String COMMITS = "descriptorByName/" + CommitConfiguration.class.getName() + "/";
    private static final String AGENT = "descriptorByName/" + AgentConfiguration.class.getName() + "/";
    private static final String FLUX = "descriptorByName/" + FluxReceiverConfiguration.class.getName() + "/";
    private static final String REGISTRY = "descriptorByName/" + RegistryConfiguration.class.getName() + "/";
    private static final String ARGO = "descriptorByName/" + ArgoCdServerConfiguration.class.getName() + "/";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @BeforeClass
    public static void giveRoles() throws Exception {
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.READ)
                        .everywhere()
                        .toEveryone()
                        .grant(Jenkins.SYSTEM_READ, GitopsPermissions.VIEW, GitopsPermissions.APPROVE)
                        .everywhere()
                        .to("reader")
                        .grant(Jenkins.MANAGE)
                        .everywhere()
                        .to("manager", "configurer")
                        .grant(GitopsPermissions.CONFIGURE)
                        .everywhere()
                        .to("configurer")
                        .grant(Jenkins.ADMINISTER)
                        .everywhere()
                        .to("admin"));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "git-write", "w", "jenkins", "pw"));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.SYSTEM, "argocd-token", null, Secret.fromString("token")));
        GitopsConfiguration.get()
                .setAgents(List.of(new AgentConfiguration("dev", Secret.fromString("plain report secret"))));
    }

    /** With only Overall/Manage, the form is not shown, and its submission is ignored. */
    @Test
    public void gitopsConfigurePermissionAllowsTheSystemForm() throws Exception {
        RepositoryConfiguration old = new RepositoryConfiguration("old", "https://git.example.com/old.git");
        GitopsConfiguration.get().setRepositories(List.of(old));
        Jenkins.MANAGE.setEnabled(true);

        for (String user : List.of("manager", "configurer")) {
            JenkinsRule.WebClient client = WebClients.loginWithScripts(j, user);
            HtmlForm form = client.goTo("manage/configure").getFormByName("config");
            List<HtmlInput> urls = form.getByXPath(".//input[@value='https://git.example.com/old.git']");
            assertThat(user, urls.size(), is(user.equals("manager") ? 0 : 1));
            for (HtmlInput url : urls) {
                url.setValue("https://git.example.com/new.git");
            }
            j.submit(form);
        }

        assertThat(GitopsConfiguration.get().getRepositories().get(0).getUrl(), is("https://git.example.com/new.git"));
    }

    @Test
    public void administratorSeesValidationErrors() throws Exception {
        assertThat(
                post("admin", REPOSITORY + "checkName", "value", "a b"), containsString("not a valid repository name"));
        assertThat(post("admin", REPOSITORY + "checkName", "value", "platform"), not(containsString("error")));
        assertThat(
                post("admin", REPOSITORY + "checkUrl", "value", "file:///etc"),
                containsString("neither https nor ssh"));
        assertThat(
                post("admin", REPOSITORY + "checkBranch", "value", "a..b"), containsString("not a valid branch name"));
        assertThat(post("admin", REPOSITORY + "checkBranch", "value", ""), not(containsString("error")));
        assertThat(
                post("admin", REPOSITORY + "checkWebhookSecret", "value", "short"), containsString("shorter than 16"));
        assertThat(post("admin", REPOSITORY + "checkWebhookSecret", "value", ""), not(containsString("error")));
        assertThat(post("admin", FLUX + "checkName", "value", "a b"), containsString("not a valid Flux name"));
        assertThat(post("admin", FLUX + "checkSecret", "value", ""), containsString("shorter than 16"));
        assertThat(post("admin", FLUX + "checkSecret", "value", "sixteen letters."), not(containsString("error")));
        assertThat(
                post("admin", FLUX + "checkEnvironments", "value", "a,<b>"),
                containsString("not a valid environment name"));
        assertThat(post("admin", AGENT + "checkName", "value", ""), containsString("is empty"));
        assertThat(post("admin", AGENT + "checkSecret", "value", "short"), containsString("shorter than 16"));
        assertThat(post("admin", AGENT + "checkSecret", "value", "short"), not(containsString("short\"")));
        assertThat(
                post("admin", AGENT + "checkEnvironments", "value", "a,<b>"),
                containsString("not a valid environment name"));
        assertThat(post("admin", ARGO + "checkName", "value", ""), containsString("is empty"));
        assertThat(post("admin", ARGO + "checkUrl", "value", "http://argocd.example.com"), containsString("not https"));
        assertThat(post("admin", ARGO + "checkProjects", "value", ""), containsString("No Argo CD project"));
        assertThat(
                post("admin", ARGO + "checkEnvironments", "value", "a,<b>"),
                containsString("not a valid environment name"));
        assertThat(post("admin", ARGO + "checkWebhookSecret", "value", "short"), containsString("shorter than 16"));
        assertThat(post("admin", ARGO + "checkWebhookSecret", "value", ""), not(containsString("error")));
        assertThat(post("admin", REGISTRY + "checkHost", "value", "http://x"), containsString("not a valid registry"));
        assertThat(post("admin", REGISTRY + "checkHost", "value", "ghcr.io"), not(containsString("error")));
        assertThat(post("admin", REGISTRY + "checkTokenServer", "value", "x"), containsString("not a valid registry"));
        assertThat(post("admin", REGISTRY + "checkTokenServer", "value", ""), not(containsString("error")));
    }

    @Test
    public void checksEscapeWhatWasTyped() throws Exception {
        String payload = "\"'><img src=x onerror=alert(1)>";
        for (String check : List.of(
                REPOSITORY + "checkName",
                REPOSITORY + "checkBranch",
                COMMITS + "checkSubject",
                COMMITS + "checkTicketPattern",
                AGENT + "checkEnvironments",
                FLUX + "checkName",
                FLUX + "checkEnvironments",
                REGISTRY + "checkHost",
                REGISTRY + "checkTokenServer",
                ARGO + "checkName",
                ARGO + "checkProjects")) {
            assertThat(post("admin", check, "value", payload), not(containsString("<img")));
        }
    }

    @Test
    public void othersLearnNothing() throws Exception {
        for (String user : List.of("reader", "")) {
            for (String check : List.of(
                    REPOSITORY + "checkName",
                    REPOSITORY + "checkUrl",
                    REPOSITORY + "checkBranch",
                    REPOSITORY + "checkWebhookSecret",
                    COMMITS + "checkCommitter",
                    COMMITS + "checkAuthor",
                    COMMITS + "checkSubject",
                    COMMITS + "checkTicketPattern",
                    FLUX + "checkName",
                    FLUX + "checkSecret",
                    FLUX + "checkEnvironments",
                    AGENT + "checkName",
                    AGENT + "checkSecret",
                    AGENT + "checkEnvironments",
                    REGISTRY + "checkHost",
                    REGISTRY + "checkTokenServer",
                    ARGO + "checkName",
                    ARGO + "checkUrl",
                    ARGO + "checkProjects",
                    ARGO + "checkEnvironments",
                    ARGO + "checkWebhookSecret")) {
                assertThat(check, post(user, check, "value", "-- <>"), is("<div/>"));
            }
        }
    }

    @Test
    public void credentialsAreListedForAdministratorsOnly() throws Exception {
        String fill = REPOSITORY + "fillCredentialsIdItems";
        assertThat(post("admin", fill, "url", "https://git.example.com/x.git"), containsString("git-write"));
        assertThat(post("reader", fill, "url", "https://git.example.com/x.git"), not(containsString("git-write")));
        assertThat(post("", fill, "url", "https://git.example.com/x.git"), not(containsString("git-write")));
        assertThat(post("reader", fill, "credentialsId", "chosen"), containsString("chosen"));
        for (String field : List.of("SigningCredentialsId", "PassphraseCredentialsId")) {
            String keys = COMMITS + "fill" + field + "Items";
            assertThat(post("admin", keys, "url", ""), containsString("argocd-token"));
            assertThat(post("admin", keys, "url", ""), not(containsString("git-write")));
            assertThat(post("reader", keys, "url", ""), not(containsString("argocd-token")));
            assertThat(post("", keys, "url", ""), not(containsString("argocd-token")));
        }
        String tokens = ARGO + "fillCredentialsIdItems";
        assertThat(post("admin", tokens, "url", "https://argocd.example.com"), containsString("argocd-token"));
        assertThat(post("admin", tokens, "url", "https://argocd.example.com"), not(containsString("git-write")));
        assertThat(post("reader", tokens, "url", "https://argocd.example.com"), not(containsString("argocd-token")));
        assertThat(post("", tokens, "url", "https://argocd.example.com"), not(containsString("argocd-token")));
        String logins = REGISTRY + "fillCredentialsIdItems";
        assertThat(post("admin", logins, "host", "ghcr.io"), containsString("git-write"));
        assertThat(post("admin", logins, "host", "ghcr.io"), not(containsString("argocd-token")));
        assertThat(post("reader", logins, "host", "ghcr.io"), not(containsString("git-write")));
        assertThat(post("", logins, "host", "ghcr.io"), not(containsString("git-write")));
    }

    @Test
    public void checksAndListsAcceptOnlyPost() throws Exception {
        for (String path : List.of(
                REPOSITORY + "checkName",
                REPOSITORY + "checkUrl",
                REPOSITORY + "checkBranch",
                REPOSITORY + "fillCredentialsIdItems",
                REPOSITORY + "checkWebhookSecret",
                COMMITS + "checkCommitter",
                COMMITS + "checkAuthor",
                COMMITS + "checkSubject",
                COMMITS + "checkSubjectSuffix",
                COMMITS + "checkTicketPattern",
                COMMITS + "checkDefaultTicket",
                COMMITS + "fillSigningCredentialsIdItems",
                COMMITS + "fillPassphraseCredentialsIdItems",
                FLUX + "checkName",
                FLUX + "checkSecret",
                FLUX + "checkEnvironments",
                AGENT + "checkName",
                AGENT + "checkSecret",
                AGENT + "checkEnvironments",
                REGISTRY + "checkHost",
                REGISTRY + "checkTokenServer",
                REGISTRY + "fillCredentialsIdItems",
                ARGO + "checkName",
                ARGO + "checkUrl",
                ARGO + "checkProjects",
                ARGO + "checkEnvironments",
                ARGO + "checkWebhookSecret",
                ARGO + "fillCredentialsIdItems")) {
            JenkinsRule.WebClient browser = WebClients.login(j, "admin");
            WebRequest get = new WebRequest(new URL(browser.getContextPath() + path + "?value=x"));
            assertThat(path, browser.getPage(get).getWebResponse().getStatusCode(), is(404));
        }
    }

    @Test
    public void onlyAdministratorsSeeTheSecretsField() throws Exception {
        String page =
                WebClients.login(j, "reader").goTo("configure").getWebResponse().getContentAsString();
        assertThat(page, not(containsString("plain report secret")));
        String encrypted =
                GitopsConfiguration.get().agent("dev").orElseThrow().getSecret().getEncryptedValue();
        assertThat(page, not(containsString(encrypted)));
        assertThat(
                WebClients.login(j, "admin").goTo("configure").getWebResponse().getContentAsString(),
                not(containsString("plain report secret")));
    }

    @Test
    public void onlyAdministratorsSave() throws Exception {
        JenkinsRule.WebClient browser = WebClients.login(j, "reader");
        WebRequest save = new WebRequest(new URL(browser.getContextPath() + "configSubmit"), HttpMethod.POST);
        addCrumb(save, browser);
        assertThat(browser.getPage(save).getWebResponse().getStatusCode(), is(403));
        assertThat(GitopsConfiguration.get().getAgents().size(), is(1));
    }

    private static String post(String user, String path, String name, String value) throws Exception {
        JenkinsRule.WebClient browser = WebClients.login(j, user);
        WebRequest request = new WebRequest(
                new URL(browser.getContextPath() + path + "?" + name + "="
                        + URLEncoder.encode(value, StandardCharsets.UTF_8)),
                HttpMethod.POST);
        addCrumb(request, browser);
        WebResponse response = browser.getPage(request).getWebResponse();
        assertThat(path, response.getStatusCode(), is(200));
        return response.getContentAsString();
    }

    private static void addCrumb(WebRequest request, JenkinsRule.WebClient browser) {
        CrumbIssuer issuer = j.jenkins.getCrumbIssuer();
        request.setAdditionalHeader(
                issuer.getCrumbRequestField(), issuer.getCrumb((jakarta.servlet.ServletRequest) null));
    }
}
