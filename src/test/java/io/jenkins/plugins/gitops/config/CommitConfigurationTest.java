package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.Functions;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.Util;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class CommitConfigurationTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Test
    public void formAndFileKeepEveryFieldAndNoSecret() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .addAll(List.of(
                        new StringCredentialsImpl(
                                CredentialsScope.GLOBAL, "signing-key", null, Secret.fromString("the key")),
                        new StringCredentialsImpl(
                                CredentialsScope.GLOBAL, "passphrase", null, Secret.fromString("the passphrase"))));
        CommitConfiguration commits = new CommitConfiguration();
        commits.setCommitter("CI <ci-bot@example.com>");
        commits.setAuthor("Delivery <delivery@example.com>");
        commits.setUserEmail(true);
        commits.setSubject("{ticket}: {summary}");
        commits.setSubjectSuffix("[skip ci]");
        commits.setTicketPattern("#[0-9]+");
        commits.setDefaultTicket("#0");
        commits.setSignOff(true);
        commits.setSigningCredentialsId("signing-key");
        commits.setPassphraseCredentialsId("passphrase");
        RepositoryConfiguration first = repository("platform");
        first.setCommits(commits);
        GitopsConfiguration.get().setRepositories(List.of(first, repository("shop")));

        j.configRoundtrip();
        assertKept();

        Path file = Files.createTempFile(j.jenkins.getRootDir().toPath(), "exported", ".yaml");
        String exported =
                Util.toYamlString(Util.getUnclassifiedRoot(new ConfigurationContext(ConfiguratorRegistry.get()))
                        .get("gitops"));
        Files.writeString(file, "unclassified:\n  gitops:\n" + exported.indent(4));
        GitopsConfiguration.get().setRepositories(null);
        ConfigurationAsCode.get().configure(file.toUri().toString());
        assertKept();

        String stored =
                Files.readString(j.jenkins.getRootDir().toPath().resolve(GitopsConfiguration.class.getName() + ".xml"));
        for (String text : List.of(exported, stored)) {
            assertThat(text, containsString("signing-key"));
            assertThat(text, not(containsString("the key")));
            assertThat(text, not(containsString("the passphrase")));
        }
    }

    private static void assertKept() {
        List<RepositoryConfiguration> repositories = GitopsConfiguration.get().getRepositories();
        CommitConfiguration kept = repositories.get(0).getCommits();
        assertThat(kept.getCommitter(), is("CI <ci-bot@example.com>"));
        assertThat(kept.getAuthor(), is("Delivery <delivery@example.com>"));
        assertThat(kept.isUserEmail(), is(true));
        assertThat(kept.getSubject(), is("{ticket}: {summary}"));
        assertThat(kept.getSubjectSuffix(), is("[skip ci]"));
        assertThat(kept.getTicketPattern(), is("#[0-9]+"));
        assertThat(kept.getDefaultTicket(), is("#0"));
        assertThat(kept.isSignOff(), is(true));
        assertThat(kept.getSigningCredentialsId(), is("signing-key"));
        assertThat(kept.getPassphraseCredentialsId(), is("passphrase"));
        assertThat(repositories.get(1).getCommits(), is(nullValue()));
    }

    @Test
    public void invalidValueIsRejectedByFormAndFile() throws Exception {
        CommitConfiguration.DescriptorImpl form =
                j.jenkins.getDescriptorByType(CommitConfiguration.DescriptorImpl.class);
        assertThat(form.doCheckCommitter("CI <ci@example.com>").kind, is(FormValidation.Kind.OK));
        assertThat(form.doCheckCommitter("").kind, is(FormValidation.Kind.OK));
        for (FormValidation wrong : List.of(
                form.doCheckCommitter("ci@example.com"),
                form.doCheckAuthor("<ci@example.com>"),
                form.doCheckSubject("{sumary}"),
                form.doCheckSubjectSuffix("x".repeat(51)),
                form.doCheckTicketPattern("["),
                form.doCheckDefaultTicket("x".repeat(51)))) {
            assertThat(wrong.toString(), wrong.kind, is(FormValidation.Kind.ERROR));
        }
        Path file = Files.createTempFile(j.jenkins.getRootDir().toPath(), "wrong", ".yaml");
        Files.writeString(
                file,
                "unclassified:\n  gitops:\n    repositories:\n    - name: a\n      url: https://git.example.com/a.git\n"
                        + "      commits:\n        subject: '{tickt}'\n");
        ConfiguratorException e = assertThrows(ConfiguratorException.class, () -> ConfigurationAsCode.get()
                .configure(file.toUri().toString()));
        assertThat(
                Functions.printThrowable(e),
                containsString("The subject of commits has an unknown placeholder {tickt}"));
    }

    private static RepositoryConfiguration repository(String name) {
        return new RepositoryConfiguration(name, "https://git.example.com/" + name + ".git");
    }
}
