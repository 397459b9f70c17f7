package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.util.List;
import org.junit.Test;

/** Which failures of one resource block the others of its application. */
public class SyncFailuresTest {
    private static final ClusterException DENIED =
            new ClusterException(403, "Forbidden", "exceeded quota", List.of(), false);
    private static final ClusterException INVALID =
            new ClusterException(422, "Invalid", "spec.ports: Required value", List.of(), true);

    @Test
    public void deniedObjectDoesNotBlockOthers() {
        assertBlocks(false, "v1", "ConfigMap", DENIED);
        assertBlocks(true, "v1", "ConfigMap", INVALID);
        assertBlocks(true, "v1", "ConfigMap", new ClusterException(0, null, "no answer", List.of()));
    }

    @Test
    public void failedDependencyBlocksOthers() {
        assertBlocks(true, "v1", "Namespace", DENIED);
        assertBlocks(true, "apiextensions.k8s.io/v1", "CustomResourceDefinition", DENIED);
    }

    private static void assertBlocks(boolean blocks, String apiVersion, String kind, ClusterException failure) {
        ResourceKind type = ResourceKind.builtIn(apiVersion, kind)
                .orElseThrow(() -> new AssertionError(apiVersion + " " + kind + " is not built in"));
        ObjectId id = new ObjectId(type, type.namespaced() ? "shop" : null, "one");
        SyncFailures failures = new SyncFailures(SecretMask.NONE);

        failures.add(new ResourceState(null, id, null, Difference.MISSING, null, null), failure);

        assertThat(kind + ": " + failure.getMessage(), failures.isBlocking(), is(blocks));
        assertThat(failures.isEmpty(), is(false));
    }
}
