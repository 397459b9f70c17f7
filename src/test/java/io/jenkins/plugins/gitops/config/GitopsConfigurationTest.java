package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.security.Permission;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlForm;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class GitopsConfigurationTest {
    private static final String SECRET = "a report secret of 16+";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private GitopsConfiguration configuration;

    @Before
    public void startEmpty() {
        configuration = GitopsConfiguration.get();
        configuration.setRepositories(null);
        configuration.setAgents(null);
    }

    @Test
    public void formKeepsEveryField() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "git-write", null, "jenkins", "pw"));
        RepositoryConfiguration first = repository("platform", "https://git.example.com/platform.git");
        first.setCredentialsId("git-write");
        first.setBranch("live");
        first.setAliases("ssh://git@git.example.com:7999/platform.git,https://mirror.example.com/platform");
        RepositoryConfiguration second = repository("shop", "git@git.example.com:shop.git");
        AgentConfiguration dev = agent("dev", SECRET);
        dev.setEnvironments("dev,staging");
        RepositoryConfiguration third = repository("docs", "https://git.example.com/docs.git");
        third.setBranch("main");
        configuration.setRepositories(List.of(first, second, third));
        configuration.setAgents(List.of(dev, agent("prod", SECRET + "2")));

        j.configRoundtrip();

        assertThat(configuration.getRepositories(), contains(first, second, third));
        assertThat(configuration.getRepositories().get(0).getBranch(), is("live"));
        assertThat(configuration.getRepositories().get(2).getBranch(), is("main"));
        assertThat(
                configuration.getRepositories().get(0).getAliases(),
                is("ssh://git@git.example.com:7999/platform.git, https://mirror.example.com/platform"));
        assertThat(configuration.getRepositories().get(1).getAliases(), is(nullValue()));
        assertThat(configuration.getRepositories().get(0).getCredentialsId(), is("git-write"));
        assertThat("the default branch", configuration.getRepositories().get(1).getBranch(), is(nullValue()));
        assertThat(configuration.getRepositories().get(1).getCredentialsId(), is(nullValue()));
        AgentConfiguration kept = configuration.agent("dev").orElseThrow();
        assertThat(kept.getEnvironments(), is("dev, staging"));
        assertThat(kept.getSecret().getPlainText(), is(SECRET));
        assertThat(configuration.agent("prod").orElseThrow().getEnvironments(), is(nullValue()));
    }

    @Test
    public void repositoryIsFoundByEachOfItsUrls() throws Exception {
        RepositoryConfiguration platform = repository("platform", "https://git.example.com/platform.git");
        platform.setAliases("ssh://git@git.example.com:7999/platform.git");
        assertThat(platform.isAt("git@git.example.com:platform"), is(true));
        assertThat(platform.isAt("ssh://git.example.com:7999/platform"), is(true));
        assertThat(platform.isAt("https://mirror.example.com/platform"), is(false));
        RepositoryConfiguration otherBranch = repository("live", "https://git.example.com/platform.git");
        otherBranch.setBranch("live");
        otherBranch.setAliases("ssh://git@git.example.com:7999/platform.git");
        configuration.setRepositories(List.of(platform, otherBranch));

        RepositoryConfiguration shop = repository("shop", "https://git.example.com/shop.git");
        for (String taken : List.of("git@git.example.com:platform", "ssh://git.example.com:7999/platform.git")) {
            shop.setAliases("https://mirror.example.com/shop, " + taken);
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> configuration.setRepositories(List.of(platform, shop)));
            assertThat(
                    e.getMessage(),
                    is(
                            "Repositories platform and shop have a URL in common. Remove it from the aliases of the one that it"
                                    + " does not belong to."));
        }
    }

    @Test
    public void aliasesAreRepositoryUrlsAndLimitedInNumber() throws Exception {
        for (String aliases : List.of("/srv/git", "https://git.example.com/a, file:///srv/git", "https://u:p@h/a")) {
            assertThrows(aliases, UserErrorException.class, () -> RepositoryUrl.checkAliases(aliases));
        }
        String twenty = IntStream.range(0, 20)
                .mapToObj(i -> "https://mirror" + i + ".example.com/a")
                .collect(Collectors.joining(","));
        RepositoryUrl.checkAliases(twenty);
        RepositoryUrl.checkAliases(null);
        assertThrows(UserErrorException.class, () -> RepositoryUrl.checkAliases(twenty + ",https://example.com/a"));
    }

    @Test
    public void formWithoutEntriesEmptiesTheLists() throws Exception {
        configuration.setRepositories(List.of(repository("platform", "https://git.example.com/platform.git")));
        configuration.setAgents(List.of(agent("dev", SECRET)));
        JenkinsRule.WebClient browser = j.createWebClient();
        HtmlForm form = browser.goTo("configure").getFormByName("config");
        for (Object button : form.getByXPath(".//button[contains(@class, 'repeatable-delete')]")) {
            ((org.htmlunit.html.HtmlElement) button).click();
        }
        browser.waitForBackgroundJavaScript(2_000);
        j.submit(form);
        assertThat(configuration.getRepositories(), is(empty()));
        assertThat(configuration.getAgents(), is(empty()));
    }

    @Test
    public void formWithInvalidValueChangesNothing() throws Exception {
        configuration.setRepositories(List.of(repository("platform", "https://git.example.com/platform.git")));
        configuration.setAgents(List.of(agent("dev", SECRET)));
        JenkinsRule.WebClient browser = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        HtmlForm form = browser.goTo("configure").getFormByName("config");
        form.getInputByValue("https://git.example.com/platform.git").setValue("file:///etc");
        form.getInputByValue("dev").setValue("other");
        String answer = j.submit(form).getWebResponse().getContentAsString();
        assertThat(answer, containsString("neither https nor ssh"));
        assertThat(configuration.getRepositories().get(0).getUrl(), is("https://git.example.com/platform.git"));
        assertThat(configuration.agent("dev").isPresent(), is(true));
        assertThat(configuration.agent("other").isPresent(), is(false));
    }

    @Test
    public void secretIsNotStoredInPlainText() throws Exception {
        configuration.setAgents(List.of(agent("dev", SECRET)));
        String stored =
                Files.readString(j.jenkins.getRootDir().toPath().resolve(GitopsConfiguration.class.getName() + ".xml"));
        assertThat(stored, containsString("<name>dev</name>"));
        assertThat(stored, not(containsString(SECRET)));
        configuration.load();
        assertThat(configuration.agent("dev").orElseThrow().getSecret().getPlainText(), is(SECRET));
    }

    @Test
    public void invalidEntriesAreRejectedAsAWhole() {
        configuration.setAgents(List.of(agent("dev", SECRET)));
        assertRefused("shorter than 16", () -> configuration.setAgents(List.of(agent("dev", "fifteen letters"))));
        assertRefused("shorter than 16", () -> configuration.setAgents(List.of(new AgentConfiguration("dev", null))));
        assertRefused("not a valid agent name", () -> configuration.setAgents(List.of(agent("../dev", SECRET))));
        assertRefused("empty", () -> configuration.setAgents(List.of(agent(" ", SECRET))));
        assertRefused(
                "two entries", () -> configuration.setAgents(List.of(agent("dev", SECRET), agent("DEV", SECRET))));
        AgentConfiguration odd = agent("dev", SECRET);
        odd.setEnvironments("dev, <b>");
        assertRefused("not a valid environment name", () -> configuration.setAgents(List.of(odd)));
        RepositoryConfiguration branch = repository("platform", "https://git.example.com/platform.git");
        branch.setBranch("--force");
        assertRefused("not a valid branch name", () -> configuration.setRepositories(List.of(branch)));
        assertRefused(
                "not a valid repository name",
                () -> configuration.setRepositories(List.of(repository("a/b", "https://git.example.com/x.git"))));
        assertThat(configuration.getAgents().size(), is(1));
        assertThat(configuration.getRepositories(), is(empty()));
    }

    @Test
    public void onlyRepositoryNeedsNoName() throws Exception {
        UserErrorException none = assertThrows(UserErrorException.class, () -> configuration.repository(null));
        assertThat(none.getMessage(), containsString("Manage Jenkins"));
        RepositoryConfiguration platform = repository("platform", "https://git.example.com/platform.git");
        configuration.setRepositories(List.of(platform));
        assertThat(configuration.repository(null), is(platform));
        assertThat(configuration.repository("platform"), is(platform));
        UserErrorException unknown = assertThrows(UserErrorException.class, () -> configuration.repository("other"));
        assertThat(unknown.getMessage(), containsString("platform"));
    }

    @Test
    public void oneOfSeveralRepositoriesMustBeNamed() throws Exception {
        RepositoryConfiguration platform = repository("platform", "https://git.example.com/platform.git");
        RepositoryConfiguration shop = repository("shop", "https://git.example.com/shop.git");
        configuration.setRepositories(List.of(platform, shop));
        UserErrorException unclear = assertThrows(UserErrorException.class, () -> configuration.repository(null));
        assertThat(unclear.getMessage(), containsString("platform, shop"));
        assertThat(configuration.repository("shop"), is(shop));
    }

    @Test
    public void agentReportsOnlyForItsEnvironments() {
        AgentConfiguration agent = agent("dev", SECRET);
        assertThat(agent.mayReport("production"), is(true));
        agent.setEnvironments(" dev ,, staging ");
        assertThat(agent.getEnvironments(), is("dev, staging"));
        assertThat(agent.mayReport("staging"), is(true));
        assertThat(agent.mayReport("production"), is(false));
        agent.setEnvironments(" ");
        assertThat(agent.getEnvironments(), is(nullValue()));
    }

    @Test
    public void permissionsExistAndAreImpliedByAdminister() {
        assertThat(GitopsPermissions.GROUP.getPermissions(), hasItem(GitopsPermissions.VIEW));
        assertThat(Permission.fromId(GitopsPermissions.class.getName() + ".Approve"), is(GitopsPermissions.APPROVE));
        assertThat(GitopsPermissions.VIEW.impliedBy, is(Jenkins.ADMINISTER));
        assertThat(GitopsPermissions.APPROVE.impliedBy, is(Jenkins.ADMINISTER));
    }

    private static RepositoryConfiguration repository(String name, String url) {
        return new RepositoryConfiguration(name, url);
    }

    private static AgentConfiguration agent(String name, String secret) {
        return new AgentConfiguration(name, Secret.fromString(secret));
    }

    private static void assertRefused(String message, org.junit.function.ThrowingRunnable change) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, change);
        assertThat(e.getMessage(), containsString(message));
    }
}
