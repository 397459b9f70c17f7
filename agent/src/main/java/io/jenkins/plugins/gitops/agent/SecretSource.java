package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The source of a secret: a file or an environment variable. It is read every time, so that a rotated secret takes
 * effect, and never stored or shown.
 */
public final class SecretSource {
    private final Path file;
    private final String variable;

    private SecretSource(@CheckForNull Path file, @CheckForNull String variable) {
        this.file = file;
        this.variable = variable;
    }

    /** The content of a file, without trailing line ends. */
    public static SecretSource file(Path file) {
        return new SecretSource(file, null);
    }

    /** The value of an environment variable. */
    public static SecretSource variable(String name) {
        return new SecretSource(null, name);
    }

    /** @throws UserErrorException if it does not exist, cannot be read, or is empty */
    public String read() throws UserErrorException {
        String value;
        try {
            value = file == null
                    ? System.getenv(variable)
                    : Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw new UserErrorException(
                            "The secret in " + this + " cannot be read", "Check that the agent may read it")
                    .causedBy(e);
        }
        if (value == null || value.isEmpty()) {
            throw new UserErrorException("There is no secret in " + this, "Put it there");
        }
        return value;
    }

    /** A supplier that throws an {@link UncheckedIOException} if the secret cannot be read. */
    public Supplier<String> asSupplier() {
        return () -> {
            try {
                return read();
            } catch (UserErrorException e) {
                throw new UncheckedIOException(e.getMessage(), new IOException(e));
            }
        };
    }

    /** The source, not the secret. */
    @Override
    public String toString() {
        return file == null ? "$" + variable : file.toString();
    }
}
