package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory.ObjectMembership;
import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory.OtherApplications;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** The objects that the applications contain at the revision that one of them is compared at, or at a newer one. */
public class DesiredInventoryTest {
    private static final ResourceKind PVC =
            ResourceKind.builtIn("v1", "PersistentVolumeClaim").orElseThrow();
    private static final ObjectId DATA = new ObjectId(PVC, "shop", "data");
    private static final OtherApplications RELEASED = new OtherApplications(ObjectMembership.NOT_DECLARED, List.of());
    private static final OtherApplications PENDING = new OtherApplications(ObjectMembership.PENDING, List.of());

    private final DesiredInventory inventory = new DesiredInventory();

    @Before
    public void threeApplications() {
        inventory.expect(Set.of("old", "new", "third"));
    }

    @Test
    public void nothingIsReleasedBeforeAllAreRendered() throws Exception {
        inventory.rendered(1, state("old", "shop"));
        inventory.rendered(1, state("new", "shop"));

        assertThat(inventory.others(DATA, "old"), is(PENDING));
        inventory.rendered(1, state("third", "shop"));
        assertThat(inventory.others(DATA, "old"), is(RELEASED));
    }

    @Test
    public void objectOfAnotherApplicationIsNotReleased() throws Exception {
        inventory.rendered(1, state("old", "shop"));
        inventory.rendered(1, state("new", "shop", "data"));

        assertThat(inventory.others(DATA, "old"), is(new OtherApplications(ObjectMembership.DECLARED, List.of("new"))));
        assertThat(inventory.others(DATA, "new"), is(PENDING));
    }

    @Test
    public void olderRevisionOfAnotherApplicationIsInconclusive() throws Exception {
        all(1);
        inventory.rendered(2, state("old", "shop"));

        assertThat(inventory.others(DATA, "old"), is(PENDING));
        inventory.rendered(2, state("new", "shop", "data"));
        assertThat(inventory.others(DATA, "old").membership(), is(ObjectMembership.DECLARED));
        assertThat(inventory.membership("old", DATA, "new"), is(ObjectMembership.NOT_DECLARED));
    }

    @Test
    public void newerRevisionOfAnotherApplicationIsConclusive() throws Exception {
        all(1);
        inventory.rendered(2, state("new", "shop", "data"));

        assertThat(inventory.others(DATA, "old").membership(), is(ObjectMembership.DECLARED));
        assertThat(inventory.membership("old", DATA, "new"), is(ObjectMembership.PENDING));
    }

    @Test
    public void renamedApplicationIsForgotten() throws Exception {
        all(1);
        inventory.expect(Set.of("new", "third"));

        assertThat(inventory.membership("old", DATA, "new"), is(ObjectMembership.APPLICATION_GONE));
    }

    @Test
    public void removedApplicationIsNotAwaitedAndDoesNotReturn() throws Exception {
        all(1);
        inventory.expect(Set.of("old", "new"));
        inventory.rendered(2, state("old", "shop"));
        inventory.rendered(2, state("new", "shop"));
        inventory.rendered(2, state("third", "shop", "data"));

        assertThat(inventory.others(DATA, "old"), is(RELEASED));
        assertThat(inventory.membership("third", DATA, "old"), is(ObjectMembership.APPLICATION_GONE));
    }

    @Test
    public void unrenderableApplicationKeepsItsPotentialObjects() throws Exception {
        all(1);
        inventory.failed(2, "new", id -> id.name().equals("data"));
        inventory.rendered(2, state("old", "shop"));
        inventory.rendered(2, state("third", "shop"));

        assertThat(inventory.others(DATA, "old"), is(new OtherApplications(ObjectMembership.UNKNOWN, List.of("new"))));
        assertThat(inventory.others(new ObjectId(PVC, "shop", "other"), "old"), is(RELEASED));
        assertThat(inventory.membership("new", DATA, "old"), is(ObjectMembership.UNKNOWN));
    }

    @Test
    public void unrenderableApplicationKeepsItsPreviousObjects() throws Exception {
        all(1);
        inventory.rendered(1, state("new", "shop", "data"));
        inventory.failed(2, "new", id -> false);
        inventory.rendered(2, state("old", "shop"));
        inventory.rendered(2, state("third", "shop"));

        assertThat(inventory.others(DATA, "old").membership(), is(ObjectMembership.UNKNOWN));
    }

    @Test
    public void repairedApplicationIsNoLongerAwaited() throws Exception {
        all(1);
        inventory.failed(2, "new", id -> true);
        inventory.rendered(2, state("old", "shop"));
        inventory.rendered(2, state("third", "shop"));
        inventory.rendered(3, state("new", "shop"));

        assertThat(inventory.others(DATA, "old"), is(RELEASED));
    }

    @Test
    public void sameNameInAnotherNamespaceIsAnotherObject() throws Exception {
        inventory.rendered(1, state("old", "shop"));
        inventory.rendered(1, state("new", "elsewhere", "data"));
        inventory.rendered(1, state("third", "shop"));

        assertThat(inventory.others(DATA, "old"), is(RELEASED));
        assertThat(inventory.sharing(DATA, "old"), is(List.of()));
    }

    @Test
    public void sharedObjectNamesAllApplicationsRegardlessOfRevision() throws Exception {
        inventory.rendered(3, state("old", "shop", "data"));
        inventory.rendered(1, state("new", "shop", "data"));
        inventory.rendered(2, state("third", "shop", "data"));

        assertThat(inventory.sharing(DATA, "old"), is(List.of("new", "third")));
    }

    private void all(long sequence) throws Exception {
        inventory.rendered(sequence, state("old", "shop", "data"));
        inventory.rendered(sequence, state("new", "shop"));
        inventory.rendered(sequence, state("third", "shop"));
    }

    private static DesiredState state(String application, String namespace, String... claims) throws Exception {
        ApplicationSpec spec = new ApplicationSpecBuilder("apps/" + application, namespace).build();
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (String name : claims) {
            manifests.add(
                    Map.of("apiVersion", "v1", "kind", "PersistentVolumeClaim", "metadata", Map.of("name", name)));
        }
        return DesiredState.of(application, spec, manifests);
    }
}
