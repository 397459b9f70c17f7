package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ImageHistory.ImageVersion;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.FileSetVersion;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The states that a target, or some of its images, can be rolled back to. If only some images are selected, all states
 * are reduced to those.
 */
final class RollbackHistory {
    /** Number of changes to search; enough for any reasonable rollback. */
    private static final int STEPS = 200;

    private final RevisionReader revisions;
    private final List<ImageVersion> all;
    private final boolean cut;
    private final List<ImageReference> present;
    /** Names under which the selected images run; empty for all images of the target. */
    private final Set<String> names;

    private RollbackHistory(
            RevisionReader revisions,
            ImageHistory.RecentEntries searched,
            List<ImageReference> present,
            Set<String> names) {
        this.revisions = revisions;
        this.all = searched.entries();
        this.cut = searched.cut();
        this.names = names;
        this.present = selected(present);
    }

    /**
     * @param images names of the images; empty for all
     * @throws UserErrorException when the target has no such image, or its files do not contain its images
     */
    static RollbackHistory of(BranchTip tip, Target target, List<String> images)
            throws UserErrorException, IOException {
        ImageHistory.RecentEntries searched =
                ImageHistory.newest(tip.files(), tip::fileLog, target, STEPS, new ImageHistory.EntryCache());
        List<ImageEntry> entries = TargetImages.entries(tip.files(), target);
        Set<String> before = searched.entries().stream()
                .flatMap(state -> state.images().stream())
                .map(ImageReference::name)
                .collect(Collectors.toSet());
        return new RollbackHistory(
                tip.revisions(),
                searched,
                entries.stream().map(ImageEntry::image).toList(),
                images.isEmpty() ? Set.of() : ImageSelection.runningNames(target, entries, before, images));
    }

    /** All changes of the target's images, newest first. */
    List<ImageVersion> all() {
        return all;
    }

    /** Whether there are older changes, which are not searched. */
    boolean cut() {
        return cut;
    }

    /** Names under which the selected images run; empty for all images of the target. */
    Set<String> names() {
        return names;
    }

    /** The changes of the selected images, newest first. */
    List<ImageVersion> changes() {
        if (names.isEmpty()) {
            return all;
        }
        List<ImageVersion> changes = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            ImageVersion state = selected(all.get(i));
            boolean oldest = i == all.size() - 1;
            if (oldest || !state.images().equals(selected(all.get(i + 1).images()))) {
                changes.add(state);
            }
        }
        return changes;
    }

    /**
     * The matching states, newest first.
     *
     * @param to a revision or tag; null for the state before the current one
     */
    List<ImageVersion> candidates(@CheckForNull String to) throws IOException {
        if (to != null) {
            return ImageHistory.byRevisionOrTag(all.stream().map(this::selected).toList(), to);
        }
        List<ImageVersion> changes = changes();
        ImageVersion previous = ImageHistory.previous(changes);
        int at = previous == null ? changes.size() : changes.indexOf(previous);
        while (at < changes.size() && isIntermediate(changes.get(at), changes.get(at - 1))) {
            at++;
        }
        return at < changes.size() ? List.of(changes.get(at)) : List.of();
    }

    /**
     * Whether a state was only an intermediate commit of a rebased change request, so that the branch itself never had
     * it.
     */
    private boolean isIntermediate(ImageVersion state, ImageVersion next) throws IOException {
        return !state.own() && !next.own() && revisions.wereRebasedTogether(state.revision(), next.revision());
    }

    /** The changes that restore a state. */
    ImageRestoration restoration(ImageVersion state) {
        ImageRestoration restoration = ImageRestoration.of(present, state);
        return names.isEmpty() ? restoration : restoration.withBase(base(restoration));
    }

    /** The newest version of the files without the images to be removed. */
    private FileSetVersion base(ImageRestoration restoration) {
        List<String> removed =
                restoration.removed().stream().map(ImageReference::name).toList();
        return all.stream()
                .filter(state -> state.images().stream().noneMatch(image -> removed.contains(image.name())))
                .findFirst()
                .orElse(restoration.state())
                .version();
    }

    private ImageVersion selected(ImageVersion state) {
        return names.isEmpty()
                ? state
                : new ImageVersion(
                        state.version(),
                        state.files(),
                        selected(state.images()),
                        state.changes().stream()
                                .filter(change -> names.contains(change.name()))
                                .toList(),
                        state.own());
    }

    private List<ImageReference> selected(List<ImageReference> images) {
        return names.isEmpty()
                ? images
                : images.stream().filter(image -> names.contains(image.name())).toList();
    }
}
