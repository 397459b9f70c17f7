package io.jenkins.plugins.gitops.agent.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.Test;

/** The demo on a real control plane, where real controllers roll out and give up. */
public class DeliveryKubeTest {
    @Test
    public void deliversToThreeNamespacesAndRollsABadImageBack() throws Exception {
        ControlPlane plane = ControlPlane.shared();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new Demo(
                        plane.kubeconfig(),
                        true,
                        true,
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run();
        String shown = out.toString(StandardCharsets.UTF_8);
        assertThat(shown + err.toString(StandardCharsets.UTF_8), status, is(0));
        assertThat(shown, containsString("but Degraded (Deployment payments-api: ProgressDeadlineExceeded; pod "));
        assertThat(shown, containsString("ImagePullBackOff"));
        for (String environment : DemoEnvironment.ENVIRONMENTS) {
            Deployment deployment = plane.client()
                    .apps()
                    .deployments()
                    .inNamespace("payments-" + environment)
                    .withName("payments-api")
                    .get();
            assertThat(
                    deployment
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .getImage(),
                    is("ghcr.io/myorg/payments-api:sha-d4e5f6a"));
            assertThat(
                    deployment.getStatus().getAvailableReplicas(),
                    is(deployment.getSpec().getReplicas()));
        }
    }
}
