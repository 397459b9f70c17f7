package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.sim.SimGit.Commit;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.time.Instant;
import java.util.List;

/** What brings the simulated cluster to Git, together with how Jenkins hears of it. */
interface SimSource {
    Target TARGET = new Target("payments-api", "dev", "services/payments-api/overlays/dev", null);

    /** What Jenkins knows, by its own clock. */
    List<AgentSnapshot> snapshots(Instant now);

    /** The simulated moments that a snapshot speaks of: no earlier than the one, and sent at the other. */
    Observation observation(AgentSnapshot snapshot);

    /** Whether it says of which revision an error is. */
    default boolean tellsRevisionOfErrors() {
        return true;
    }

    /** Something was pushed. */
    void pushed();

    /** A person asks for a sync. */
    void request(Commit commit, boolean partial);

    /** It, or its server, goes down for a while and forgets what was under way. */
    void restart();

    /** Jenkins' process ended. */
    void controllerStopped();

    /** Jenkins' process is there again. */
    void controllerStarted();

    record Observation(long from, long sent) {}
}
