package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.RefusedException;

/** Which secrets are good enough to prove who speaks. */
final class SecretText {
    /** A shorter one is refused. */
    static final int LEAST = AgentConfiguration.LEAST_SECRET;

    private SecretText() {}

    /**
     * @param what begins the message, such as {@code The secret of Flux live}
     * @throws RefusedException when it is missing or too short; never shows it
     */
    static void check(String what, @CheckForNull Secret secret) throws RefusedException {
        if (Secret.toString(secret).length() < LEAST) {
            throw new RefusedException(
                    what + " is shorter than " + LEAST + " characters",
                    "Generate one, for example with: openssl rand -hex 32");
        }
    }

    /** The same for one that may be left out. */
    static void checkOptional(String what, @CheckForNull Secret secret) throws RefusedException {
        if (!Secret.toString(secret).isEmpty()) {
            check(what, secret);
        }
    }
}
