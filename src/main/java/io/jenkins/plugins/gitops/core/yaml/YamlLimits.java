package io.jenkins.plugins.gitops.core.yaml;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Locale;

/**
 * How much YAML and JSON of a config repository is parsed: whoever may write there must not be able to keep a reader busy,
 * or to take its memory or its stack.
 */
public final class YamlLimits {
    /** The system property that sets {@link #MAX_BYTES}, for whoever really has larger files. */
    public static final String PROPERTY = "io.jenkins.plugins.gitops.maxFileBytes";
    /** The largest file that is parsed; 1 MiB unless {@link #PROPERTY} says something else. */
    public static final int MAX_BYTES = Math.max(1 << 16, Integer.getInteger(PROPERTY, 1 << 20));

    /** Levels of collections in each other. */
    static final int MAX_DEPTH = 100;
    /** Nodes of a file after expansion of all aliases; others who read the file do expand them. */
    static final int MAX_NODES = 250_000;

    private YamlLimits() {}

    /**
     * To be called before anything is parsed.
     *
     * @param file path for messages
     * @throws UserErrorException when a file is larger than {@link #MAX_BYTES}
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
