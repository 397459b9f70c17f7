package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC signatures of the raw bytes of a body, as Git hosts and Flux send them; compared in constant time. */
public final class Hmac {
    private static final Map<String, String> ALGORITHMS =
            Map.of("sha224", "HmacSHA224", "sha256", "HmacSHA256", "sha384", "HmacSHA384", "sha512", "HmacSHA512");
    private static final String SHA256 = "sha256";
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Hmac() {}

    /** The signature as lower-case hex digits; {@code algorithm} is sha224, sha256, sha384 or sha512. */
    public static String sign(String algorithm, String secret, byte[] body) {
        String name = ALGORITHMS.get(algorithm);
        if (name == null) {
            throw new IllegalArgumentException(algorithm);
        }
        return HexFormat.of().formatHex(mac(name, secret).doFinal(body));
    }

    /** Signs a body with SHA-256 while its consumer reads it. */
    public static final class SigningInputStream extends FilterInputStream {
        private final Mac mac;

        /** @param body the stream to read, of any length */
        public SigningInputStream(String secret, InputStream body) {
            super(body);
            this.mac = mac("HmacSHA256", secret);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) {
                mac.update((byte) one);
            }
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                mac.update(bytes, offset, count);
            }
            return count;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        /** The signature of the bytes read, as lower-case hex digits; must be called only once, at the end. */
        public String signature() {
            return HexFormat.of().formatHex(mac.doFinal());
        }
    }

    /** A new random secret. Messages of unknown senders are checked against one, so that this takes the same time. */
    public static String randomSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static Mac mac(String name, String secret) {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), name));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC with SHA-2 is part of every Java platform", e);
        }
    }

    /** Verifies {@code algorithm=hex}; false for a missing or malformed value and for any other algorithm. */
    public static boolean verify(String secret, byte[] body, @CheckForNull String header) {
        String[] parts = header == null ? new String[0] : header.trim().split("=", 2);
        boolean known = parts.length == 2 && ALGORITHMS.containsKey(parts[0]);
        // A missing signature must take as long to check as a wrong one.
        boolean right = verifyHex(known ? parts[0] : SHA256, secret, body, known ? parts[1] : null);
        return known && right;
    }

    /** Verifies the bare hex digits of a SHA-256 signature; false for null. */
    public static boolean verifyHex(String secret, byte[] body, @CheckForNull String hex) {
        return verifyHex(SHA256, secret, body, hex);
    }

    private static boolean verifyHex(String algorithm, String secret, byte[] body, @CheckForNull String hex) {
        return equal(sign(algorithm, secret, body), hex == null ? null : hex.toLowerCase(Locale.ROOT));
    }

    /** Compares two texts in constant time; false for null. */
    public static boolean equal(String expected, @CheckForNull String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
