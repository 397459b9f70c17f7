package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import org.junit.Test;

/** The example repository of the documentation that uses Helm values instead of kustomize. */
public class HelmExampleTest {
    @Test
    public void targetsAreFoundAndSet() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.example("helm-repo");
        assertThat(
                Delivery.load(tree).targets().stream().map(Target::id).toList(),
                contains("frontend/dev", "frontend/staging", "worker/dev"));
        sets(
                tree,
                "frontend/staging",
                "ghcr.io/myorg/frontend:1.8",
                "1.10",
                "charts/frontend/values-staging.yaml",
                "tag: \"1.8\" #",
                "tag: \"1.10\" #");
        sets(tree, "worker/dev", "ghcr.io/myorg/worker:v1", "v2", "plain/worker/dev/cronjob.yaml", "r:v1", "r:v2");
    }

    @Test
    public void withoutTheFileTheApplicationIsFound() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.example("helm-repo").without(Delivery.FILE);
        assertThat(
                Delivery.load(tree).targets().stream().map(Target::id).toList(),
                contains("frontend/dev", "frontend/staging", "payments-api/dev"));
        sets(
                tree,
                "payments-api/dev",
                "ghcr.io/myorg/payments-api:sha-a1b2c3d",
                "sha-0000001",
                "argocd/payments-api-dev.yaml",
                ":sha-a1b2c3d #",
                ":sha-0000001 #");
    }

    private static void sets(
            InMemoryFileTree tree, String id, String image, String tag, String file, String before, String after)
            throws Exception {
        Target target = Delivery.load(tree).target(id.split("/")[0], id.split("/")[1]);
        ImageReference now = ImageReference.parse(image);
        assertThat(TargetImages.read(tree, target), contains(now));
        String text = new String(tree.read(file).orElseThrow(), UTF_8);
        byte[] set = TargetImages.set(tree, target, List.of(new ImageReference(now.name(), tag, null)), false)
                .get(file);
        assertThat(new String(set, UTF_8), is(text.replace(before, after)));
    }
}
