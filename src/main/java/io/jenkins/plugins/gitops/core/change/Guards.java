package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.Optional;

/** What keeps a new image from a target. A target that has the image already needs no guard. */
final class Guards {
    private Guards() {}

    /** @throws RefusedException when the target is held */
    static void refuseHeld(FileTree tree, Target target) throws RefusedException, IOException {
        Optional<Hold> hold = Hold.find(tree, target);
        if (hold.isPresent()) {
            throw new RefusedException(
                    SourceLocation.of(Hold.file(target)),
                    target.id() + " is held by " + hold.get().by() + ": "
                            + hold.get().reason(),
                    "Release it first, on its history page in Jenkins or with the command release");
        }
    }
}
