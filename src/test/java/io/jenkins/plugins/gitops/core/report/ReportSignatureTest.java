package io.jenkins.plugins.gitops.core.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.Test;

public class ReportSignatureTest {
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    /** Computed with: printf '1767261600.{}' | openssl dgst -sha256 -hmac key */
    @Test
    public void signatureIsHmacSha256OverTimestampDotBody() {
        assertThat(
                ReportSignature.sign("key", "1767261600", BODY),
                is("sha256=e7d2c4547c884f8e13f52c9abd81c8e44cdda6bd690ed378ff15b093a4a86c3d"));
    }

    /** Computed with: printf 'gitops-report/2\nreport\ndev\n1767261600\n{}' | openssl dgst -sha256 -hmac key */
    @Test
    public void versionTwoCoversPurposeAgentAndTimestamp() {
        assertThat(
                ReportSignature.sign("key", ReportSignature.Context.report("dev", "1767261600"), BODY),
                is("v2=e064413e03661a68d2e3efc26c4bd29432856fdc59610518b32ea11abd354095"));
    }

    @Test
    public void versionTwoVerifiesOnlyTheSamePurpose() {
        ReportSignature.Context context = ReportSignature.Context.report("dev", "1");
        String signature = ReportSignature.sign("key", context, BODY);
        assertThat(ReportSignature.verify("key", context, BODY, signature), is(true));
        assertThat(ReportSignature.verify("other", context, BODY, signature), is(false));
        assertThat(
                ReportSignature.verify("key", ReportSignature.Context.response("dev", "1"), BODY, signature),
                is(false));
        assertThat(
                ReportSignature.verify("key", ReportSignature.Context.report("prod", "1"), BODY, signature), is(false));
        assertThat(
                ReportSignature.verify("key", ReportSignature.Context.report("dev", "2"), BODY, signature), is(false));
        assertThat(
                ReportSignature.verify("key", ReportSignature.Context.report("dev\n1", ""), BODY, signature),
                is(false));
        assertThat(
                ReportSignature.verify("key", ReportSignature.Context.report(null, "1"), BODY, signature), is(false));
        assertThat(
                ReportSignature.verify("key", ReportSignature.Context.report("dev", null), BODY, signature), is(false));
        assertThat(ReportSignature.verify("key", context, new byte[0], signature), is(false));
        assertThat(ReportSignature.verify("key", context, BODY, null), is(false));
        assertThat(ReportSignature.verify("", context, BODY, signature), is(false));
        assertThat(ReportSignature.verify("key", "1", BODY, signature), is(false));
    }

    @Test
    public void verifiesOnlyTheSameSecretTimestampAndBody() {
        String signature = ReportSignature.sign("key", "1", BODY);
        assertThat(ReportSignature.verify("key", "1", BODY, signature), is(true));
        assertThat(ReportSignature.verify("other", "1", BODY, signature), is(false));
        assertThat(ReportSignature.verify("key", "2", BODY, signature), is(false));
        assertThat(ReportSignature.verify("key", "1", new byte[0], signature), is(false));
        assertThat(ReportSignature.verify("key", "1", BODY, null), is(false));
        assertThat(ReportSignature.verify("", "1", BODY, signature), is(false));
        assertThat(ReportSignature.verify(null, "1", BODY, signature), is(false));
    }

    @Test
    public void nonNumericTimestampIsNotFresh() {
        assertThat(ReportSignature.isFresh("now", Instant.now()), is(false));
        assertThat(ReportSignature.isFresh(null, Instant.now()), is(false));
        assertThat(ReportSignature.isFresh("9223372036854775807", Instant.now()), is(false));
    }
}
