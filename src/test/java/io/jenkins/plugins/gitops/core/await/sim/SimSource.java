package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.sim.SimGit.Commit;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.time.Instant;
import java.util.List;

/** The simulated agent that syncs the cluster, and the way in which Jenkins receives its status. */
interface SimSource {
    Target TARGET = new Target("payments-api", "dev", "services/payments-api/overlays/dev", null);

    /** Returns what Jenkins knows, by its own clock. */
    List<AgentSnapshot> snapshots(Instant now);

    /** Returns the simulated times of a snapshot: the earliest time of the observation, and the time of sending. */
    Observation observation(AgentSnapshot snapshot);

    /** Whether an error names its revision. */
    default boolean tellsRevisionOfErrors() {
        return true;
    }

    /** Called after a push. */
    void pushed();

    /** Requests a sync, as a person may do. */
    void request(Commit commit, boolean partial);

    /** Stops the agent, or its server, for a while; operations in progress are lost. */
    void restart();

    /** Called when the Jenkins process ends. */
    void controllerStopped();

    /** Called when the Jenkins process starts again. */
    void controllerStarted();

    record Observation(long from, long sent) {}
}
