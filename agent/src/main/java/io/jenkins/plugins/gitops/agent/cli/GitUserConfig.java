package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;

/**
 * The Git configuration of this user and machine, including Git's environment variables: used for commits and for
 * connections to the host, never for the content of files. The files are those of git-config(1) without a repository.
 */
final class GitUserConfig {
    private static final String USER = "user";
    private static final String HTTP = "http";
    private static final int MAX_ENTRIES = 1000;

    private final Config config;
    private final Map<String, String> environment;
    private final Path home;

    private GitUserConfig(Config config, Map<String, String> environment, Path home) {
        this.config = config;
        this.environment = environment;
        this.home = home;
    }

    /** @throws UserErrorException if a file or variable is not valid Git configuration */
    static GitUserConfig read(Map<String, String> environment, Path home) throws UserErrorException {
        Config config = new Config();
        for (Path file : files(environment, home)) {
            FileBasedConfig next = new FileBasedConfig(config, file.toFile(), FS.DETECTED);
            try {
                next.load();
            } catch (IOException | ConfigInvalidException | RuntimeException e) {
                throw new UserErrorException(
                                "Git's configuration in " + file + " cannot be read: " + e.getMessage(),
                                "Correct it, or name another file with the variable GIT_CONFIG_GLOBAL or"
                                        + " GIT_CONFIG_SYSTEM")
                        .causedBy(e);
            }
            config = next;
        }
        return new GitUserConfig(variables(new Config(config), environment), Map.copyOf(environment), home);
    }

    private static List<Path> files(Map<String, String> environment, Path home) {
        List<Path> files = new ArrayList<>();
        if (!isTrue(environment.getOrDefault("GIT_CONFIG_NOSYSTEM", ""))) {
            files.add(Path.of(environment.getOrDefault("GIT_CONFIG_SYSTEM", "/etc/gitconfig")));
        }
        String global = environment.get("GIT_CONFIG_GLOBAL");
        if (global != null) {
            if (!global.isEmpty()) {
                files.add(Path.of(global));
            }
            return files;
        }
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        files.add((xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg)).resolve("git/config"));
        files.add(home.resolve(".gitconfig"));
        return files;
    }

    private static boolean isTrue(String value) {
        return List.of("1", "true", "yes", "on").contains(value);
    }

    /** {@code GIT_CONFIG_COUNT}, {@code GIT_CONFIG_KEY_0}, {@code GIT_CONFIG_VALUE_0} and so on. */
    private static Config variables(Config config, Map<String, String> environment) throws UserErrorException {
        try {
            int count = Math.min(MAX_ENTRIES, Integer.parseInt(environment.getOrDefault("GIT_CONFIG_COUNT", "0")));
            for (int i = 0; i < count; i++) {
                String key = environment.getOrDefault("GIT_CONFIG_KEY_" + i, "");
                int first = key.indexOf('.');
                int last = key.lastIndexOf('.');
                config.setString(
                        key.substring(0, first),
                        first == last ? null : key.substring(first + 1, last),
                        key.substring(last + 1),
                        environment.getOrDefault("GIT_CONFIG_VALUE_" + i, ""));
            }
            return config;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UserErrorException(
                            "The variables GIT_CONFIG_COUNT and GIT_CONFIG_KEY_n are not Git's configuration",
                            "Correct or remove them")
                    .causedBy(e);
        }
    }

    /** An environment variable; null if it is not set or empty. */
    @CheckForNull
    String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /**
     * The identity for a role, in Git's order: variable, section of the role, {@code user}.
     *
     * @param role {@code author} or {@code committer}
     * @return null if there is neither a name nor an address
     */
    @CheckForNull
    Author identity(String role) {
        String prefix = "GIT_" + role.toUpperCase(Locale.ROOT) + "_";
        String name = first(variable(prefix + "NAME"), string(role, "name"), string(USER, "name"));
        String mail =
                first(variable(prefix + "EMAIL"), string(role, "email"), string(USER, "email"), variable("EMAIL"));
        if (name == null && mail == null) {
            return null;
        }
        String user = System.getProperty("user.name", "unknown");
        return new Author(name == null ? user : name, mail == null ? user + "@localhost" : mail);
    }

    /** Whether {@code commit.gpgSign} requires signatures. */
    boolean signsCommits() throws UserErrorException {
        try {
            return config.getBoolean("commit", "gpgSign", false);
        } catch (IllegalArgumentException e) {
            throw new UserErrorException("commit.gpgSign of Git's configuration is not a boolean", "Correct it")
                    .causedBy(e);
        }
    }

    /** {@code openpgp}, {@code x509} or {@code ssh}. */
    String signatureFormat() {
        return first(string("gpg", "format"), "openpgp");
    }

    /** The program that signs in a format. */
    String signingProgram(String format, String usual) {
        String own = config.getString("gpg", format, "program");
        return first(own, format.equals("openpgp") ? string("gpg", "program") : null, usual);
    }

    @CheckForNull
    String signingKey() {
        return string(USER, "signingKey");
    }

    /**
     * A setting of {@code http}, from the longest {@code http.<url>} that is a prefix of the URL; null if there is
     * none.
     */
    @CheckForNull
    String http(String url, String name) {
        String longest = null;
        for (String prefix : config.getSubsections(HTTP)) {
            if (url.startsWith(prefix)
                    && config.getString(HTTP, prefix, name) != null
                    && (longest == null || prefix.length() > longest.length())) {
                longest = prefix;
            }
        }
        return config.getString(HTTP, longest, name);
    }

    /** Resolves a path of the configuration, which may start with the user's home folder. */
    Path path(String text) {
        return text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
    }

    @CheckForNull
    private String string(String section, String name) {
        String value = config.getString(section, null, name);
        return value == null || value.isBlank() ? null : value;
    }

    @CheckForNull
    private static String first(String... values) {
        for (String value : values) {
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
