package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Limits the rollback of a build to its own change: to the images that it wrote, and only if they have not been changed
 * since. So a rollback in a {@code catch} block is safe even if the wait ended because of a newer change, and it does
 * not affect what another build wrote to other images of the target.
 */
final class OwnChangeGuard implements ChangePlanner {
    private final List<ChangeRecord> own;
    private final List<String> images;
    private final RepositoryConfiguration repository;
    private final RollbackOfImages rollback;
    private volatile String changedBy;

    /** Creates the rollback of the named images, or of all if no names are given. */
    interface RollbackOfImages {
        ChangePlanner of(List<String> names);
    }

    /**
     * @param own changes of one target by this build, newest last; at least one
     * @param images names of the images to roll back; empty for all images of the newest change
     */
    OwnChangeGuard(
            List<ChangeRecord> own,
            List<String> images,
            RepositoryConfiguration repository,
            RollbackOfImages rollback) {
        this.own = List.copyOf(own);
        this.images = List.copyOf(images);
        this.repository = repository;
        this.rollback = rollback;
    }

    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        ChangeRecord newest = own.get(own.size() - 1);
        Target target = Delivery.load(tip.files()).target(newest.getApplication(), newest.getEnvironment());
        List<ImageEntry> entries = TargetImages.entries(tip.files(), target);
        List<ImageReference> written = written(entries);
        changedBy = null;
        if (written.isEmpty()) {
            // This build did not write the requested images.
            return rollback.of(images).plan(tip);
        }
        if (entries.stream().map(ImageEntry::image).toList().containsAll(written)) {
            return rollback.of(written.stream().map(ImageReference::name).toList())
                    .plan(tip);
        }
        ConfigRepository clone = ConfigRepositories.get()
                .open(repository.onBranch(tip.files().branch().environmentBranch()));
        changedBy = TargetHistory.newestCommit(clone, tip.files(), tip.revision(), target)
                .map(last -> ShortRevision.of(last.revision()) + " \"" + last.subject() + "\"")
                .orElse(tip.revision());
        return new ChangePlan(Map.of(), target.id() + ": nothing to roll back", Trailers.none());
    }

    /** The images that the newest relevant change of this build wrote. */
    private List<ImageReference> written(List<ImageEntry> entries) throws UserErrorException {
        for (int i = own.size() - 1; i >= 0; i--) {
            List<ImageReference> written = new ArrayList<>();
            for (String text : own.get(i).changedImages()) {
                ImageReference image = ImageReference.parse(text);
                if (images.isEmpty() || isSelected(image, entries)) {
                    written.add(image);
                }
            }
            if (!written.isEmpty()) {
                return written;
            }
        }
        return List.of();
    }

    private boolean isSelected(ImageReference image, List<ImageEntry> entries) {
        return images.contains(image.name())
                || entries.stream()
                        .anyMatch(entry -> images.contains(entry.key())
                                && entry.image().name().equals(image.name()));
    }

    @Override
    @CheckForNull
    public OperationScope scope() {
        return rollback.of(images).scope();
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return rollback.of(images).isDoneBy(commit, operationId, revisionReader);
    }

    @Override
    public void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException, IOException {
        rollback.of(images).requireSame(done, tip);
    }

    /** Who changed the target since; null when this build's change is still the current one. */
    @CheckForNull
    String changedBy() {
        return changedBy;
    }
}
