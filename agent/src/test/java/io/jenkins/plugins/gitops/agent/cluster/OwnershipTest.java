package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory.ObjectMembership;
import io.jenkins.plugins.gitops.agent.cluster.Ownership.OwnershipKind;
import java.util.Optional;
import org.junit.Test;

/** Which live objects an application may apply. */
public class OwnershipTest {
    private static final Installation MINE = new Installation("dev", Optional.of("1234"));

    @Test
    public void ownObjectsAreOurs() {
        assertThat(decide("shop", "dev/1234").kind(), is(OwnershipKind.OURS));
        assertThat(decide("shop", "dev").kind(), is(OwnershipKind.OURS));
    }

    @Test
    public void objectsOfAnEarlierVersionAreOursWhereTheApplicationIs() {
        assertThat(decide("shop", null).kind(), is(OwnershipKind.OURS));

        Ownership other = decide("cart", null);
        assertThat(other.kind(), is(OwnershipKind.REFUSED));
        assertThat(
                other.message(),
                containsString(
                        "of an unknown agent; to move it here, remove its annotation gitops.jenkins.io/tracking-id"));
    }

    @Test
    public void anotherAgentsObjectIsRejectedWithARemedy() {
        Ownership owner = decide("shop", "prod/1234");

        assertThat(owner.kind(), is(OwnershipKind.REFUSED));
        assertThat(owner.message(), containsString("belongs to application shop of agent prod/1234"));
        assertThat(owner.message(), containsString("gitops.jenkins.io/adopt-from: prod"));
    }

    @Test
    public void objectRestoredFromAnotherClusterIsRejected() {
        assertThat(decide("shop", "dev/9999").kind(), is(OwnershipKind.REFUSED));
    }

    @Test
    public void anotherAgentsObjectIsAdoptedOnRequest() {
        assertThat(
                Ownership.decide(
                                new TrackingAnnotation("shop", "prod/1234"),
                                MINE,
                                "shop",
                                true,
                                ObjectMembership.APPLICATION_GONE)
                        .kind(),
                is(OwnershipKind.ADOPTED));
    }

    @Test
    public void objectIsAdoptedWhenTheOtherApplicationDropsIt() {
        assertThat(of("cart", ObjectMembership.APPLICATION_GONE).kind(), is(OwnershipKind.ADOPTED));
        assertThat(of("cart", ObjectMembership.NOT_DECLARED).kind(), is(OwnershipKind.ADOPTED));
        assertThat(of("cart", ObjectMembership.PENDING).kind(), is(OwnershipKind.PENDING));
        assertThat(
                of("cart", ObjectMembership.UNKNOWN).message(),
                containsString("application cart, which cannot be rendered"));
        assertThat(of("cart", ObjectMembership.DECLARED).message(), containsString("whose folder has it, too"));
        assertThat(of("cart", ObjectMembership.DECLARED).kind(), is(OwnershipKind.REFUSED));
    }

    @Test
    public void unmarkedObjectMovesBetweenApplicationsOfThisAgentOnly() {
        assertThat(
                Ownership.decide(
                                new TrackingAnnotation("cart", null),
                                MINE,
                                "shop",
                                false,
                                ObjectMembership.NOT_DECLARED)
                        .kind(),
                is(OwnershipKind.ADOPTED));
    }

    @Test
    public void namespaceMayBeSharedUnlikeOtherObjects() {
        TrackingAnnotation cart = new TrackingAnnotation("cart", "dev/1234");

        assertThat(of("cart", ObjectMembership.DECLARED).shared(cart).kind(), is(OwnershipKind.SHARED));
        assertThat(of("cart", ObjectMembership.PENDING).shared(cart).kind(), is(OwnershipKind.SHARED));
        assertThat(of("cart", ObjectMembership.NOT_DECLARED).shared(cart).kind(), is(OwnershipKind.ADOPTED));
        assertThat(decide("shop", "dev/1234").shared(cart).kind(), is(OwnershipKind.OURS));
        Ownership foreign = decide("cart", "prod/1234").shared(new TrackingAnnotation("cart", "prod/1234"));
        assertThat(foreign.message(), containsString("is applied by application cart of prod/1234"));
    }

    private static Ownership of(String application, ObjectMembership other) {
        return Ownership.decide(new TrackingAnnotation(application, "dev/1234"), MINE, "shop", false, other);
    }

    private static Ownership decide(String application, String installation) {
        return Ownership.decide(
                new TrackingAnnotation(application, installation),
                MINE,
                "shop",
                false,
                ObjectMembership.APPLICATION_GONE);
    }
}
