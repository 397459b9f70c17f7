package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Signs as {@code git commit} does, with the program and key from Git's configuration; supports key agents. */
final class ProgramCommitSigner implements CommitSigner {
    private static final int TIMEOUT_MINUTES = 2;
    private static final String REMEDY =
            "Correct gpg.format, gpg.program and user.signingKey of Git's configuration, name a"
                    + " key with --signing-key, or give --no-sign";

    private final List<String> command;

    private ProgramCommitSigner(List<String> command) {
        this.command = command;
    }

    /** @throws UserErrorException if the format is unknown, or there is no key */
    static ProgramCommitSigner of(GitUserConfig config, Author committer) throws UserErrorException {
        String key = config.signingKey();
        String format = config.signatureFormat();
        return switch (format) {
            case "openpgp" -> gpg(config.signingProgram(format, "gpg"), key, committer);
            case "x509" -> gpg(config.signingProgram(format, "gpgsm"), key, committer);
            case "ssh" -> ssh(config, key);
            default ->
                throw new UserErrorException(
                        "gpg.format of Git's configuration is neither openpgp, x509 nor ssh", REMEDY);
        };
    }

    private static ProgramCommitSigner gpg(String program, @CheckForNull String key, Author committer) {
        return new ProgramCommitSigner(
                List.of(program, "--status-fd=2", "-bsau", key == null ? committer.toString() : key));
    }

    private static ProgramCommitSigner ssh(GitUserConfig config, @CheckForNull String key) throws UserErrorException {
        if (key == null || key.startsWith("key::") || key.startsWith("ssh-")) {
            throw new UserErrorException(
                    "Commits are to be signed, but user.signingKey does not name the file of an SSH key", REMEDY);
        }
        String program = config.signingProgram("ssh", "ssh-keygen");
        return new ProgramCommitSigner(List.of(
                program, "-Y", "sign", "-n", "git", "-f", config.path(key).toString()));
    }

    @Override
    public String sign(byte[] commit) throws UserErrorException {
        Path errors = null;
        try {
            errors = Files.createTempFile("gitops-sign", ".log");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            try (OutputStream in = process.getOutputStream()) {
                in.write(commit);
            }
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw failed("it did not finish within " + TIMEOUT_MINUTES + " min");
            }
            String signature = new String(output.join(), StandardCharsets.US_ASCII);
            if (process.exitValue() != 0 || !signature.startsWith("-----BEGIN ")) {
                throw failed(Files.readString(errors, StandardCharsets.ISO_8859_1));
            }
            return signature;
        } catch (IOException | UncheckedIOException e) {
            throw failed(String.valueOf(e.getMessage())).causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("it was interrupted").causedBy(e);
        } finally {
            delete(errors);
        }
    }

    private static byte[] read(InputStream in) {
        try (in) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(@CheckForNull Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    private UserErrorException failed(String why) {
        return new UserErrorException(
                "The commit was not signed: " + command.get(0) + " failed: " + TextSanitizer.line(why), REMEDY);
    }
}
