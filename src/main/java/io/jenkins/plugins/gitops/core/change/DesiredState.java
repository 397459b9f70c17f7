package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.GitFacts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Answers what an await asks Git, from the local clone. Lives for one decision. */
public final class DesiredState implements GitFacts {
    /** A value that was replaced longer ago than this many commits of its folder is only told to be gone. */
    private static final int COMMITS = 200;

    private final ConfigRepository repository;
    private final Expectation expectation;
    private final String tip;

    /** @throws RefusedException when the repository was never fetched */
    public DesiredState(ConfigRepository repository, Expectation expectation) throws RefusedException {
        this.repository = repository;
        this.expectation = expectation;
        this.tip = repository
                .tip()
                .orElseThrow(() -> new RefusedException(
                        repository.url() + " has not been fetched yet", "Wait for the next fetch"));
    }

    @Override
    public String tip() {
        return tip;
    }

    @Override
    public boolean knows(String revision) throws IOException {
        return repository.contains(revision);
    }

    @Override
    public boolean includes(String revision) throws IOException {
        return repository.isAncestor(expectation.revision(), revision);
    }

    @Override
    public boolean holds(String revision) throws IOException {
        Optional<List<ImageReference>> there = imagesAt(revision);
        return there.isPresent() && !expected().isEmpty() && there.get().containsAll(expected());
    }

    @Override
    @CheckForNull
    public Replacement replacement() throws IOException {
        CommitInfo firstThatDiffers = null;
        List<ImageReference> before = List.of();
        for (CommitInfo commit : repository.log(tip, path(), COMMITS)) {
            if (commit.revision().equals(expectation.revision())) {
                continue;
            }
            if (!repository.isAncestor(expectation.revision(), commit.revision())) {
                before = sameNames(imagesAt(commit.revision()).orElse(List.of()));
                break;
            }
            if (!holds(commit.revision())) {
                firstThatDiffers = commit;
            }
        }
        if (firstThatDiffers == null) {
            return null;
        }
        List<ImageReference> after =
                sameNames(imagesAt(firstThatDiffers.revision()).orElse(List.of()));
        return new Replacement(
                firstThatDiffers.revision(), firstThatDiffers.subject(), !before.isEmpty() && before.equals(after));
    }

    /** Where the target's images change: its folder, or the file that holds them when that stands elsewhere. */
    private String path() {
        String file = expectation.target().imageFile();
        return file == null || expectation.target().contains(file)
                ? expectation.target().path()
                : file;
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

    /** Empty when the target cannot be read there: gone, or broken. */
    private Optional<List<ImageReference>> imagesAt(String revision) throws IOException {
        if (!repository.contains(revision)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TargetImages.read(repository.files(revision), expectation.target()));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }
}
