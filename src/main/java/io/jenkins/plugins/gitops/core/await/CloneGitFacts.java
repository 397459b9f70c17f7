package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.FileSetVersion;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers the questions of an await decision from the local clone. An instance serves one decision; its cache may live
 * longer.
 */
public final class CloneGitFacts implements GitFacts {
    /**
     * The number of versions of the image files to search for the commit that replaced a value. Beyond that, the value
     * is only reported as gone.
     */
    private static final int CHANGES = 200;
    /** If more files changed, the change is assumed to affect this target. */
    private static final int FILES = 200;

    private final ConfigRepository repository;
    private final Expectation expectation;
    private final CommitCache memory;
    private final String tip;

    /**
     * Creates an instance with an empty cache.
     *
     * @throws UserErrorException if the repository was never fetched
     */
    public CloneGitFacts(ConfigRepository repository, Expectation expectation) throws UserErrorException {
        this(repository, expectation, new CommitCache());
    }

    /**
     * @param memory the cache of this repository
     * @throws UserErrorException if the repository was never fetched
     */
    public CloneGitFacts(ConfigRepository repository, Expectation expectation, CommitCache memory)
            throws UserErrorException {
        this.repository = repository;
        this.expectation = expectation;
        this.memory = memory;
        this.tip = repository
                .tip()
                .orElseThrow(() -> new UserErrorException(
                        repository.url() + " has not been fetched yet", "Wait for the next fetch"));
    }

    @Override
    public String branch() {
        return repository.branch();
    }

    @Override
    public String tip() {
        return tip;
    }

    @Override
    public boolean contains(String revision) throws IOException {
        return repository.contains(revision);
    }

    @Override
    public boolean isAtOrAfterChange(String revision) throws IOException {
        return isSameOrAncestor(expectation.revision(), revision);
    }

    private boolean isSameOrAncestor(String ancestor, String revision) throws IOException {
        return ancestor.equals(revision) && repository.contains(revision)
                || memory.isAncestor(ancestor, revision, () -> isAncestor(ancestor, revision))
                        .orElse(false);
    }

    private Optional<Boolean> isAncestor(String ancestor, String descendant) throws IOException {
        return repository.contains(ancestor) && repository.contains(descendant)
                ? Optional.of(repository.isAncestor(ancestor, descendant))
                : Optional.empty();
    }

    @Override
    public boolean hasExpectedImages(String revision) throws IOException {
        Optional<List<ImageReference>> there = imagesAt(revision);
        return there.isPresent() && !expected().isEmpty() && hasOnly(there.get(), expected());
    }

    /**
     * Whether all expected images are present, and none of them also has another value, for example in another file.
     */
    private static boolean hasOnly(List<ImageReference> there, List<ImageReference> expected) {
        return there.containsAll(expected)
                && there.stream()
                        .filter(image ->
                                expected.stream().anyMatch(other -> other.name().equals(image.name())))
                        .allMatch(expected::contains);
    }

    @Override
    public boolean isUnchanged(String from, String to) throws IOException {
        if (!contains(from) || !contains(to) || !hasExpectedImages(from) || !hasExpectedImages(to)) {
            return false;
        }
        List<FileSetVersion> versions = log(to, imageFiles(to));
        for (FileSetVersion version : versions) {
            String revision = version.commit().revision();
            if (isSameOrAncestor(revision, from)) {
                return true;
            }
            if (!hasExpectedImages(revision)) {
                return false;
            }
        }
        // If the log was truncated, the revision with the proven health may lie beyond its end.
        return versions.size() < CHANGES;
    }

    @Override
    public List<ImageReference> images() throws IOException {
        return expected();
    }

    @Override
    public boolean isNewest(String revision) throws IOException {
        if (tip.equals(revision)) {
            return true;
        }
        if (!isSameOrAncestor(revision, tip)) {
            return false;
        }
        Optional<List<String>> files = repository.changedFiles(revision, tip, FILES);
        return files.isPresent()
                && new ForeignFiles(repository.files(tip), expectation.target()).belongToOthers(files.get());
    }

    @Override
    public boolean isOffBranch(String revision) throws IOException {
        return repository.contains(revision) && !isSameOrAncestor(revision, tip);
    }

    @Override
    public boolean isSetInApplication() throws IOException {
        try {
            return TargetImages.areInApplication(repository.files(expectation.revision()), expectation.target());
        } catch (UserErrorException e) {
            return false;
        }
    }

