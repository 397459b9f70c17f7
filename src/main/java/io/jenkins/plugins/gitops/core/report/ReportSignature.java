package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Hmac;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * The signature of reports and responses. Version 2 is over all that gives a body its meaning: the version, the direction,
 * the agent's name and the time. Version 1 is over the time and the body only; it is still read, so that agents may be
 * updated after Jenkins.
 */
public final class ReportSignature {
    /** Name of the agent that signed, or is answered. */
    public static final String AGENT_HEADER = "X-Gitops-Agent";
    /** Seconds since the epoch, decimal. */
    public static final String TIMESTAMP_HEADER = "X-Gitops-Timestamp";
    /** {@code v2=} and 64 hex digits; in version 1 {@code sha256=} and 64 hex digits. */
    public static final String SIGNATURE_HEADER = "X-Gitops-Signature";
    /** How far a timestamp may lie from the receiver's clock, either way. */
    public static final Duration CLOCK_WINDOW = Duration.ofMinutes(5);
    /** The version that is spoken where nothing else is asked for. */
    public static final int VERSION = 2;

    private static final String VERSION_1 = "sha256=";
    private static final String VERSION_2 = "v2=";
    private static final String NAME = "gitops-report/2";

    private ReportSignature() {}

    /** Who speaks to whom, so that a response can never pass for a report. */
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
     * What is known of a message besides its body.
     *
     * @param agent name of the agent that sent it, or that it is for; null when it is missing
     * @param timestamp seconds since the epoch, as in its header; null when it is missing
     */
    public record Context(
            Direction direction,
            @CheckForNull String agent,
            @CheckForNull String timestamp) {
        /** What an agent sends. */
        public static Context report(@CheckForNull String agent, @CheckForNull String timestamp) {
            return new Context(Direction.REPORT, agent, timestamp);
        }

        /** What an agent is answered. */
        public static Context response(@CheckForNull String agent, @CheckForNull String timestamp) {
            return new Context(Direction.RESPONSE, agent, timestamp);
        }

        /** A line for each part; null when a part is missing or would not stay in its line. */
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

    /** The value of {@link #SIGNATURE_HEADER} in the version of what is answered. */
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

    /** Whether that is the right signature of version 2; any null or malformed value is a plain false. */
    public static boolean verify(
            @CheckForNull String secret, Context context, byte[] body, @CheckForNull String signature) {
        return isThere(secret) && context.prefix() != null && Hmac.equal(sign(secret, context, body), signature);
    }

    /** Whether that is the right signature of version 1; any null or malformed value is a plain false. */
    public static boolean verify(
            @CheckForNull String secret, @CheckForNull String timestamp, byte[] body, @CheckForNull String signature) {
        return isThere(secret) && timestamp != null && Hmac.equal(sign(secret, timestamp, body), signature);
    }

    private static boolean isThere(@CheckForNull String secret) {
        return secret != null && !secret.isEmpty();
    }

    /** The version that a signature claims to be of; 0 for none. */
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

    /** How far a timestamp header is ahead of the receiver's clock; null when it is not a time. */
    @CheckForNull
    static Duration clockSkew(@CheckForNull String timestamp, Instant now) {
        try {
            return timestamp == null ? null : Duration.between(now, Instant.ofEpochSecond(Long.parseLong(timestamp)));
        } catch (RuntimeException e) {
            return null;
        }
    }
}
