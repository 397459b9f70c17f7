package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.SigningKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** A host with rules for commits: the error names the option that complies with them, and that option works. */
public class CommitRulesTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path bare;
    private GitHttpServer server;
    private int tags;
    private String err;

    @Before
    public void serve() throws Exception {
        bare = folder.getRoot().toPath().resolve("platform.git");
        ExampleRepository.create(bare);
        server = GitHttpServer.start(folder.getRoot().toPath(), null, null, 0);
    }

    @After
    public void stop() {
        server.close();
    }

    @Test
    public void ticketInTheSubject() throws Exception {
        require(
                commit -> commit.getShortMessage().matches("[A-Z]+-[0-9]+: .*"),
                "Commit message must begin with a ticket, like OPS-12: ...");
        assertRejected("Commit message must begin with a ticket", "--subject and --ticket");
        assertThat(set("--subject", "{ticket}: {summary}"), is(0));
        assertThat(tip().getShortMessage(), startsWith("OPS-12: "));
        assertThat(err, is(""));
        assertThat(set("--subject", "{ticket}: {summary}", "--reason", "none"), is(1));
        assertThat(err, startsWith("No ticket that matches [A-Z][A-Z0-9]+-[0-9]+ was found in the reason"));
        assertThat(set("--subject", "{ticket}: {summary}", "--reason", "none", "--ticket", "OPS-13"), is(0));
        assertThat(tip().getShortMessage(), startsWith("OPS-13: "));
    }

    @Test
    public void signOff() throws Exception {
        require(
                commit -> commit.getFullMessage().contains("\nSigned-off-by: "),
                "Signed-off-by is missing, see CONTRIBUTING");
        assertRejected("Signed-off-by is missing", "--sign-off");
        assertThat(set("--sign-off"), is(0));
    }

    @Test
    public void committer() throws Exception {
        require(
                commit -> commit.getCommitterIdent().getEmailAddress().equals("ci-bot@acme.example"),
                "Committer must be ci-bot@acme.example, who pushes");
        assertRejected("Committer must be ci-bot@acme.example", "--committer and --author");
        assertThat(set("--committer", "CI <ci-bot@acme.example>", "--author", "Ada <ada@example.com>"), is(0));
        assertThat(tip().getAuthorIdent().getEmailAddress(), is("ada@example.com"));
        assertThat(set("--committer", "ci-bot"), is(1));
        assertThat(
                err,
                is("--committer is not an identity. Give it as \"NAME <MAIL>\", for example \"CI"
                        + " <ci@example.com>\".\n"));
    }

    @Test
    public void signature() throws Exception {
        assumeTrue("needs ssh-keygen, gpg and git", SigningKeys.areAvailable());
        require(commit -> commit.getRawGpgSignature() != null, "Commits must have verified signatures");
        assertRejected("Commits must have verified signatures", "--signing-key");
        SigningKeys keys = new SigningKeys(folder.getRoot().toPath());
        Path key = keys.ssh("ed25519", "");
        assertThat(set("--signing-key", key.toString()), is(0));
        keys.verify(bare, tip().name());
    }

    @Test
    public void review() throws Exception {
        require(commit -> false, "main is protected: changes must be made through a pull request");
        assertRejected("main is protected", "Allow the user of these credentials to push to the branch");
    }

    @Test
    public void suffixSkipsTheBuildOfTheCommit() throws Exception {
        assertThat(set("--subject-suffix", "[skip ci]"), is(0));
        assertThat(tip().getShortMessage().endsWith(" [skip ci]"), is(true));
    }

    private void assertRejected(String words, String remedy) throws IOException {
        String before = tip().name();
        assertThat(set(), is(1));
        assertThat(err.lines().count(), is(1L));
        assertThat(err, containsString(". The host says: " + words));
        assertThat(err, containsString("Nothing was written, and the push is not retried. "));
        assertThat(err, containsString(remedy));
        assertThat(tip().name(), is(before));
    }

    private void require(Predicate<RevCommit> rule, String words) {
        server.setHook(new GitServerHook() {
            @Override
            public void beforePush(String repository, List<ReceiveCommand> commands) {
                ReceiveCommand command = commands.get(0);
                if (!rule.test(commit(command.getNewId().name()))) {
                    command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "pre-receive hook declined");
                }
            }

            @Override
            public String says(List<ReceiveCommand> commands) {
                return commands.get(0).getResult() == ReceiveCommand.Result.NOT_ATTEMPTED ? "" : words;
            }
        });
    }

    private RevCommit tip() {
        return commit("refs/heads/main");
    }

    private RevCommit commit(String name) {
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
                RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(repository.resolve(name));
            walk.parseBody(commit);
            return commit;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int set(String... more) {
        List<String> arguments = new ArrayList<>(List.of("set-image", "--app", "payments-api", "--env", "dev"));
        arguments.addAll(List.of("--tag", "sha-" + ++tags, "--repository", server.url("platform.git")));
        arguments.addAll(
                List.of("--cache", folder.getRoot().toPath().resolve("cache").toString()));
        if (!List.of(more).contains("--reason")) {
            arguments.addAll(List.of("--reason", "OPS-12: Release"));
        }
        arguments.addAll(List.of(more));
        StringWriter errText = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(new StringWriter(), true));
        command.setErr(new PrintWriter(errText, true));
        int code = command.execute(arguments.toArray(String[]::new));
        err = errText.toString();
        return code;
    }
}
