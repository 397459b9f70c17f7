package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Validates the shared secrets that authenticate incoming messages. */
@Restricted(NoExternalUse.class)
public final class SecretValidation {
    /** A shorter secret is rejected in forms, and treated as missing when a message is verified. */
    public static final int MIN_LENGTH = 16;

    private static final String DECOY = Hmac.randomSecret();

    private SecretValidation() {}

    /**
     * The secret to verify a message with. A missing secret is replaced by a random one, so that rejecting an unknown
     * name takes as long as rejecting a wrong signature.
     */
    public static String orDummy(@CheckForNull Secret secret) {
        String plain = Secret.toString(secret);
        return plain.length() < MIN_LENGTH ? DECOY : plain;
    }

    /**
     * @param what begins the message, such as {@code The secret of Flux live}
     * @throws UserErrorException when it is missing or too short; never contains the secret
     */
    static void check(String what, @CheckForNull Secret secret) throws UserErrorException {
        if (Secret.toString(secret).length() < MIN_LENGTH) {
            throw new UserErrorException(
                    what + " is shorter than " + MIN_LENGTH + " characters",
                    "Generate one, for example with: openssl rand -hex 32");
        }
    }

    /** As {@link #check}, but accepts a missing secret. */
    static void checkOptional(String what, @CheckForNull Secret secret) throws UserErrorException {
        if (!Secret.toString(secret).isEmpty()) {
            check(what, secret);
        }
    }
}
