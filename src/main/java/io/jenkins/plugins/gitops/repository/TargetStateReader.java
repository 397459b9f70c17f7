package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.change.LoosenedApprovals;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.TargetStates.RepositoryState;
import io.jenkins.plugins.gitops.repository.TargetStates.TargetState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads the desired state of every target at one tip. Unchanged states are taken from the previous tip: only targets
 * with a changed file are read again, and targets share one walk through the history.
 */
final class TargetStateReader {
    private static final Logger LOGGER = Logger.getLogger(TargetStateReader.class.getName());
    /** If more files than this changed, all targets are read. */
    private static final int MAX_FILES = 5_000;
    /** If more files than this changed, the targets are detected again instead of checking each file. */
    private static final int MAX_CANDIDATES = 500;
    /** {@code clusters/NAME/apps/FILE}. */
    private static final int DEEPEST_APPLICATION = 4;

    private static final String HOLDS = ".gitops/holds/";
    /** Number of commits in the one walk that finds the last changes of all targets. */
    private static final int COMMITS = 1000;
    /** Maximum number of targets, without a change in that walk, whose last change is searched for individually. */
    private static final int SINGLE_SEARCHES = 100;

    private final String repository;
    private final ConfigRepository clone;
    private final String tip;

    /** Without targets if there is no previous state. */
    private final RepositoryState last;

    private final Map<String, TargetState> before = new HashMap<>();
    /** Files that changed since the previous state; null when unknown. */
    @CheckForNull
    private final List<String> changedFiles;
    /** The changed files and all their parent folders; null when unknown. */
    @CheckForNull
    private final Set<String> changed;

    private FileTree files;
    /** Commits by the target that their trailer names, newest first. */
    private Map<String, List<CommitInfo>> byTrailer;

    private int searches;
    private int reads;

    /**
     * @param before the state at an earlier tip; null for none
     * @throws IOException when the clone cannot be read
     */
    TargetStateReader(String repository, ConfigRepository clone, String tip, @CheckForNull RepositoryState before)
            throws IOException {
        this.repository = repository;
        this.clone = clone;
        this.tip = tip;
        this.last = before == null
                ? new RepositoryState(repository, null, List.of(), List.of(), null, Instant.EPOCH)
                : before;
        if (before != null) {
            before.targets().forEach(t -> this.before.put(t.target().id(), t));
        }
        String known = before == null ? null : before.revision();
        this.changedFiles = known == null || !clone.contains(known)
                ? null
                : clone.changedFiles(known, tip, MAX_FILES).orElse(null);
        this.changed = changedFiles == null ? null : withFolders(changedFiles);
    }

    private static Set<String> withFolders(List<String> paths) {
        Set<String> all = new HashSet<>();
        all.add("");
        for (String path : paths) {
            String there = path;
            while (all.add(there) && there.indexOf('/') > 0) {
                there = there.substring(0, there.lastIndexOf('/'));
            }
        }
        return all;
    }

    /** Number of targets that were read again. */
    int reads() {
        return reads;
    }

    /**
     * @param problem as in {@link RepositoryState}
     * @throws UserErrorException when {@code gitops.yaml} cannot be used
     */
    RepositoryState read(@CheckForNull String problem) throws UserErrorException, IOException {
        files = clone.files(tip);
        boolean same = isSameSet();
        Delivery delivery = same ? null : Delivery.load(files);
        List<Target> all =
                same ? last.targets().stream().map(TargetState::target).toList() : delivery.targets();
        List<TargetState> targets = new ArrayList<>(all.size());
        for (Target target : all) {
            TargetState known = before.get(target.id());
            targets.add(known != null && isUnchanged(known, target) ? known : read(target, known));
        }
        List<Environment> environments = same ? last.environments() : delivery.environments();
        Instant now = Instant.now();
        boolean incomplete = same ? last.warnings().contains(Delivery.INCOMPLETE) : delivery.isIncomplete();
        return new RepositoryState(repository, tip, environments, targets, problem, warnings(now, incomplete), now);
    }

    private List<String> warnings(Instant now, boolean incomplete) throws IOException {
        boolean samePolicy = !files.branch().isOfPolicy() || changed != null && !changed.contains(Delivery.FILE);
        List<String> warnings = new ArrayList<>(samePolicy ? last.warnings() : LoosenedApprovals.find(clone, tip, now));
        warnings.remove(Delivery.INCOMPLETE);
        if (incomplete) {
            warnings.add(Delivery.INCOMPLETE);
        }
        return warnings;
    }

