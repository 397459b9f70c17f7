package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.change.ImageHistory.ImageVersion;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prevents an older build of a job from overwriting an image of a target that a newer build wrote, even if the newer
 * build rolled back, and even if others changed the target in between. All branch jobs of a multibranch project count
 * as one job. If number and start time of two builds contradict each other, because a job was recreated or a clock was
 * set back, neither is older. Trailers can be forged: they count only where the files of the commit agree, and where
 * the build that they name can have started before the commit.
 */
final class StaleBuildCheck {
    /** Tolerance for clock differences. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private StaleBuildCheck() {}

    /** Determines whether a commit did what its trailers claim. */
    interface TrailerEvidence {
        /** @param written one of the image changes that the trailers of the commit claim */
        boolean confirms(CommitInfo commit, ImageChange written) throws IOException;
    }

    /**
     * Rejects images that a newer build wrote.
     *
     * @param images names of the images to be written
     * @param remedy what the user can do
     */
    static void check(BranchTip tip, Target target, String operationId, Collection<String> images, String remedy)
            throws StaleBuildException, IOException {
        check(
                operationId,
                target.id(),
                images,
                tip.changes(target.id()),
                new FileEvidence(tip, target),
                Instant.now(),
                remedy);
    }

    /**
     * @param target {@code application/environment}
     * @param changes of the target, newest first
     */
    static void check(
            String operationId,
            String target,
            Collection<String> images,
            List<CommitInfo> changes,
            TrailerEvidence trailerEvidence,
            Instant now,
            String remedy)
            throws StaleBuildException, IOException {
        Optional<OperationId> mine = OperationId.parse(operationId);
        if (mine.isEmpty()) {
            return;
        }
        long latest = now.plus(SKEW).toEpochMilli();
        for (CommitInfo change : changes) {
            Optional<OperationId> newer = change.trailers().all(Trailers.OPERATION).stream()
                    .flatMap(id -> OperationId.parse(id).stream())
                    .filter(other -> other.started() <= latest && other.isAfter(mine.get()))
                    .findFirst();
            if (newer.isEmpty()) {
                continue;
            }
            for (ImageChange written : ImageChange.of(change.trailers())) {
                if (images.contains(written.name()) && trailerEvidence.confirms(change, written)) {
                    throw new StaleBuildException(
                            name(mine.get()) + " is older than " + name(newer.get()) + ", which "
                                    + (written.to() == null
                                            ? "removed " + written.from() + " from "
                                            : "wrote " + written.to() + " to ")
                                    + target + " in " + ShortRevision.of(change.revision()),
                            remedy);
                }
            }
        }
    }

    /** Compares the files before and after the commit, lazily. */
    private static final class FileEvidence implements TrailerEvidence {
        private final BranchTip tip;
        private final Target target;
        private Map<String, ImageVersion> own;

        private FileEvidence(BranchTip tip, Target target) {
            this.tip = tip;
            this.target = target;
        }

        @Override
        public boolean confirms(CommitInfo commit, ImageChange written) throws IOException {
            if (own == null) {
                own = own();
            }
            ImageVersion imageVersion = own.get(commit.revision());
            return imageVersion != null
                    && imageVersion.changes().stream().anyMatch(change -> ImageHistory.isSame(written, change));
        }

        private Map<String, ImageVersion> own() throws IOException {
            Map<String, ImageVersion> entries = new HashMap<>();
            try {
                for (ImageVersion imageVersion :
                        ImageHistory.newestFirst(tip.files(), tip::fileLog, target, BranchTip.MAX_CHANGES)) {
                    if (imageVersion.own()) {
                        entries.put(imageVersion.revision(), imageVersion);
                    }
                }
            } catch (UserErrorException e) {
                // The target currently has no images, so nothing could be overwritten.
                return Map.of();
            }
            return entries;
        }
    }

    private static String name(OperationId build) {
        return build.job() + " #" + build.number();
    }
}
