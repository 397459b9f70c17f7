package io.jenkins.plugins.gitops.core.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;

import io.jenkins.plugins.gitops.core.await.sim.SimController;
import io.jenkins.plugins.gitops.core.await.sim.SimWorld;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Test;

/**
 * Waits in simulated worlds where everything happens at any time: pushes, identical renders, reverts, forced pushes,
 * removals, syncs that fail in part and are retried, drift, failing rollouts, lost, late and duplicate reports,
 * processes that end and clocks that jump. The final verdict of a wait has to be true in its world, and there has to be
 * one after the world has calmed down. {@link SimController} defines the exact guarantees.
 */
public class AwaitModelTest {
    private static final int WORLDS = Integer.getInteger("gitops.await.worlds", 5000);
    private static final long FIRST = Long.getLong("gitops.await.seed", 1);

    @Test
    public void waitOnOurAgentEndsWithTheTruth() {
        run(false);
    }

    @Test
    public void waitOnArgoCdEndsWithTheTruth() {
        run(true);
    }

    private static void run(boolean argo) {
        Map<String, Integer> ends = new TreeMap<>();
        for (long seed = FIRST; seed < FIRST + WORLDS; seed++) {
            ends.merge(end(seed, argo), 1, Integer::sum);
        }
        System.out.println((argo ? "Argo CD: " : "agent: ") + ends);
        if (WORLDS > 1000) {
            // A kind of verdict that hardly ever occurs would hardly be tested.
            for (String kind : new String[] {"Live", "Failed", "Superseded", "Reverted"}) {
                assertThat(kind, ends.getOrDefault(kind, 0), greaterThan(WORLDS / 50));
            }
        }
    }

    private static String end(long seed, boolean argo) {
        try {
            SimController controller = new SimWorld(seed, argo).run();
            if (controller.end() == null && controller.mayWait()) {
                return "Waiting";
            }
            if (controller.end() == null) {
                throw new AssertionError("still waits: " + controller.last());
            }
            return controller.end().getClass().getSimpleName();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " of " + (argo ? "Argo CD" : "our agent") + ": " + e.getMessage(), e);
        }
    }
}
