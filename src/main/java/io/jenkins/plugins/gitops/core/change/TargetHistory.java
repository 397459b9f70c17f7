package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.List;

/** The history of a target, from Git alone. */
public final class TargetHistory {
    private TargetHistory() {}

    /**
     * The commits that changed the target's images, or held or released it, newest first.
     *
     * @param limit at most so many
     */
    public static List<HistoryEntry> newestFirst(ConfigRepository repository, Target target, String revision, int limit)
            throws RefusedException, IOException {
        return List.of();
    }
}