    /**
     * Whether the set of targets cannot have changed, so that detection can be skipped: no file was added or removed,
     * and the changed files are content of known targets, or holds.
     */
    private boolean isSameSet() throws IOException, UserErrorException {
        if (changedFiles == null || changedFiles.size() > MAX_CANDIDATES) {
            return false;
        }
        Set<String> folders = new HashSet<>();
        last.targets().forEach(t -> folders.add(t.target().path()));
        FileTree former = clone.files(String.valueOf(last.revision()));
        for (String file : changedFiles) {
            boolean hold = file.startsWith(HOLDS);
            if (!hold && (maySayWhatThereIs(file) || !isInOneOf(folders, file) || !existsInBoth(former, file))) {
                return false;
            }
        }
        return true;
    }

    private boolean existsInBoth(FileTree former, String file) throws IOException, UserErrorException {
        return former.read(file).isPresent() && files.read(file).isPresent();
    }

    /** Whether the file may be an Argo CD Application, which are detected only up to this depth. */
    private static boolean maySayWhatThereIs(String file) {
        return file.split("/", -1).length <= DEEPEST_APPLICATION;
    }

    private static boolean isInOneOf(Set<String> folders, String file) {
        int slash = file.lastIndexOf('/');
        while (slash > 0) {
            if (folders.contains(file.substring(0, slash))) {
                return true;
            }
            slash = file.lastIndexOf('/', slash - 1);
        }
        return false;
    }

    /** A target's images are in its folder, in explicitly named files, in the values of a parent chart, or in a base. */
    private boolean isUnchanged(TargetState known, Target target) {
        return changed != null
                && known.target().equals(target)
                && !changed.contains(target.path())
                && !changed.contains(Hold.file(target))
                && known.sharedFolders().stream().noneMatch(changed::contains)
                && TargetImages.outside(target).stream().noneMatch(changed::contains)
                && chartValues(target).stream().noneMatch(changed::contains);
    }

    private static List<String> chartValues(Target target) {
        List<String> values = new ArrayList<>();
        int slash = target.path().lastIndexOf('/');
        while (slash > 0) {
            values.add(target.path().substring(0, slash) + "/values.yaml");
            slash = target.path().lastIndexOf('/', slash - 1);
        }
        return values;
    }

    /** Reads one target. Errors become part of its state, so that they do not affect the other targets. */
    private TargetState read(Target target, @CheckForNull TargetState known) throws IOException {
        reads++;
        Hold hold = null;
        try {
            hold = Hold.find(files, target).orElse(null);
            List<ImageEntry> entries = TargetImages.entries(files, target);
            List<ImageReference> images =
                    entries.stream().map(ImageEntry::image).toList();
            CommitInfo lastChange = lastChange(target, images, known);
            return new TargetState(target, images, lastChange, hold, null, sharedFolders(target, entries));
        } catch (UserErrorException e) {
            return new TargetState(target, List.of(), null, hold, e.getMessage(), List.of());
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "failed to read " + target.id() + " of " + repository);
            String problem = "It cannot be read (" + e.getClass().getSimpleName() + "); see the Jenkins log";
            return new TargetState(target, List.of(), null, hold, problem, List.of());
        }
    }

    private static List<String> sharedFolders(Target target, List<ImageEntry> entries) {
        return entries.stream()
                .map(entry -> entry.location().file())
                .filter(file -> !target.contains(file))
                .map(TreePath::parent)
                .distinct()
                .toList();
    }

    @CheckForNull
    private CommitInfo lastChange(Target target, List<ImageReference> images, @CheckForNull TargetState known)
            throws UserErrorException, IOException {
        if (known != null && known.images().equals(images) && known.lastChange() != null) {
            return known.lastChange();
        }
        List<String> paths = TargetImages.imageFiles(files, target);
        for (CommitInfo commit : byTrailer().getOrDefault(target.id(), List.of())) {
            // Trailers can be forged, so they count only where the files of the commit agree.
            if (hasChanged(commit, paths)) {
                if (commit.trailers().all(Trailers.IMAGE).stream().anyMatch(i -> ends(i, images))) {
                    return commit;
                }
                break;
            }
        }
        if (searches >= SINGLE_SEARCHES) {
            return null;
        }
        searches++;
        return TargetHistory.newestCommit(clone, files, tip, target).orElse(null);
    }

    private boolean hasChanged(CommitInfo commit, List<String> paths) throws IOException {
        for (String path : paths) {
            if (clone.hasChanged(commit.revision(), path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the commit wrote one of the current images; if not, the file was edited by hand since. */
    private static boolean ends(String change, List<ImageReference> images) {
        return images.stream().anyMatch(i -> change.endsWith("-> " + i));
    }

    private Map<String, List<CommitInfo>> byTrailer() throws IOException {
        if (byTrailer == null) {
            byTrailer = new HashMap<>();
            for (CommitInfo commit : clone.log(tip, "", COMMITS)) {
                commit.trailers().first(Trailers.TARGET).ifPresent(t -> byTrailer
                        .computeIfAbsent(t, target -> new ArrayList<>())
                        .add(commit));
            }
        }
        return byTrailer;
    }
}
