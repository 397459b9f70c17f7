package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;

/** Checks whether the files of a commit agree with its trailers. */
final class TrailerVerification {
    private TrailerVerification() {}

    /**
     * Whether the files of a commit contain what its trailers say that an operation did to a target.
     *
     * @param operationId one of the commit's; a commit that was squashed from several operations contains the result of
     *     the last one, so its files prove nothing about one of them
     */
    static boolean matchesFiles(
            RevisionReader revisionReader,
            CommitInfo commit,
            String operationId,
            String application,
            String environment)
            throws IOException {
        Trailers trailers = commit.trailers();
        if (!trailers.all(Trailers.OPERATION).equals(List.of(operationId))
                || !trailers.all(Trailers.TARGET).contains(application + "/" + environment)) {
            // Several operations, or an operation of another target, which is checked elsewhere.
            return true;
        }
        try {
            FileTree files = revisionReader.files(commit.revision());
            Target target = Delivery.load(files).target(application, environment);
            return holdAgrees(files, target, trailers) && imagesAgree(files, target, trailers);
        } catch (UserErrorException e) {
            return false;
        }
    }

    private static boolean holdAgrees(FileTree files, Target target, Trailers trailers) throws IOException {
        boolean held = Hold.find(files, target).isPresent();
        return trailers.all(Trailers.HOLD).stream().allMatch(said -> said.equals(held ? Hold.HELD : Hold.RELEASED));
    }

    private static boolean imagesAgree(FileTree files, Target target, Trailers trailers)
            throws UserErrorException, IOException {
        List<ImageChange> said = ImageChange.of(trailers);
        if (said.isEmpty()) {
            return true;
        }
        List<ImageReference> images = TargetImages.read(files, target);
        return said.stream().allMatch(change -> isIn(images, change));
    }

    private static boolean isIn(List<ImageReference> images, ImageChange change) {
        ImageReference from = change.from();
        return change.to() != null
                ? images.contains(change.to())
                : from == null
                        || images.stream().noneMatch(image -> image.name().equals(from.name()));
    }
}
