package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.webhook.Hmac;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The secrets by which others prove who speaks. */
@Restricted(NoExternalUse.class)
public final class SecretText {
    /** A shorter one is refused, and is as good as none. */
    public static final int LEAST = 16;

    private static final String DECOY = Hmac.randomSecret();

    private SecretText() {}

    /**
     * The secret to check a message against. Where there is none it is one that nobody knows, so that an unknown name
     * takes as long to refuse as a wrong signature.
     */
    public static String orDecoy(@CheckForNull Secret secret) {
        String plain = Secret.toString(secret);
        return plain.length() < LEAST ? DECOY : plain;
    }

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
