package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions.Pruning;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Which objects are kept although Git no longer contains them. */
public class PruneProtectionTest {
    private static final String OPTIONS = ResourceOptions.ANNOTATION;
    private static final String HELM = "helm.sh/resource-policy";

    @Test
    public void annotationsTakePrecedenceOverTheApplication() {
        assertPruning(Pruning.AUTOMATIC, "", Map.of());
        assertPruning(Pruning.NEVER, "", Map.of(OPTIONS, "Prune=false"));
        assertPruning(Pruning.NEVER, "", Map.of(OPTIONS, "Replace=true, Prune=false"));
        assertPruning(Pruning.NEVER, "", Map.of(HELM, "keep"));
        assertPruning(Pruning.NEVER, "", Map.of(HELM, "keep", OPTIONS, "Prune=true"));
        assertPruning(Pruning.AUTOMATIC, "", Map.of(HELM, "delete"));
        assertPruning(Pruning.CONFIRM, "", Map.of(OPTIONS, "Prune=confirm"));
        assertPruning(Pruning.AUTOMATIC, "", Map.of(OPTIONS, "Delete=false"));
        assertPruning(Pruning.NEVER, "Prune=false", Map.of());
        assertPruning(Pruning.NEVER, "Prune=false", Map.of(OPTIONS, "Replace=true"));
        assertPruning(Pruning.AUTOMATIC, "Prune=false", Map.of(OPTIONS, "Prune=true"));
        assertPruning(Pruning.CONFIRM, "Prune=confirm", Map.of());
    }

    @Test
    public void namespaceOfCreateNamespaceIsKept() {
        PruneProtection creates = new PruneProtection("shop", ResourceOptions.NONE);

        assertThat(creates.isOwnNamespace(live("Namespace", "shop", Map.of())), is(true));
        assertThat(creates.isOwnNamespace(live("Namespace", "other", Map.of())), is(false));
        assertThat(creates.isOwnNamespace(live("ConfigMap", "shop", Map.of())), is(false));
        assertThat(
                new PruneProtection(null, ResourceOptions.NONE).isOwnNamespace(live("Namespace", "shop", Map.of())),
                is(false));
    }

    @Test
    public void keptObjectIsNeitherDriftNorPruned() {
        Comparison comparison = comparison(Difference.KEPT);

        assertThat(comparison.isInSync(), is(true));
        assertThat(comparison.needsWork(), is(false));
        assertThat(comparison.toPrune(), is(List.of()));
        assertThat("Git holds nothing, and nothing is deleted", comparison.wouldPruneEverything(), is(false));
    }

    @Test
    public void keptObjectDoesNotCountAsLeftByAnEmptyFolder() {
        assertThat(comparison(Difference.KEPT, Difference.REQUIRES_PRUNING).wouldPruneEverything(), is(true));
    }

    private static Comparison comparison(Difference... differences) {
        List<ResourceState> states = new ArrayList<>();
        for (Difference difference : differences) {
            LiveObject live = live("ConfigMap", "c" + states.size(), Map.of());
            states.add(new ResourceState(null, live.id(), live, difference, live.assessment(), null));
        }
        return new Comparison(states);
    }

    private static void assertPruning(Pruning expected, String ofApplication, Map<String, String> annotations) {
        PruneProtection pruneProtection = new PruneProtection(null, ResourceOptions.parse(ofApplication));
        assertThat(annotations.toString(), pruneProtection.of(live("ConfigMap", "a", annotations)), is(expected));
    }

    private static LiveObject live(String kind, String name, Map<String, String> annotations) {
        return LiveObject.of(
                ResourceKind.builtIn("v1", kind).orElseThrow(),
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        kind,
                        "metadata",
                        Map.of("name", name, "namespace", "n", "uid", name, "annotations", annotations)));
    }
}
