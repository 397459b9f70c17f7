package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The secrets by which others prove who speaks. */
@Restricted(NoExternalUse.class)
public final class SecretValidation {
    /** A shorter one is refused, and is as good as none. */
    public static final int MIN_LENGTH = 16;

    private static final String DECOY = Hmac.randomSecret();

    private SecretValidation() {}

    /**
     * The secret to check a message against. Where there is none it is one that nobody knows, so that an unknown name
     * takes as long to refuse as a wrong signature.
     */
    public static String orDummy(@CheckForNull Secret secret) {
        String plain = Secret.toString(secret);
        return plain.length() < MIN_LENGTH ? DECOY : plain;
    }

    /**
     * @param what begins the message, such as {@code The secret of Flux live}
     * @throws UserErrorException when it is missing or too short; never shows it
     */
    static void check(String what, @CheckForNull Secret secret) throws UserErrorException {
        if (Secret.toString(secret).length() < MIN_LENGTH) {
            throw new UserErrorException(
                    what + " is shorter than " + MIN_LENGTH + " characters",
                    "Generate one, for example with: openssl rand -hex 32");
        }
    }

    /** The same for one that may be left out. */
    static void checkOptional(String what, @CheckForNull Secret secret) throws UserErrorException {
        if (!Secret.toString(secret).isEmpty()) {
            check(what, secret);
        }
    }
}
