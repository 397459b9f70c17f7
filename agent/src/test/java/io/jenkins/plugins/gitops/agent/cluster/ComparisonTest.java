package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Which changes of a comparison justify another attempt of a failed sync. */
public class ComparisonTest {
    private final Comparison comparison = new Comparison(List.of(
            state("same", Difference.SAME),
            state("denied", Difference.DENIED),
            state("refused", Difference.REFUSED),
            state("immutable", Difference.IMMUTABLE),
            state("gone", Difference.MISSING),
            state("drifted", Difference.CHANGED)));

    @Test
    public void rejectedObjectBlocks() {
        assertThat(
                comparison.blockers(false),
                is(Set.of("ConfigMap denied DENIED", "ConfigMap refused REFUSED", "ConfigMap immutable IMMUTABLE")));
    }

    @Test
    public void driftByOthersCountsWithSelfHeal() {
        assertThat(
                comparison.blockers(true),
                is(Set.of(
                        "ConfigMap denied DENIED",
                        "ConfigMap refused REFUSED",
                        "ConfigMap immutable IMMUTABLE",
                        "ConfigMap gone MISSING",
                        "ConfigMap drifted CHANGED")));
    }

    private static ResourceState state(String name, Difference difference) {
        ApplicationSpec spec = new ApplicationSpecBuilder("path", "shop")
                .createNamespace(false)
                .build();
        DesiredObject desired = DesiredObject.of(
                Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", name)), spec);
        ResourceKind kind = ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();
        return new ResourceState(desired, desired.id(kind, "shop"), null, difference, null, null);
    }
}
