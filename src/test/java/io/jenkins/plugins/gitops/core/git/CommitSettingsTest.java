package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;
import static org.junit.Assume.assumeTrue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;
import io.jenkins.plugins.gitops.core.git.signing.OpenPgpCommitSigner;
import io.jenkins.plugins.gitops.core.git.signing.SshCommitSigner;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Commits that follow the rules of a host, in a served repository and verified by Git. */
public class CommitSettingsTest {
    private static final Author BOT = new Author("CI", "ci-bot@acme.example");

    @Rule
    public final ServedRepository served = new ServedRepository();

    private SigningKeys keys;
    private int operations;

    @Before
    public void prepareKeys() {
        keys = new SigningKeys(served.folder());
    }

    @After
    public void closeKeys() throws Exception {
        keys.close();
    }

    @Test
    public void committerSubjectAndSignOffAreThoseOfTheSettings() throws Exception {
        SubjectTemplate subject = new SubjectTemplate("{ticket}: {summary}", "[skip ci]", "OPS-12");
        write(new CommitSettings(BOT, subject, true, null));
        RevCommit commit = tip();
        assertThat(commit.getAuthorIdent().getEmailAddress(), is("ada@example.com"));
        assertThat(commit.getCommitterIdent().getName(), is("CI"));
        assertThat(commit.getCommitterIdent().getEmailAddress(), is("ci-bot@acme.example"));
        assertThat(commit.getShortMessage(), is("OPS-12: Do op-1 [skip ci]"));
        assertThat(
                commit.getFullMessage(),
                is("OPS-12: Do op-1 [skip ci]\n\nGitops-Operation: op-1\nSigned-off-by: CI <ci-bot@acme.example>\n"));
        assertThat(commit.getRawGpgSignature() == null, is(true));
    }

    @Test
    public void operationIsFoundWhateverTheSubject() throws Exception {
        ConfigRepository repository = served.open();
        SubjectTemplate first = new SubjectTemplate("{ticket}", "", "OPS-1");
        Change change = ServedRepository.write("op-x", "file", "content");
        ChangeResult written = result(repository, with(change, new CommitSettings(BOT, first, true, null)));
        ChangeResult again = result(repository, with(change, CommitSettings.DEFAULT));
        assertThat(again.revision(), is(written.revision()));
        assertThat(again.trailers(), is(written.trailers()));
        assertThat(served.tip(), is(written.revision()));
    }

    @Test
    public void sshSignaturesAreVerifiedByGit() throws Exception {
        assumeTrue("needs ssh-keygen, gpg and git", SigningKeys.areAvailable());
        for (String type : new String[] {"ed25519", "ecdsa", "rsa"}) {
            Path key = keys.ssh(type, "");
            write(signed(SshCommitSigner.of(Files.readString(key), null, "the key")));
            keys.verify(served.bare(), served.tip());
        }
        Path locked = keys.ssh("ed25519", "pass phrase");
        write(signed(SshCommitSigner.of(Files.readString(locked), "pass phrase", "the key")));
        keys.verify(served.bare(), served.tip());
    }

    @Test
    public void openPgpSignaturesAreVerifiedByGit() throws Exception {
        assumeTrue("needs ssh-keygen, gpg and git", SigningKeys.areAvailable());
        Path locked = keys.gpg("rsa2048", "sign", "pass phrase");
        write(signed(OpenPgpCommitSigner.of(Files.readString(locked), "pass phrase", "the key")));
        keys.verify(served.bare(), served.tip());
    }

    @Test
    public void openPgpSubkeySignsWhereThePrimaryKeyOnlyCertifies() throws Exception {
        assumeTrue("needs ssh-keygen, gpg and git", SigningKeys.areAvailable());
        Path subkey = keys.gpg("ed25519", "cert", "");
        write(signed(OpenPgpCommitSigner.of(Files.readString(subkey), null, "the key")));
        keys.verify(served.bare(), served.tip());
    }

