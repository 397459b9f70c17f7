package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.SshGitServer;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** What the options of the command line give access to, with real servers. */
public class CommandLineCredentialsTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private KeyPair key;
    private SshGitServer server;

    @Before
    public void serve() throws Exception {
        ExampleRepository.create(folder().resolve("served/config.git"));
        key = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        server = new SshGitServer(
                folder().resolve("served"), KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256), key.getPublic());
        writeKey("key", key, null);
        server.writeKnownHosts(folder().resolve("hosts"), server.hostKey());
    }

    @After
    public void stop() throws Exception {
        server.close();
    }

    @Test
    public void keyAuthenticatesOverSsh() throws Exception {
        ChangeResult result =
                set(options(server.url("config.git"), "--ssh-key", path("key"), "--known-hosts", hosts()));
        assertThat(result.changed(), is(true));
        assertThat(result.revision(), is(tip()));
        ChangeResult again = set(options(server.url("config.git"), "--ssh-key", path("key"), "--known-hosts", hosts()));
        assertThat("found by its operation id", again, is(result));
    }

    @Test
    public void lostResponseOverSshMakesNoSecondCommit() throws Exception {
        server.loseNextAnswer();
        ChangeResult result =
                set(options(server.url("config.git"), "--ssh-key", path("key"), "--known-hosts", hosts()));
        assertThat(result.changed(), is(true));
        assertThat(result.revision(), is(tip()));
        try (Repository repository = bare();
                RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(repository.resolve(Constants.R_HEADS + "main"));
            assertThat(
                    "right on the first commit",
                    walk.parseCommit(commit.getParent(0)).getParentCount(),
                    is(0));
        }
    }

    @Test
    public void allKeyTypesAreRead() throws Exception {
        for (String[] kind : List.of(new String[] {"ssh-ed25519", "256"}, new String[] {"ssh-rsa", "2048"})) {
            KeyPair pair = KeyUtils.generateKeyPair(kind[0], Integer.parseInt(kind[1]));
            writeKey(kind[0], pair, null);
            try (SshGitServer other = new SshGitServer(folder().resolve("served"), pair, pair.getPublic())) {
                Path hosts = folder().resolve("hosts-" + kind[0]);
                other.writeKnownHosts(hosts, other.hostKey());
                GitOptionsMixin options =
                        options(other.url("config.git"), "--ssh-key", path(kind[0]), "--known-hosts", hosts.toString());
                assertThat(
                        kind[0],
                        options.open(branches -> branches.policy().tip().orElseThrow(), line -> {}),
                        is(tip()));
            }
        }
    }

    @Test
    public void passphraseDecryptsTheKey() throws Exception {
        writeKey("locked", key, "open sesame");
        Files.writeString(folder().resolve("passphrase"), "open sesame\n");
        Files.writeString(folder().resolve("wrong"), "open barley\n");
        GitOptionsMixin options = options(
                server.url("config.git"),
                "--ssh-key",
                path("locked"),
                "--known-hosts",
                hosts(),
                "--password-file",
                path("passphrase"));
        assertThat(options.open(branches -> branches.policy().tip().orElseThrow(), line -> {}), is(tip()));

        assertThat(
                failure(server.url("config.git"), "--ssh-key", path("locked"), "--known-hosts", hosts()),
                is(server.url("config.git") + " was not opened: the key " + path("locked") + " needs a passphrase. Give"
                        + " it in a file with --password-file, or in the variable GITOPS_PASSWORD."));
        for (String file : List.of("wrong", "hosts")) {
            assertThat(
                    failure(
                            server.url("config.git"),
                            "--ssh-key",
                            path("locked"),
                            "--known-hosts",
                            hosts(),
                            "--password-file",
                            path(file)),
                    startsWith(server.url("config.git") + " was not opened: the passphrase does not open the key "
                            + path("locked") + ". Correct it in a file with --password-file"));
        }
    }

    @Test
    public void aHostWithAnotherKeyIsRejected() throws Exception {
        Path hosts = folder().resolve("other-hosts");
        server.writeKnownHosts(hosts, key.getPublic());
        String[] arguments = {"--ssh-key", path("key"), "--known-hosts", hosts.toString()};
        String changed = failure(server.url("config.git"), arguments);
        assertThat(changed, startsWith(server.url("config.git") + " was not opened: the host [127.0.0.1]:"));
        assertThat(changed, containsString(", whose key is " + KeyUtils.getFingerPrint(server.hostKey()) + ", has"));
        assertThat(changed, containsString(" has another key in " + hosts + ". "));
        assertThat(changed, endsWith("if it was, replace it in that file (--known-hosts)."));
        Files.writeString(hosts, "");
        String unknown = failure(server.url("config.git"), arguments);
        assertThat(unknown, containsString(" is not in " + hosts + ". Compare the key with what the host publishes"));
        assertThat(unknown, endsWith("or name another file with --known-hosts."));
        assertThat("nobody is trusted on first use", Files.readString(hosts), is(""));
    }

    @Test
    public void anotherKeyIsRejected() throws Exception {
        writeKey("other", KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256), null);
        String message = failure(server.url("config.git"), "--ssh-key", path("other"), "--known-hosts", hosts());
        assertThat(message, startsWith(server.url("config.git") + " cannot be used: "));
        assertThat(message, containsString(" Cannot log in at 127.0.0.1:"));
        assertThat(message, containsString("server refused ecdsa-sha2-nistp256 key " + path("other")));
    }

    @Test
    public void aMissingFileIsNamed() throws Exception {
        Path missing = folder().resolve("missing");
        String text = ": there is not a file " + missing + ", or it cannot be read. Check the configuration of the"
                + " credentials.";
        String start = "There are no usable credentials for " + server.url("config.git");
        assertThat(
                failure(server.url("config.git"), "--ssh-key", missing.toString(), "--known-hosts", hosts()),
                is(start + text));
        assertThat(
                failure(server.url("config.git"), "--ssh-key", path("key"), "--known-hosts", missing.toString()),
                is(start + text));
        assertThat(failure(server.url("config.git"), "--password-file", missing.toString()), is(start + text));
    }

    @Test
    public void userOfTheUrlCountsUnlessAnotherIsGiven() throws Exception {
        Files.writeString(folder().resolve("password"), "s3cret");
        try (GitHttpServer http = GitHttpServer.start(folder().resolve("served"), "ada", "s3cret", 0)) {
            String url = http.url("config.git");
            String named = url.replace("http://", "http://ada@");
            ChangeResult result = set(options(named, "--password-file", path("password")));
            assertThat(result.revision(), is(tip()));
            assertThat(failure(url, "--password-file", path("password")), containsString("does not accept"));
            assertThat(
                    failure(named, "--password-file", path("password"), "--user", "somebody"),
                    startsWith(named + " does not accept the credentials"));
        }
    }

    @Test
    public void passwordAuthenticatesOverHttp() throws Exception {
        Files.writeString(folder().resolve("password"), "s3cret\nsecond line\n");
        Files.writeString(folder().resolve("empty"), "\n");
        try (GitHttpServer http = GitHttpServer.start(folder().resolve("served"), "git", "s3cret", 0)) {
            String url = http.url("config.git");
            ChangeResult result = set(options(url, "--password-file", path("password")));
            assertThat(result.revision(), is(tip()));
            assertThat(
                    failure(url, "--password-file", path("password"), "--user", "somebody"),
                    startsWith(url + " does not accept the credentials"));
            assertThat(
                    failure(url, "--password-file", path("empty")),
                    startsWith("There are no usable credentials for " + url + ": " + path("empty")
                            + " has no password on its first line"));
            assertThat(
                    failure(url, "--user", "somebody"),
                    startsWith(
                            "There are no usable credentials for " + url + ": a user name was given, but no password"));
        }
    }

    @Test
    public void cloneIsKeptInTheRequestedFolder() throws Exception {
        Path cache = folder().resolve("cache");
        String bare = folder().resolve("served/config.git").toString();
        assertThat(set(options(bare, "--cache", cache.toString())).changed(), is(true));
        assertThat(Files.isDirectory(cache), is(true));
        assertThat(set(options(bare)).revision(), is(tip()));
        UserErrorException e = assertThrows(UserErrorException.class, () -> set(options(null)));
        assertThat(e.getMessage(), is("No config repository is named. Give its URL with --repository."));
    }

    private static ChangeResult set(GitOptionsMixin options) throws Exception {
        Change change = new Change(
                "op",
                new Author("Ada Lovelace", "ada@example.com"),
                tip -> new ChangePlan(
                        Map.of("file", "content".getBytes(StandardCharsets.UTF_8)),
                        "Set",
                        Trailers.none().with(Trailers.OPERATION, "op")));
        return options.open(branches -> branches.policy().submit(change).get(1, TimeUnit.MINUTES), line -> {});
    }

    private String failure(String url, String... more) {
        return assertThrows(GitRemoteException.class, () -> set(options(url, more)))
                .getMessage();
    }

    private GitOptionsMixin options(@CheckForNull String url, String... more) {
        GitOptionsMixin mixin = new GitOptionsMixin();
        List<String> arguments = new ArrayList<>(List.of(more));
        if (!arguments.contains("--cache")) {
            arguments.addAll(List.of("--cache", path("usual cache")));
        }
        if (url != null) {
            arguments.addAll(List.of("--repository", url));
        }
        new CommandLine(mixin).parseArgs(arguments.toArray(String[]::new));
        return mixin;
    }

    private void writeKey(String name, KeyPair pair, @CheckForNull String passphrase) throws Exception {
        OpenSSHKeyEncryptionContext lock = null;
        if (passphrase != null) {
            lock = new OpenSSHKeyEncryptionContext();
            lock.setPassword(passphrase);
            lock.setCipherType("256");
        }
        try (OutputStream out = Files.newOutputStream(folder().resolve(name))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", lock, out);
        }
    }

    private Path folder() {
        return temporary.getRoot().toPath();
    }

    private String path(String name) {
        return folder().resolve(name).toString();
    }

    private String hosts() {
        return path("hosts");
    }

    private String tip() throws Exception {
        try (Repository repository = bare()) {
            return repository.resolve(Constants.R_HEADS + "main").name();
        }
    }

    private Repository bare() throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(folder().resolve("served/config.git").toFile())
                .build();
    }
}
