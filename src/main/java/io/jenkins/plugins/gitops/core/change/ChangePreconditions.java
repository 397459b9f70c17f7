package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.model.UserIds;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks whether a target may get a new image. A target that already has the image needs no check. */
final class ChangePreconditions {
    private ChangePreconditions() {}

    /**
     * Checks that the target is not held. A hold by a build without a person is released by a change that a person
     * requests; otherwise that person would have to ask someone with more permissions to release it.
     *
     * @return the files to delete in order to release the target; empty when it is not held
     * @throws UserErrorException when the target is held
     */
    static Set<String> requireNotHeld(FileTree tree, Target target, ChangeMetadata changeMetadata)
            throws UserErrorException, IOException {
        Optional<Hold> hold = Hold.find(tree, target);
        if (hold.isEmpty()) {
            return Set.of();
        }
        boolean automatic = !hold.get().isByPerson();
        if (automatic && UserIds.isPerson(changeMetadata.requestedBy())) {
            return Set.of(Hold.file(target));
        }
        throw new UserErrorException(
                SourceLocation.of(Hold.file(target)),
                automatic
                        ? target.id() + " is held by a build that was not started by a user: "
                                + hold.get().reason()
                        : target.id() + " is held by " + hold.get().by() + ": "
                                + hold.get().reason(),
                (automatic ? "Start the build as a user, or release" : "Release")
                        + " it first, on its history page in Jenkins or with the command release");
    }

    /**
     * Checks whether a change may also affect the other targets that share the changed files.
     *
     * @return the other targets
     * @throws UserErrorException when one of them is held or requires a reason that is missing, or several environments
     *     share the files without {@code gitops.yaml} declaring it
     */
    static List<Target> checkSharedTargets(
            FileTree tree, Delivery delivery, Target target, Set<String> files, @CheckForNull String reason)
            throws UserErrorException, IOException {
        List<Target> changed = delivery.changedWith(target, files);
        List<Target> others = changed.subList(1, changed.size());
        for (Target other : others) {
            delivery.checkReason(other.environment(), reason);
            Optional<Hold> hold = Hold.find(tree, other);
            if (hold.isPresent()) {
                throw new UserErrorException(
                        SourceLocation.of(Hold.file(other)),
                        target.id() + " has the same file as " + other.id() + ", which is held by "
                                + hold.get().by() + ": " + hold.get().reason(),
                        "Release " + other.id() + " first");
            }
        }
        return others;
    }

    /**
     * Checks that none of the other targets requires approval.
     *
     * @throws UserErrorException when one of them does
     */
    static void requireNoApproval(Delivery delivery, Target target, List<Target> others)
            throws UserErrorException, IOException {
        for (Target other : others) {
            boolean another = !other.environment().equals(target.environment());
            if (another && delivery.environment(other.environment()).approval() != null) {
                throw new UserErrorException(
                        target.id() + " has the same file as " + other.id()
                                + ", whose environment requires approval in " + Delivery.FILE,
                        "Change " + other.id() + " with gitopsPromote, or give each environment its own file");
            }
        }
    }

    /** Adds the trailer that the change releases its target, if it does. */
    static Trailers withRelease(Set<String> holds, Trailers trailers) {
        return holds.isEmpty() ? trailers : trailers.with(Trailers.HOLD, Hold.RELEASED);
    }
}
