package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory.Holding;
import io.jenkins.plugins.gitops.agent.cluster.Ownership.Kind;
import java.util.Optional;
import org.junit.Test;

/** Which live objects an application may apply. */
public class OwnershipTest {
    private static final Installation MINE = new Installation("dev", Optional.of("1234"));

    @Test
    public void ownObjectsAreOurs() {
        assertThat(decide("shop", "dev/1234").kind(), is(Kind.OURS));
        assertThat(decide("shop", "dev").kind(), is(Kind.OURS));
    }

    @Test
    public void objectsOfAnEarlierVersionAreOursWhereTheApplicationIs() {
        assertThat(decide("shop", null).kind(), is(Kind.OURS));

        Ownership other = decide("cart", null);
        assertThat(other.kind(), is(Kind.REFUSED));
        assertThat(
                other.message(),
                containsString(
                        "of an unknown agent; to move it here, remove its annotation gitops.jenkins.io/tracking-id"));
    }

    @Test
    public void anotherAgentsObjectIsRefusedWithTheWayOut() {
        Ownership owner = decide("shop", "prod/1234");

        assertThat(owner.kind(), is(Kind.REFUSED));
        assertThat(owner.message(), containsString("belongs to application shop of agent prod/1234"));
        assertThat(owner.message(), containsString("gitops.jenkins.io/adopt-from: prod"));
    }

    @Test
    public void anObjectThatWasRestoredFromAnotherClusterIsRefused() {
        assertThat(decide("shop", "dev/9999").kind(), is(Kind.REFUSED));
    }

    @Test
    public void anotherAgentsObjectIsAdoptedOnRequest() {
        assertThat(
                Ownership.decide(new Tracking("shop", "prod/1234"), MINE, "shop", true, Holding.GONE)
                        .kind(),
                is(Kind.ADOPTED));
    }

    @Test
    public void objectOfAnotherApplicationIsAdoptedWhenThatOneNoLongerHoldsIt() {
        assertThat(of("cart", Holding.GONE).kind(), is(Kind.ADOPTED));
        assertThat(of("cart", Holding.RELEASED).kind(), is(Kind.ADOPTED));
        assertThat(of("cart", Holding.PENDING).kind(), is(Kind.PENDING));
        assertThat(of("cart", Holding.UNKNOWN).message(), containsString("application cart, which cannot be rendered"));
        assertThat(of("cart", Holding.HELD).message(), containsString("whose folder has it, too"));
        assertThat(of("cart", Holding.HELD).kind(), is(Kind.REFUSED));
    }

    @Test
    public void unmarkedObjectMovesBetweenApplicationsOfThisAgentOnly() {
        assertThat(
                Ownership.decide(new Tracking("cart", null), MINE, "shop", false, Holding.RELEASED)
                        .kind(),
                is(Kind.ADOPTED));
    }

    @Test
    public void namespaceIsSharedWhereOtherObjectsAreRefused() {
        Tracking cart = new Tracking("cart", "dev/1234");

        assertThat(of("cart", Holding.HELD).shared(cart).kind(), is(Kind.SHARED));
        assertThat(of("cart", Holding.PENDING).shared(cart).kind(), is(Kind.SHARED));
        assertThat(of("cart", Holding.RELEASED).shared(cart).kind(), is(Kind.ADOPTED));
        assertThat(decide("shop", "dev/1234").shared(cart).kind(), is(Kind.OURS));
        Ownership foreign = decide("cart", "prod/1234").shared(new Tracking("cart", "prod/1234"));
        assertThat(foreign.message(), containsString("is applied by application cart of prod/1234"));
    }

    private static Ownership of(String application, Holding other) {
        return Ownership.decide(new Tracking(application, "dev/1234"), MINE, "shop", false, other);
    }

    private static Ownership decide(String application, String installation) {
        return Ownership.decide(new Tracking(application, installation), MINE, "shop", false, Holding.GONE);
    }
}
