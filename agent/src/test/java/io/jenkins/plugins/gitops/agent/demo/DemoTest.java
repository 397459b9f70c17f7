package io.jenkins.plugins.gitops.agent.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.Test;

/** The demo on embedded parts, from beginning to end. */
public class DemoTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    public void deliversApprovesAndRollsBack() throws Exception {
        assertThat(err.toString(StandardCharsets.UTF_8), run("yes\n"), is(0));
        String shown = out.toString(StandardCharsets.UTF_8);
        assertThat(
                shown,
                containsString("Promotion of payments-api/production lacks approval: 0 of 1 approvals by group"
                        + " payments-leads, user bob"));
        assertThat(shown, containsString("but Degraded (Deployment payments-api: ProgressDeadlineExceeded; pod "));
        assertThat(shown, containsString("ImagePullBackOff"));
        assertThat(shown, containsString("Gitops-Approved-By: bob"));
        assertThat(shown, containsString(".gitops/holds/dev/payments-api.yaml: payments-api/dev is held by alice: "));
        assertThat(
                shown,
                containsString("Gitops-Image: ghcr.io/myorg/payments-api:sha-broken0 -> ghcr.io/myorg/payments-api:sha-"
                        + "d4e5f6a"));
    }

    @Test
    public void productionIsUnchangedWithoutApproval() throws Exception {
        assertThat(run("no\n"), is(1));
        assertThat(
                err.toString(StandardCharsets.UTF_8),
                containsString("FAILED: The promotion to production was not approved; production was not changed"));
        assertThat(out.toString(StandardCharsets.UTF_8), not(containsString("Gitops-Approved-By")));
    }

    private int run(String answer) throws Exception {
        return new Demo(
                        null,
                        false,
                        true,
                        new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run();
    }
}