    @Test
    public void unusableKeyIsNamedWithoutItsText() throws Exception {
        assumeTrue("needs ssh-keygen, gpg and git", SigningKeys.areAvailable());
        Path ssh = keys.ssh("ed25519", "right");
        Path gpg = keys.gpg("rsa2048", "sign", "right");
        String sshMessage = "Commits cannot be signed with the key: it is not a private SSH key, or its passphrase does"
                + " not open it. Correct the key and its passphrase.";
        assertThat(sshFailure(Files.readString(ssh), "wrong"), is(sshMessage));
        assertThat(sshFailure(Files.readString(ssh), null), is(sshMessage));
        assertThat(sshFailure("no key", null), is(sshMessage));
        String gpgMessage = "Commits cannot be signed with the key: it is not an OpenPGP secret key, or its passphrase"
                + " does not open it. Correct the key and its passphrase.";
        assertThat(gpgFailure(Files.readString(gpg), "wrong"), is(gpgMessage));
        assertThat(gpgFailure("-----BEGIN PGP PRIVATE KEY BLOCK-----\n", null), containsString("the key"));
        assertThat(gpgFailure("no key", null), containsString("the key"));
    }

    @Test
    public void changeThatCannotBeSignedFailsOnItsOwn() throws Exception {
        ConfigRepository repository = served.open();
        CommitSigner broken = commit -> {
            throw new UserErrorException("The key is gone", "Bring it back");
        };
        Change change = with(ServedRepository.write("op-s", "file", "content"), signed(broken));
        ExecutionException e = assertThrows(
                ExecutionException.class, () -> repository.submit(change).get());
        assertThat(e.getCause().getMessage(), is("The key is gone. Bring it back."));
        String before = served.tip();
        assertThat(
                result(repository, ServedRepository.write("op-t", "file", "other"))
                        .changed(),
                is(true));
        assertThat(served.tip(), is(not(before)));
    }

    @Test
    public void signatureCoversTheCommitAsGitWritesIt() throws Exception {
        byte[][] seen = new byte[1][];
        write(signed(commit -> {
            seen[0] = commit;
            return "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";
        }));
        RevCommit commit = tip();
        String raw = new String(commit.getRawBuffer(), StandardCharsets.UTF_8);
        assertThat(raw.replaceAll("gpgsig [^\n]*\n( [^\n]*\n)*", ""), is(new String(seen[0], StandardCharsets.UTF_8)));
        assertThat(
                new String(commit.getRawGpgSignature(), StandardCharsets.US_ASCII),
                containsString("BEGIN SSH SIGNATURE"));
    }

    private static String sshFailure(String key, @CheckForNull String passphrase) {
        return assertThrows(UserErrorException.class, () -> SshCommitSigner.of(key, passphrase, "the key"))
                .getMessage();
    }

    private static String gpgFailure(String key, @CheckForNull String passphrase) {
        return assertThrows(UserErrorException.class, () -> OpenPgpCommitSigner.of(key, passphrase, "the key"))
                .getMessage();
    }

    private static CommitSettings signed(CommitSigner signer) {
        return new CommitSettings(BOT, SubjectTemplate.DEFAULT, false, signer);
    }

    private static Change with(Change change, CommitSettings settings) {
        return new Change(change.operationId(), change.author(), change.planner(), settings);
    }

    private void write(CommitSettings settings) throws Exception {
        operations++;
        ConfigRepository repository = served.open();
        Change change = ServedRepository.write("op-" + operations, Map.of("file", "content " + operations));
        assertThat(result(repository, with(change, settings)).changed(), is(true));
        repository.close();
    }

    private RevCommit tip() throws IOException {
        try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(served.bare().toFile())
                        .build();
                RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(repository.resolve("refs/heads/main"));
            walk.parseBody(commit);
            return commit;
        }
    }
}
