package io.jenkins.plugins.gitops.status.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The secrets that senders are checked against. */
@Restricted(NoExternalUse.class)
public final class Secrets {
    /** A shorter one is as good as none. */
    public static final int LEAST = 16;

    private static final int DECOY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String DECOY = decoy();

    private Secrets() {}

    /**
     * The secret to check a message against. Where there is none it is one that nobody knows, so that an unknown name
     * takes as long to refuse as a wrong signature.
     */
    public static String orDecoy(@CheckForNull Secret secret) {
        String plain = Secret.toString(secret);
        return plain.length() < LEAST ? DECOY : plain;
    }

    private static String decoy() {
        byte[] bytes = new byte[DECOY_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
