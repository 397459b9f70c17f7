package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Hmac;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * The signature of reports and responses. Version 2 signs everything that gives a body its meaning: the version, the
 * direction, the agent's name and the time. Version 1 signs only the time and the body; it is still accepted, so that
 * agents may be updated after Jenkins.
 */
public final class ReportSignature {
    /** Name of the agent that signed the report, or that the response is for. */
    public static final String AGENT_HEADER = "X-Gitops-Agent";
    /** Seconds since the epoch, decimal. */
    public static final String TIMESTAMP_HEADER = "X-Gitops-Timestamp";
    /** {@code v2=} and 64 hex digits; in version 1 {@code sha256=} and 64 hex digits. */
    public static final String SIGNATURE_HEADER = "X-Gitops-Signature";
    /** The maximum difference of a timestamp from the receiver's clock, in either direction. */
    public static final Duration CLOCK_WINDOW = Duration.ofMinutes(5);
    /** The default version. */
    public static final int VERSION = 2;

    private static final String VERSION_1 = "sha256=";
    private static final String VERSION_2 = "v2=";
    private static final String NAME = "gitops-report/2";

    private ReportSignature() {}

    /** The direction of a message, so that a response cannot be replayed as a report. */
    public enum Direction {
        /** An agent to Jenkins. */
        REPORT("report"),
        /** Jenkins to the agent. */
        RESPONSE("response");

        private final String word;

        Direction(String word) {
            this.word = word;
        }
    }

    /**
     * The signed data of a message apart from its body.
     *
     * @param agent name of the agent that sent it, or that it is for; null if missing
     * @param timestamp seconds since the epoch, as in its header; null if missing
     */
    public record Context(
            Direction direction,
            @CheckForNull String agent,
            @CheckForNull String timestamp) {
        /** The context of a message from an agent. */
        public static Context report(@CheckForNull String agent, @CheckForNull String timestamp) {
            return new Context(Direction.REPORT, agent, timestamp);
        }

        /** The context of a response to an agent. */
        public static Context response(@CheckForNull String agent, @CheckForNull String timestamp) {
            return new Context(Direction.RESPONSE, agent, timestamp);
        }

        /** The signed prefix, one line per part; null if a part is missing or contains a line break. */
        @CheckForNull
        private String prefix() {
            String prefix = NAME + "\n" + direction.word + "\n" + agent + "\n" + timestamp + "\n";
            boolean whole = agent != null && timestamp != null;
            return whole && prefix.chars().filter(c -> c == '\n').count() == 4 ? prefix : null;
        }
    }

    /** The value of {@link #SIGNATURE_HEADER} in version 2. The agent and the timestamp must be one line each. */
    public static String sign(String secret, Context context, byte[] body) {
        String prefix = context.prefix();
        if (prefix == null) {
            throw new IllegalArgumentException("not a valid agent name, or no time: " + context);
        }
        return VERSION_2 + hmac(secret, prefix, body);
    }

    /** The value of {@link #SIGNATURE_HEADER} in the version of the answered message. */
    public static String sign(int version, String secret, Context context, byte[] body) {
        return version == VERSION ? sign(secret, context, body) : sign(secret, context.timestamp(), body);
    }

    /** The value of {@link #SIGNATURE_HEADER} in version 1. */
    public static String sign(String secret, String timestamp, byte[] body) {
        return VERSION_1 + hmac(secret, timestamp + ".", body);
    }

    private static String hmac(String secret, String prefix, byte[] body) {
        byte[] before = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[before.length + body.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(body, 0, all, before.length, body.length);
        return Hmac.sign("sha256", secret, all);
    }

    /** Whether a signature of version 2 is valid; false for null or malformed values. */
    public static boolean verify(
            @CheckForNull String secret, Context context, byte[] body, @CheckForNull String signature) {
        return isThere(secret) && context.prefix() != null && Hmac.equal(sign(secret, context, body), signature);
    }

    /** Whether a signature of version 1 is valid; false for null or malformed values. */
    public static boolean verify(
            @CheckForNull String secret, @CheckForNull String timestamp, byte[] body, @CheckForNull String signature) {
        return isThere(secret) && timestamp != null && Hmac.equal(sign(secret, timestamp, body), signature);
    }

    private static boolean isThere(@CheckForNull String secret) {
        return secret != null && !secret.isEmpty();
    }

    /** The version that a signature claims; 0 if there is none. */
    static int version(@CheckForNull String signature) {
        if (signature == null) {
            return 0;
        }
        return signature.startsWith(VERSION_2) ? 2 : signature.startsWith(VERSION_1) ? 1 : 0;
    }

    /** Whether a timestamp header lies within {@link #CLOCK_WINDOW} of the receiver's clock. */
    public static boolean isFresh(@CheckForNull String timestamp, Instant now) {
        Duration apart = clockSkew(timestamp, now);
        return apart != null && apart.abs().compareTo(CLOCK_WINDOW) <= 0;
    }

    /** How far a timestamp header is ahead of the receiver's clock; null if it is not a valid time. */
    @CheckForNull
    static Duration clockSkew(@CheckForNull String timestamp, Instant now) {
        try {
            return timestamp == null ? null : Duration.between(now, Instant.ofEpochSecond(Long.parseLong(timestamp)));
        } catch (RuntimeException e) {
            return null;
        }
    }
}
