package io.jenkins.plugins.gitops.core.yaml;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Locale;

/**
 * Limits for parsing YAML and JSON of a config repository, so that its committers cannot exhaust the time, memory or
 * stack of a reader.
 */
public final class YamlLimits {
    /** The system property that sets {@link #MAX_BYTES}, for repositories with larger files. */
    public static final String PROPERTY = "io.jenkins.plugins.gitops.maxFileBytes";
    /** The largest file that is parsed, in bytes; 1 MiB unless {@link #PROPERTY} is set. */
    public static final int MAX_BYTES = Math.max(1 << 16, Integer.getInteger(PROPERTY, 1 << 20));

    /** The maximum nesting depth of collections. */
    static final int MAX_DEPTH = 100;
    /** The maximum number of nodes of a file after expansion of all aliases, since other readers expand them. */
    static final int MAX_NODES = 250_000;

    private YamlLimits() {}

    /**
     * Must be called before anything is parsed.
     *
     * @param file path for messages
     * @throws UserErrorException if a file is larger than {@link #MAX_BYTES}
     */
    public static void checkSize(String file, long bytes) throws UserErrorException {
        if (bytes > MAX_BYTES) {
            throw new UserErrorException(
                    SourceLocation.of(file),
                    String.format(
                            Locale.ROOT,
                            "This file has %,d bytes, and no more than %,d bytes are parsed",
                            bytes,
                            MAX_BYTES),
                    "Make it smaller in Git first, or have an administrator raise the limit with the Java system"
                            + " property " + PROPERTY);
        }
    }
}
