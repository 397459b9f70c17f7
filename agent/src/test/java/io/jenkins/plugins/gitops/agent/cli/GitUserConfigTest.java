package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.CommitSettings;
import io.jenkins.plugins.gitops.core.git.SigningKeys;
import io.jenkins.plugins.gitops.core.git.remote.HttpProxy;
import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

public class GitUserConfigTest {
    private static final String URL = "https://git.example.com/team/config.git";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, String> environment = new HashMap<>();
    private Path home;

    @Before
    public void useNoSystemConfiguration() {
        home = folder.getRoot().toPath();
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
    }

    @Test
    public void identityComesFromVariableRoleAndUserInThisOrder() throws Exception {
        assertThat(config().identity("author"), is(nullValue()));
        write(".gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.com\n[committer]\n\temail = ci@example.com\n");
        assertThat(config().identity("author"), is(new Author("Ada", "ada@example.com")));
        assertThat(config().identity("committer"), is(new Author("Ada", "ci@example.com")));
        environment.put("GIT_COMMITTER_NAME", "CI");
        environment.put("GIT_AUTHOR_EMAIL", "other@example.com");
        assertThat(config().identity("author"), is(new Author("Ada", "other@example.com")));
        assertThat(config().identity("committer"), is(new Author("CI", "ci@example.com")));
    }

    @Test
    public void filesAndVariablesAreReadAsGitDoes() throws Exception {
        Files.createDirectories(home.resolve(".config/git"));
        write(".config/git/config", "[user]\n\tname = Xdg\n\temail = xdg@example.com\n");
        write("included", "[user]\n\tname = Included\n");
        write(".gitconfig", "[include]\n\tpath = included\n");
        assertThat(config().identity("author"), is(new Author("Included", "xdg@example.com")));
        environment.put("GIT_CONFIG_COUNT", "1");
        environment.put("GIT_CONFIG_KEY_0", "user.email");
        environment.put("GIT_CONFIG_VALUE_0", "count@example.com");
        assertThat(config().identity("author"), is(new Author("Included", "count@example.com")));
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.remove("GIT_CONFIG_COUNT");
        assertThat(config().identity("author"), is(nullValue()));
        environment.remove("GIT_CONFIG_GLOBAL");
        write(".gitconfig", "[user\n");
        UserErrorException e = assertThrows(UserErrorException.class, this::config);
        assertThat(e.getMessage(), startsWith("Git's configuration in " + home.resolve(".gitconfig")));
    }

    @Test
    public void commitsAreSignedAsGitsConfigurationSays() throws Exception {
        assumeTrue("needs ssh-keygen, gpg and git", SigningKeys.areAvailable());
        SigningKeys keys = new SigningKeys(home);
        assertThat(settings().signer(), is(nullValue()));
        Path key = keys.ssh("ed25519", "");
        write(
                ".gitconfig",
                "[commit]\n\tgpgSign = true\n[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = ~/" + key.getFileName());
        assertVerified(keys, settings().signer());
        assertThat(settings("--no-sign").signer(), is(nullValue()));
        assertThat(settings("--signing-key", key.toString()).signer() instanceof ProgramCommitSigner, is(false));
        // gpg reads its home folder from the environment of this process, so a program replaces it.
        keys.gpg("rsa2048", "sign", "");
        Path program = home.resolve("program");
        Files.writeString(program, "#!/bin/sh\nexec gpg --homedir " + home.resolve("g") + " --batch \"$@\"\n");
        assertThat(program.toFile().setExecutable(true), is(true));
        write(
                ".gitconfig",
                "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = " + program + "\n[user]\n\tname = CI\n\temail ="
                        + " ci-bot@acme.example\n");
        assertVerified(keys, settings().signer());
        write(
                ".gitconfig",
                "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = " + program + "\n[user]\n\tsigningKey = nobody\n");
        UserErrorException e =
                assertThrows(UserErrorException.class, () -> settings().signer().sign(new byte[0]));
        assertThat(e.getMessage(), startsWith("The commit was not signed: " + program + " failed: "));
        keys.close();
    }

    @Test
    public void unusableSigningConfigurationIsNamed() throws Exception {
        write(".gitconfig", "[commit]\n\tgpgSign = true\n[gpg]\n\tformat = ssh\n");
        assertThat(
                failure(),
                startsWith("Commits are to be signed, but user.signingKey does not name the file of an SSH key."));
        write(".gitconfig", "[commit]\n\tgpgSign = true\n[gpg]\n\tformat = other\n");
        assertThat(failure(), startsWith("gpg.format of Git's configuration is neither openpgp, x509 nor ssh."));
        write(".gitconfig", "[commit]\n\tgpgSign = maybe\n");
        assertThat(failure(), startsWith("commit.gpgSign of Git's configuration is not a boolean."));
    }

    @Test
    public void proxyIsFoundAsGitFindsIt() throws Exception {
        assertThat(proxy("git.example.com"), is(nullValue()));
        environment.put("https_proxy", "proxy.example.com:3128");
        assertThat(proxy("git.example.com"), is(new HttpProxy("proxy.example.com", 3128, null, null)));
        write(".gitconfig", "[http]\n\tproxy = http://us%40er:p%3Aw+1@inner.example.com\n");
        assertThat(proxy("git.example.com"), is(new HttpProxy("inner.example.com", 1080, "us@er", "p:w+1")));
        write(
                ".gitconfig",
                "[http]\n\tproxy = http://a:1\n[http \"https://git.example.com/\"]\n\tproxy = http://b:2\n[http"
                        + " \"https://git.example.com/other/\"]\n\tproxy = http://c:3\n");
        assertThat(proxy("git.example.com"), is(new HttpProxy("b", 2, null, null)));
        for (String excluded : new String[] {"*", "git.example.com", ".example.com", "x, example.com"}) {
            environment.put("no_proxy", excluded);
            assertThat(excluded, proxy("git.example.com"), is(nullValue()));
        }
        environment.put("no_proxy", "ample.com");
        assertThat(proxy("git.example.com"), is(new HttpProxy("b", 2, null, null)));
        write(".gitconfig", "[http]\n\tproxy = socks5://u:secret@a:1\n");
        assertThat(
                assertThrows(IOException.class, () -> proxy("git.example.net")).getMessage(),
                is("the proxy is not an HTTP proxy; give http://host:port"));
    }

    private static void assertVerified(SigningKeys keys, CommitSigner signer) throws Exception {
        Path bare = Files.createTempDirectory("signed").resolve("config.git");
        ExampleRepository.create(bare);
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
                ObjectInserter inserter = repository.newObjectInserter()) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(repository.resolve("refs/heads/main^{tree}"));
            commit.setAuthor(new PersonIdent("Ada", "ada@example.com"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("Signed\n");
            String signature = signer.sign(commit.build());
            commit.setGpgSignature(new GpgSignature(signature.getBytes(StandardCharsets.US_ASCII)));
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            keys.verify(bare, id.name());
        }
    }

    private String failure() {
        return assertThrows(UserErrorException.class, this::settings).getMessage();
    }

    private CommitSettings settings(String... arguments) throws UserErrorException {
        CommitOptionsMixin options = new CommitOptionsMixin();
        new CommandLine(options).parseArgs(arguments);
        return options.settings(config(), options.author(config()), null, line -> {});
    }

    private HttpProxy proxy(String host) throws Exception {
        return new GitHttpRouting(config(), URL).proxyFor(host);
    }

    private GitUserConfig config() throws UserErrorException {
        return GitUserConfig.read(environment, home);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }
}
