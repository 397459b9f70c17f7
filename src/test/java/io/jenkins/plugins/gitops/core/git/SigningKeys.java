package io.jenkins.plugins.gitops.core.git;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keys created by OpenSSH and GnuPG, and Git's own verification of their signatures. */
public final class SigningKeys {
    private static final String MAIL = "ci-bot@acme.example";

    private final Path folder;

    /**
     * Creates keys in a folder.
     *
     * @param folder empty, with a short path, since gpg creates a socket there
     */
    public SigningKeys(Path folder) {
        this.folder = folder;
    }

    /** Whether the programs that create the keys are installed. */
    public static boolean areAvailable() {
        return hasProgram("gpg") && hasProgram("ssh-keygen") && hasProgram("git");
    }

    private static boolean hasProgram(String name) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, name)));
    }

    /**
     * Creates an SSH key that Git trusts.
     *
     * @param type as for {@code ssh-keygen -t}
     * @param passphrase empty for none
     */
    public Path ssh(String type, String passphrase) throws Exception {
        Path key = folder.resolve("id_" + type + (passphrase.isEmpty() ? "" : "_locked"));
        run("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", key.toString());
        String line = MAIL + " " + Files.readString(Path.of(key + ".pub"));
        Files.writeString(folder.resolve("allowed"), line);
        return key;
    }

    /**
     * Creates an OpenPGP key and exports it.
     *
     * @param algorithm as for {@code gpg --quick-generate-key}
     * @param usage of the primary key; if it is only {@code cert}, a subkey for signing is added
     * @param passphrase empty for none
     */
    public Path gpg(String algorithm, String usage, String passphrase) throws Exception {
        Path home = home();
        gpg("--passphrase", passphrase, "--quick-generate-key", "CI <" + MAIL + ">", algorithm, usage, "1d");
        if (usage.equals("cert")) {
            String listing = gpg("--list-keys", "--with-colons");
            String fingerprint = listing.lines()
                    .filter(line -> line.startsWith("fpr:"))
                    .findFirst()
                    .orElseThrow()
                    .split(":")[9];
            gpg("--passphrase", passphrase, "--quick-add-key", fingerprint, algorithm, "sign", "1d");
        }
        Path exported = home.resolve("exported.asc");
        gpg("--passphrase", passphrase, "--armor", "--output", exported.toString(), "--export-secret-keys");
        return exported;
    }

    private Path home() throws IOException {
        Path home = folder.resolve("g");
        if (!Files.exists(home)) {
            Files.createDirectory(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return home;
    }

    private String gpg(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 6];
        System.arraycopy(
                new String[] {"gpg", "--homedir", home().toString(), "--batch", "--pinentry-mode", "loopback"},
                0,
                command,
                0,
                6);
        System.arraycopy(arguments, 0, command, 6, arguments.length);
        return run(command);
    }

    /** Stops the agent that gpg starts on its own. */
    public void close() throws Exception {
        if (Files.exists(folder.resolve("g"))) {
            run("gpgconf", "--homedir", home().toString(), "--kill", "gpg-agent");
        }
    }

    /** Makes Git verify the commit; fails the test if Git does not accept the signature. */
    public void verify(Path bare, String revision) throws Exception {
        run(
                "git",
                "--git-dir",
                bare.toString(),
                "-c",
                "gpg.ssh.allowedSignersFile=" + folder.resolve("allowed"),
                "verify-commit",
                revision);
    }

    private String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("GNUPGHOME", home().toString());
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output, process.waitFor(2, TimeUnit.MINUTES), is(true));
        assertThat(String.join(" ", command) + "\n" + output, process.exitValue(), is(0));
        return output;
    }
}
