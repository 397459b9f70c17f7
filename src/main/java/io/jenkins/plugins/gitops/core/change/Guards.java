package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserIds;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** What keeps a new image from a target. A target that has the image already needs no guard. */
final class Guards {
    private Guards() {}

    /**
     * Checks the target's hold. One that a build without a person brought about gives way to a change that a person asks
     * for, who else would need somebody with more rights to release it.
     *
     * @return the files whose removal releases the target; empty when it is free
     * @throws RefusedException when the target is held
     */
    static Set<String> passHold(FileTree tree, Target target, Origin origin) throws RefusedException, IOException {
        Optional<Hold> hold = Hold.find(tree, target);
        if (hold.isEmpty()) {
            return Set.of();
        }
        boolean automatic = !hold.get().isByPerson();
        if (automatic && UserIds.isPerson(origin.requestedBy())) {
            return Set.of(Hold.file(target));
        }
        throw new RefusedException(
                SourceLocation.of(Hold.file(target)),
                automatic
                        ? target.id() + " is held by a build that no person started: "
                                + hold.get().reason()
                        : target.id() + " is held by " + hold.get().by() + ": "
                                + hold.get().reason(),
                (automatic ? "Start the build as a person, or release" : "Release")
                        + " it first, on its history page in Jenkins or with the command release");
    }

    /** Says that the change releases its target. */
    static Trailers releasing(Set<String> holds, Trailers trailers) {
        return holds.isEmpty() ? trailers : trailers.with(Trailers.HOLD, Hold.RELEASED);
    }
}
