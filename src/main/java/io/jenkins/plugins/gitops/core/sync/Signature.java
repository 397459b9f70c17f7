package io.jenkins.plugins.gitops.core.sync;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signature of reports and answers: HMAC-SHA256 over {@code timestamp + "." + body}. */
public final class Signature {
    /** Name of the agent that signed. */
    public static final String AGENT_HEADER = "X-Gitops-Agent";
    /** Seconds since the epoch, decimal. */
    public static final String TIMESTAMP_HEADER = "X-Gitops-Timestamp";
    /** {@code sha256=} and 64 hex digits. */
    public static final String SIGNATURE_HEADER = "X-Gitops-Signature";
    /** How far a timestamp may lie from the receiver's clock, either way. */
    public static final Duration CLOCK_WINDOW = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /** The value of {@link #SIGNATURE_HEADER}. */
    public static String sign(String secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(timestamp.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) '.');
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }

    /** Compares in constant time; any null or malformed value is a plain false. */
    public static boolean verify(String secret, String timestamp, byte[] body, String signature) {
        if (secret == null || secret.isEmpty() || timestamp == null || signature == null) {
            return false;
        }
        return MessageDigest.isEqual(
                sign(secret, timestamp, body).getBytes(StandardCharsets.US_ASCII),
                signature.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a timestamp header lies within {@link #CLOCK_WINDOW} of the receiver's clock. */
    public static boolean isFresh(String timestamp, Instant now) {
        try {
            Duration apart = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
            return apart.abs().compareTo(CLOCK_WINDOW) <= 0;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
