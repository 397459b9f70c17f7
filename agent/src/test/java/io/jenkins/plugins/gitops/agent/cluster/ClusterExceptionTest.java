package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.Test;

/** Which responses of the API server concern only one object, and which may change although Git does not. */
public class ClusterExceptionTest {
    @Test
    public void deniedMeansTheManifestIsNotAtFault() {
        assertDenied(true, 403, "Forbidden", false, "exceeded quota, permissions, a PersistentVolumeClaim's resize");
        assertDenied(true, 422, "Invalid", false, "ValidatingAdmissionPolicy");
        assertDenied(true, 400, null, false, "a webhook that gives no code");
        assertDenied(true, 409, "Conflict", false, "the quota was changed at the same time");
        assertDenied(true, 500, "InternalError", false, "a webhook that cannot be called");

        assertDenied(false, 422, "Invalid", true, "validation names fields");
        assertDenied(false, 400, "BadRequest", false, "the manifest cannot be decoded");
        assertDenied(false, 500, null, false, "the manifest does not fit the schema");
        assertDenied(false, 404, "NotFound", false, "no such namespace");
        assertDenied(false, 0, null, false, "no answer");
        assertDenied(false, 429, "TooManyRequests", false, "too busy");
        assertDenied(false, 503, "ServiceUnavailable", false, "away");
    }

    @Test
    public void fieldConflictIsNotADenial() {
        ClusterException conflict = new ClusterException(
                409,
                "Conflict",
                "Apply failed",
                List.of(new ClusterException.FieldConflict("kubectl", ".spec.replicas")));

        assertThat(conflict.isDenied(), is(false));
    }

    @Test
    public void timeoutMayBeCausedByAWebhook() {
        assertThat(
                ClusterException.unreachable(new TimeoutException("The timeout period of 30000ms has been exceeded"))
                        .getMessage(),
                is("the API server cannot be reached or one of its webhooks is slow: no answer in time"));
        assertThat(
                ClusterException.unreachable(new IOException("Connection refused"))
                        .getMessage(),
                is("the API server cannot be reached: Connection refused"));
    }

    private static void assertDenied(
            boolean denied, int code, @CheckForNull String reason, boolean invalidFields, String what) {
        assertThat(what, new ClusterException(code, reason, what, List.of(), invalidFields).isDenied(), is(denied));
    }
}