    @Override
    @CheckForNull
    public SupersedingChange supersedingChange() throws IOException {
        List<String> files = imageFiles(expectation.revision());
        return files.isEmpty() ? null : replacement(log(tip, files));
    }

    private List<FileSetVersion> log(String revision, List<String> files) throws IOException {
        return FileSetVersion.log((path, most) -> repository.fileLog(revision, path, most), files, CHANGES);
    }

    /** @param versions versions of the files that had the images at the expected revision, newest first */
    @CheckForNull
    private SupersedingChange replacement(List<FileSetVersion> versions) throws IOException {
        FileSetVersion differs = null;
        int i = 0;
        for (; i < versions.size(); i++) {
            String revision = versions.get(i).commit().revision();
            if (revision.equals(expectation.revision()) || !isAtOrAfterChange(revision)) {
                break;
            }
            if (!hasExpectedImages(revision)) {
                differs = versions.get(i);
            }
        }
        boolean made =
                i < versions.size() && versions.get(i).commit().revision().equals(expectation.revision());
        FileSetVersion before = made ? next(versions, i) : i < versions.size() ? versions.get(i) : null;
        if (differs == null) {
            // Either the file came from a side branch without the change, or the images are now in another file.
            return before == null || made || hasExpectedImages(before.commit().revision())
                    ? null
                    : replacement(before.commit(), false, false);
        }
        boolean removed = !differs.exists();
        boolean asBefore = removed
                ? made && before == null && versions.size() < CHANGES
                : before != null && isSame(before, differs);
        return replacement(differs.commit(), takesBack(differs.commit().trailers(), asBefore), removed);
    }

    /**
     * Among this plugin's commits only a rollback is a revert: another build may set the older image again on purpose.
     */
    private boolean takesBack(Trailers trailers, boolean asBefore) {
        return ChangeMetadata.isOf(trailers, expectation.target())
                ? trailers.first(Trailers.ROLLBACK_OF).isPresent()
                : asBefore;
    }

    @CheckForNull
    private static FileSetVersion next(List<FileSetVersion> versions, int i) {
        return i + 1 < versions.size() ? versions.get(i + 1) : null;
    }

    private static SupersedingChange replacement(CommitInfo commit, boolean restoresPrevious, boolean removes) {
        return new SupersedingChange(commit.revision(), commit.subject(), restoresPrevious, removes);
    }

    /** Whether both versions have the same values for the expected images. */
    private boolean isSame(FileSetVersion one, FileSetVersion other) throws IOException {
        List<ImageReference> images =
                sameNames(imagesAt(one.commit().revision()).orElse(List.of()));
        return !images.isEmpty()
                && images.equals(sameNames(imagesAt(other.commit().revision()).orElse(List.of())));
    }

    private List<ImageReference> expected() throws IOException {
        return expectation.images().isEmpty()
                ? imagesAt(expectation.revision()).orElse(List.of())
                : expectation.images();
    }

    private List<ImageReference> sameNames(List<ImageReference> images) throws IOException {
        List<String> names = expected().stream().map(ImageReference::name).toList();
        return images.stream().filter(i -> names.contains(i.name())).toList();
    }

    @Override
    public Set<String> unnamedImages() throws IOException {
        String revision = expectation.revision();
        Target target = expectation.target();
        return memory.unnamed(revision, target, () -> unnamed(revision, target));
    }

    private Optional<Set<String>> unnamed(String revision, Target target) throws IOException {
        if (!repository.contains(revision)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TargetImages.entries(repository.files(revision), target).stream()
                    .filter(entry -> !entry.named())
                    .map(entry -> entry.image().name())
                    .collect(Collectors.toUnmodifiableSet()));
        } catch (UserErrorException e) {
            return Optional.of(Set.of());
        }
    }

    /** Empty if the target cannot be read at the revision. */
    private List<String> imageFiles(String revision) throws IOException {
        try {
            return TargetImages.imageFiles(repository.files(revision), expectation.target());
        } catch (UserErrorException e) {
            return List.of();
        }
    }

    /** Empty if the target cannot be read at the revision, because it is missing or invalid. */
    private Optional<List<ImageReference>> imagesAt(String revision) throws IOException {
        Target target = expectation.target();
        return memory.images(revision, target, () -> read(revision, target)).orElse(Optional.empty());
    }

    private Optional<Optional<List<ImageReference>>> read(String revision, Target target) throws IOException {
        if (!repository.contains(revision)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Optional.of(List.copyOf(TargetImages.read(repository.files(revision), target))));
        } catch (UserErrorException e) {
            return Optional.of(Optional.empty());
        }
    }
}
