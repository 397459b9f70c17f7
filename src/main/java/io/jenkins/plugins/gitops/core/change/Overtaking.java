package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The monotonic guard: what a build of a job wrote to an image of a target, an older build of that job does not overwrite,
 * whoever else wrote there in between and whatever the newer build wrote, a rollback included. Where number and start of
 * two builds contradict each other, because a job was made anew or a clock was set back, neither is older.
 */
final class Overtaking {
    private Overtaking() {}

    /**
     * @param target {@code application/environment}
     * @param images names of the images that are to be written
     * @param changes of the target, newest first
     * @param wayOut what the user can do
     */
    static void check(
            String operationId, String target, Collection<String> images, List<CommitInfo> changes, String wayOut)
            throws OvertakenException {
        Optional<BuildOperation> mine = BuildOperation.parse(operationId);
        if (mine.isEmpty()) {
            return;
        }
        for (CommitInfo change : changes) {
            Optional<BuildOperation> other =
                    change.trailers().first(Trailers.OPERATION).flatMap(BuildOperation::parse);
            if (other.isEmpty() || !other.get().isAfter(mine.get())) {
                continue;
            }
            for (ImageChange written : ImageChange.of(change.trailers())) {
                ImageReference image = written.to();
                if (image != null && images.contains(image.name())) {
                    throw new OvertakenException(
                            name(mine.get()) + " is older than " + name(other.get()) + ", which wrote " + image + " to "
                                    + target + " in " + change.revision().substring(0, 8),
                            wayOut);
                }
            }
        }
    }

    private static String name(BuildOperation build) {
        return build.job() + " #" + build.number();
    }
}
