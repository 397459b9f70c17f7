package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.cluster.LiveObject;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The table of deletions that a person has to confirm. */
public class PruneGuardTest {
    private static final PruneLedger.Totals MANY = new PruneLedger.Totals(1, 0, 1000, false);

    @Test
    public void kindsThatLoseDataRequireConfirmation() {
        for (String kind : List.of(
                "v1 Namespace",
                "v1 PersistentVolume",
                "v1 PersistentVolumeClaim",
                "apiextensions.k8s.io/v1 CustomResourceDefinition",
                "apps/v1 StatefulSet")) {
            ResourceState state = state(kind, "x", "");
            assertReasons(List.of(state), 100, state.label());
        }
        for (String kind : List.of("v1 ConfigMap", "v1 Secret", "v1 Service", "apps/v1 Deployment", "batch/v1 Job")) {
            assertReasons(List.of(state(kind, "x", "")), 100);
        }
    }

    @Test
    public void moreThanHalfOfAnApplicationRequiresConfirmation() {
        assertReasons(maps(4), 0);
        assertReasons(maps(5), 5);
        assertReasons(maps(5), 4, "5 of the application's 9 resources");
        assertReasons(maps(40), 39, "40 of the application's 79 resources");
        assertReasons(maps(40), 40);
        assertReasons(List.of(), 0);
    }

    @Test
    public void lastResourcesRequireConfirmation() {
        assertThat(
                PruneGuard.reasons(new PruneGuard.PruneImpact(maps(1), 0, true, ResourceOptions.NONE, MANY)),
                is(List.of("the last resources of the application")));
    }

    @Test
    public void moreThanHalfOfTheAgentsObjectsRequireConfirmation() {
        assertAgent(5, 9, true);
        assertAgent(5, 10, false);
        assertAgent(4, 4, false);
        assertAgent(501, 1000, true);
    }

    @Test
    public void confirmOptionRequiresConfirmation() {
        assertReasons(List.of(state("v1 ConfigMap", "a", "Prune=confirm")), 100, "Prune=confirm of ConfigMap a");
        ResourceOptions ofApplication = ResourceOptions.parse("Prune=confirm");
        List<ResourceState> plain = List.of(state("v1 ConfigMap", "a", ""));
        List<ResourceState> own = List.of(state("v1 ConfigMap", "a", "Prune=true"));
        assertThat(
                PruneGuard.reasons(new PruneGuard.PruneImpact(plain, 9, false, ofApplication, MANY)),
                is(List.of("Prune=confirm of ConfigMap a")));
        assertThat(PruneGuard.reasons(new PruneGuard.PruneImpact(own, 9, false, ofApplication, MANY)), is(List.of()));
    }

    @Test
    public void everyReasonIsNamedAndBounded() {
        List<ResourceState> pending = new ArrayList<>(maps(4));
        pending.add(state("v1 ConfigMap", "y".repeat(200), "Prune=confirm"));
        for (int i = 0; i < 20; i++) {
            pending.add(state("v1 PersistentVolumeClaim", "x".repeat(200) + i, ""));
        }
        List<String> reasons = PruneGuard.reasons(new PruneGuard.PruneImpact(
                pending, 0, false, ResourceOptions.NONE, new PruneLedger.Totals(25, 0, 25, false)));

        assertThat(reasons.size(), is(3));
        assertThat(reasons.get(0).endsWith(" and 18 more"), is(true));
        assertThat(String.join(", ", reasons).length() < 250, is(true));
    }

    @Test
    public void uncomparedApplicationsLeaveItUndecided() {
        assertThat(PruneGuard.isUndecided(new PruneLedger.Totals(1, 0, 1, false)), is(false));
        assertThat(PruneGuard.isUndecided(new PruneLedger.Totals(1, 0, 1, true)), is(true));
        assertThat(PruneGuard.isUndecided(new PruneLedger.Totals(1, 3, 4, false)), is(false));
        assertThat(PruneGuard.isUndecided(new PruneLedger.Totals(1, 4, 9, false)), is(true));
        assertThat(PruneGuard.isUndecided(new PruneLedger.Totals(1, 400, 802, false)), is(false));
    }

    private static void assertAgent(int pending, int tracked, boolean confirmed) {
        List<String> expected = confirmed ? List.of(pending + " of the agent's " + tracked + " resources") : List.of();
        assertThat(
                PruneGuard.reasons(new PruneGuard.PruneImpact(
                        maps(1), 9, false, ResourceOptions.NONE, new PruneLedger.Totals(pending, 0, tracked, false))),
                is(expected));
    }

    private static void assertReasons(List<ResourceState> pending, int kept, String... reasons) {
        assertThat(
                PruneGuard.reasons(new PruneGuard.PruneImpact(pending, kept, false, ResourceOptions.NONE, MANY)),
                is(List.of(reasons)));
    }

    static List<ResourceState> maps(int count) {
        List<ResourceState> states = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            states.add(state("v1 ConfigMap", "c" + i, ""));
        }
        return states;
    }

    /**
     * Returns the state of a live object.
     *
     * @param kind for example {@code apps/v1 Deployment}
     */
    static ResourceState state(String kind, String name, String options) {
        String[] parts = kind.split(" ");
        ResourceKind type = ResourceKind.builtIn(parts[0], parts[1]).orElseThrow();
        LiveObject live = LiveObject.of(
                type,
                Map.of(
                        "apiVersion",
                        parts[0],
                        "kind",
                        parts[1],
                        "metadata",
                        Map.of(
                                "name",
                                name,
                                "namespace",
                                "shop",
                                "uid",
                                kind + name,
                                "annotations",
                                Map.of(ResourceOptions.ANNOTATION, options))));
        return new ResourceState(
                null, live.id(), live, Difference.REQUIRES_PRUNING, live.assessment(), "no longer in Git");
    }
}
