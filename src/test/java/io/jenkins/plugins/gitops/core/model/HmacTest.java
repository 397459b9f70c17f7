package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.core.flux.FluxRecordings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.Test;

/** Signatures of raw bodies; the vectors are from a real notification controller. */
public class HmacTest {
    private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = "a secret of sixteen+";

    @Test
    public void recordedSignaturesVerify() throws Exception {
        JsonNode vectors = FluxRecordings.read("08-raw-signed-vectors.json");
        String key = vectors.get("hmac_key").asText();
        int checked = 0;
        for (JsonNode request : vectors.get("requests")) {
            byte[] body = request.get("raw_body").asText().getBytes(StandardCharsets.UTF_8);
            String signature = request.get("headers").get("X-Signature").asText();
            assertThat(Hmac.verify(key, body, signature), is(true));
            assertThat(Hmac.verify(key + "x", body, signature), is(false));
            body[body.length / 2] ^= 1;
            assertThat(Hmac.verify(key, body, signature), is(false));
            checked++;
        }
        assertThat(checked, is(4));
    }

    @Test
    public void everySha2AlgorithmIsAccepted() {
        for (String algorithm : List.of("sha224", "sha256", "sha384", "sha512")) {
            String hex = Hmac.sign(algorithm, SECRET, BODY);
            assertThat(Hmac.verify(SECRET, BODY, algorithm + "=" + hex), is(true));
            assertThat(Hmac.verify(SECRET, BODY, algorithm + "=" + hex.toUpperCase(Locale.ROOT)), is(true));
            assertThat(Hmac.verify(SECRET, BODY, algorithm + "=" + hex.substring(2)), is(false));
            assertThat(Hmac.verify(SECRET, BODY, "sha256=" + hex), is(algorithm.equals("sha256")));
        }
    }

    @Test
    public void otherAlgorithmsAreRejected() {
        String hex = Hmac.sign("sha256", SECRET, BODY);
        for (String header : new String[] {
            null,
            "",
            "=",
            "sha256",
            "sha256=",
            hex,
            "sha1=" + hex,
            "md5=" + hex,
            "SHA256=" + hex,
            "sha256=" + hex + "0",
            "sha256==" + hex,
            "none=" + hex,
            "sha256=" + "é".repeat(64)
        }) {
            assertThat(header, Hmac.verify(SECRET, BODY, header), is(false));
        }
        assertThat(Hmac.verifyHex(SECRET, BODY, hex), is(true));
        assertThat(Hmac.verifyHex(SECRET, BODY, null), is(false));
        assertThat(Hmac.equal(SECRET, SECRET), is(true));
        assertThat(Hmac.equal(SECRET, SECRET + " "), is(false));
        assertThat(Hmac.equal(SECRET, null), is(false));
        assertThrows(IllegalArgumentException.class, () -> Hmac.sign("sha1", SECRET, BODY));
    }
}
