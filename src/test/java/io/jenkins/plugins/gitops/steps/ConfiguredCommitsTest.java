package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assume.assumeTrue;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Result;
import hudson.model.User;
import hudson.tasks.Mailer;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.CommitConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.SigningKeys;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;

/** Commits of builds follow the commit settings of the repository. */
public class ConfiguredCommitsTest {

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private static int number;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final CommitConfiguration commits = new CommitConfiguration();

    @Before
    public void useRules() {
        RepositoryConfiguration repository =
                GitopsConfiguration.get().getRepositories().get(0);
        repository.setCommits(commits);
        GitopsConfiguration.get().setRepositories(List.of(repository));
    }

    @Test
    public void addressIsTheFirstOneThatIsKnownAndMayBeShown() throws Exception {
        User.getById("alice", true).addProperty(new Mailer.UserProperty("alice@corp.example"));
        assertAuthor("Alice Example <alice@jenkins.invalid>");
        commits.setCommitter("CI <ci-bot@corp.example>");
        assertAuthor("Alice Example <ci-bot@corp.example>");
        commits.setUserEmail(true);
        assertAuthor("Alice Example <alice@corp.example>");
        commits.setAuthor("Delivery <delivery@corp.example>");
        assertAuthor("Delivery <delivery@corp.example>");
        RevCommit commit = tip();
        assertThat(commit.getCommitterIdent().getEmailAddress(), is("ci-bot@corp.example"));
        assertThat(commit.getFullMessage(), containsString("\nGitops-Requested-By: alice\n"));
    }

    @Test
    public void subjectHasTheTicketOfTheReason() throws Exception {
        commits.setSubject("{ticket}: {summary}");
        commits.setSubjectSuffix("[skip ci]");
        commits.setSignOff(true);
        commits.setCommitter("CI <ci-bot@corp.example>");
        assertThat(build("OPS-12 Release").getResult(), is(Result.SUCCESS));
        assertThat(tip().getShortMessage().matches("OPS-12: .* \\[skip ci]"), is(true));
        assertThat(tip().getFullMessage().endsWith("\nSigned-off-by: CI <ci-bot@corp.example>\n"), is(true));
        J.assertLogContains("No ticket that matches [A-Z][A-Z0-9]+-[0-9]+ was found", build("Release"));
        commits.setDefaultTicket("OPS-0");
        J.assertLogNotContains("No ticket", build("Release"));
        assertThat(tip().getShortMessage().startsWith("OPS-0: "), is(true));
    }

    @Test
    public void keysOfTheCredentialsStoreSignCommits() throws Exception {
        assumeTrue("needs ssh-keygen, gpg and git", SigningKeys.areAvailable());
        SigningKeys keys = new SigningKeys(folder.getRoot().toPath());
        Path ssh = keys.ssh("ed25519", "ssh passphrase");
        add(new BasicSSHUserPrivateKey(
                CredentialsScope.GLOBAL,
                "ssh-signing",
                "git",
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(Files.readString(ssh)),
                "ssh passphrase",
                null));
        commits.setSigningCredentialsId("ssh-signing");
        assertThat(build("one").getResult(), is(Result.SUCCESS));
        keys.verify(J.repository().folder(), tip().name());

        Path gpg = keys.gpg("rsa2048", "sign", "gpg passphrase");
        addText("gpg-signing", Files.readString(gpg));
        addText("gpg-passphrase", "gpg passphrase");
        commits.setSigningCredentialsId("gpg-signing");
        commits.setPassphraseCredentialsId("gpg-passphrase");
        assertThat(build("two").getResult(), is(Result.SUCCESS));
        keys.verify(J.repository().folder(), tip().name());
        keys.close();

        addText("wrong-passphrase", "s3cret");
        commits.setPassphraseCredentialsId("wrong-passphrase");
        assertFails("Commits cannot be signed with credentials gpg-signing: it is not an OpenPGP secret key, or its"
                + " passphrase does not open it. Correct the key and its passphrase.");
        commits.setSigningCredentialsId("missing");
        assertFails("Commits cannot be signed: there are no credentials missing in the system's store.");
    }

    private void assertFails(String message) throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = build("fails");
        assertThat(run.getResult(), is(Result.FAILURE));
        J.assertLogContains(message, run);
        J.assertLogNotContains("s3cret", run);
        assertThat(J.repository().tip(), is(before));
    }

    private static void addText(String id, String text) throws Exception {
        add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, null, Secret.fromString(text)));
    }

    private static void add(StandardCredentials credentials) throws IOException {
        SystemCredentialsProvider.getInstance().getCredentials().add(credentials);
        SystemCredentialsProvider.getInstance().save();
    }

    private void assertAuthor(String expected) throws Exception {
        assertThat(build("Release").getResult(), is(Result.SUCCESS));
        assertThat(
                tip().getAuthorIdent().getName() + " <" + tip().getAuthorIdent().getEmailAddress() + ">", is(expected));
    }

    private static WorkflowRun build(String reason) throws Exception {
        number++;
        WorkflowRun run = Pipelines.start(
                J.job(
                        "job-" + number,
                        "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v" + number + "', reason: '" + reason
                                + "')"),
                "alice");
        return J.waitForCompletion(run);
    }

    private static RevCommit tip() throws IOException {
        try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(J.repository().folder().toFile())
                        .build();
                RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(repository.resolve("refs/heads/main"));
            walk.parseBody(commit);
            return commit;
        }
    }
}
