package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.FileSetVersion;
import io.jenkins.plugins.gitops.core.git.FileVersion;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images that a target had, from Git only: each commit that changed them, by this plugin or by hand. What a commit
 * did is determined from the files before and after it; its trailers count only where they agree.
 */
final class ImageHistory {
    private static final int MIN_REVISION_LENGTH = 7;
    /** Allowance for commits that changed the file but not an image, beyond the requested number. */
    private static final int EXTRA_COMMITS = 8;
    /**
     * Maximum number of bytes that are read of one file's history at once; enough for thousands of changes of a typical
     * file.
     */
    private static final long MAX_BYTES = 16L << 20;
    /** Maximum number of commits of one file that are read, whatever they changed in it. */
    private static final int MAX_COMMITS = 5_000;

    private ImageHistory() {}

    /**
     * A commit that changed the images of the target.
     *
     * @param version the commit, with the files that contain the images
     * @param files paths of these files
     * @param images all images of the target after this commit
     * @param changes of the images by this commit
     * @param own whether this plugin made the commit for this target
     */
    record ImageVersion(
            FileSetVersion version,
            List<String> files,
            List<ImageReference> images,
            List<ImageChange> changes,
            boolean own) {
        ImageVersion {
            files = List.copyOf(files);
            images = List.copyOf(images);
            changes = List.copyOf(changes);
        }

        CommitInfo commit() {
            return version.commit();
        }

        String revision() {
            return commit().revision();
        }

        /** The content of a file after this commit. */
        byte[] content(String path) throws IOException {
            return version.content(path);
        }

        /** The abbreviated revision, for messages. */
        String shortRevision() {
            return ShortRevision.of(revision());
        }

        /** Whether the commit is a rollback. */
        boolean rollback() {
            return own && commit().trailers().first(Trailers.ROLLBACK_OF).isPresent();
        }

        boolean hasRevisionOrTag(String revisionOrTag) {
            return revisionOrTag.length() >= MIN_REVISION_LENGTH && revision().startsWith(revisionOrTag)
                    || images.stream().anyMatch(i -> revisionOrTag.equals(i.tag()) || revisionOrTag.equals(i.digest()));
        }
    }

    /** A commit at which the files could be read. */
    private record ImageSnapshot(FileSetVersion version, List<ImageReference> images) {}

    /**
     * The commits that changed the target's images, newest first. Follows the files that contain the images now, not
     * those that contained them earlier. Omits commits at which a file is missing or cannot be read, since they cannot
     * be restored.
     *
     * @param files at the newest revision
     * @param fileLogReader at the newest revision
     * @param limit maximum number of commits
     * @throws UserErrorException when the files do not contain the target's images
     */
    static List<ImageVersion> newestFirst(
            FileTree files, FileSetVersion.FileLogReader fileLogReader, Target target, int limit)
            throws IOException, UserErrorException {
        return newestFirst(files, fileLogReader, target, limit, new EntryCache());
    }

    /** Caches what was read of one target, for several queries. */
    static final class EntryCache {
        private final Map<String, Optional<ImageSnapshot>> byRevision = new HashMap<>();
    }

    static List<ImageVersion> newestFirst(
            FileTree files, FileSetVersion.FileLogReader fileLogReader, Target target, int limit, EntryCache before)
            throws IOException, UserErrorException {
        return newest(files, fileLogReader, target, limit, before).entries();
    }

    /**
     * The newest entries.
     *
     * @param cut whether older commits were not read because of a limit
     */
    record RecentEntries(List<ImageVersion> entries, boolean cut) {
        RecentEntries {
            entries = List.copyOf(entries);
        }
    }

    /** As {@link #newestFirst}; also returns whether the history was read to its end or to the limit. */
    static RecentEntries newest(
            FileTree files, FileSetVersion.FileLogReader fileLogReader, Target target, int limit, EntryCache before)
            throws IOException, UserErrorException {
        List<String> paths = TargetImages.imageFiles(files, target);
        Target fixed = paths.size() == 1 ? target.withImageFile(paths.get(0)) : target;
        Map<String, Optional<ImageSnapshot>> known = before.byRevision;
        long bytes = 0;
        for (int commits = limit + EXTRA_COMMITS; ; commits *= 2) {
            List<FileSetVersion> versions = FileSetVersion.log(fileLogReader, paths, commits);
            List<ImageSnapshot> states = new ArrayList<>();
            boolean cut = commits > MAX_COMMITS;
            for (FileSetVersion version : versions) {
                String revision = version.commit().revision();
                if (!known.containsKey(revision)) {
                    bytes += version.size();
                    if (bytes > MAX_BYTES) {
                        cut = true;
                        break;
                    }
                    known.put(revision, state(files, fixed, paths, version));
                }
                known.get(revision).ifPresent(states::add);
            }
            boolean ended = versions.size() < commits && !cut;
            boolean complete = ended && isFromBeginning(versions, paths);
            cut |= ended && !complete;
            List<ImageVersion> entries = entries(target, paths, states, complete);
            if (complete || cut || entries.size() >= limit) {
                return new RecentEntries(
                        entries.size() > limit ? entries.subList(0, limit) : entries, cut && entries.size() < limit);
            }
        }
    }

    /** Whether the versions go back to the beginning of every file, and not only as far as commits are searched. */
    private static boolean isFromBeginning(List<FileSetVersion> newestFirst, List<String> paths) {
        Map<String, FileVersion> oldest = new HashMap<>();
        newestFirst.forEach(version -> oldest.putAll(version.files()));
        return paths.stream().map(oldest::get).allMatch(version -> version != null && version.created());
    }

    private static Optional<ImageSnapshot> state(
            FileTree files, Target target, List<String> paths, FileSetVersion version) throws IOException {
        if (!version.exists()) {
            return Optional.empty();
        }
        try {
            for (FileVersion file : version.files().values()) {
                YamlLimits.checkSize(version.commit().revision(), file.size());
            }
            FileTree then = new HistoricFileTree(files, Set.copyOf(paths), version);
            return Optional.of(new ImageSnapshot(version, TargetImages.read(then, target)));
        } catch (UserErrorException e) {
            return Optional.empty();
        }
    }

    /**
     * The given paths at an earlier version, and all other files at the newest one; the others are needed only for the
     * names of images.
     */
    private record HistoricFileTree(FileTree files, Set<String> paths, FileSetVersion version) implements FileTree {
        @Override
        public Optional<byte[]> read(String file) throws IOException, UserErrorException {
            FileVersion then = version.files().get(file);
            return !paths.contains(file) ? files.read(file) : then == null ? Optional.empty() : then.content();
        }

        @Override
        public Optional<String> contentId(String file) throws IOException, UserErrorException {
            FileVersion then = version.files().get(file);
            return !paths.contains(file) ? files.contentId(file) : then == null ? Optional.empty() : then.contentId();
        }

        @Override
        @CheckForNull
        public ContentCache cache() {
            return files.cache();
        }

        @Override
        public List<Entry> list(String folder) throws IOException {
            return files.list(folder);
        }
    }

    /**
     * @param complete whether the last state is the oldest one; otherwise it only serves as the predecessor of the
     *     others
     */
    private static List<ImageVersion> entries(
            Target target, List<String> paths, List<ImageSnapshot> states, boolean complete) {
        List<ImageVersion> entries = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            boolean last = i == states.size() - 1;
            if (last && !complete) {
                break;
            }
            ImageSnapshot imageSnapshot = states.get(i);
            List<ImageChange> changes =
                    changes(last ? List.of() : states.get(i + 1).images(), imageSnapshot.images());
            if (last || !changes.isEmpty()) {
                entries.add(new ImageVersion(
                        imageSnapshot.version(),
                        paths,
                        imageSnapshot.images(),
                        changes,
                        isOwn(target, imageSnapshot.version().commit(), changes)));
            }
        }
        return withoutCopies(entries);
    }

    private static List<ImageChange> changes(List<ImageReference> before, List<ImageReference> after) {
        List<ImageChange> changes = new ArrayList<>();
        for (ImageReference image : after) {
            if (!before.contains(image)) {
                changes.add(new ImageChange(named(before, image.name()), image));
            }
        }
        for (ImageReference image : before) {
            if (named(after, image.name()) == null) {
                changes.add(new ImageChange(image, null));
            }
        }
        return changes;
    }

    @CheckForNull
    private static ImageReference named(List<ImageReference> images, String name) {
        return images.stream()
                .filter(image -> image.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Whether the trailers are about this target and agree with what the commit did. */
    private static boolean isOwn(Target target, CommitInfo commit, List<ImageChange> changes) {
        List<ImageChange> said = ImageChange.of(commit.trailers());
        return ChangeMetadata.isOf(commit.trailers(), target)
                && changes.stream().allMatch(change -> said.stream().anyMatch(s -> isSame(s, change)));
    }

    /** Whether a trailer agrees with a change. */
    static boolean isSame(ImageChange said, ImageChange change) {
        ImageReference to = change.to();
        return to == null ? said.equals(change) : to.equals(said.to());
    }

    /**
     * Marks copies as not made by this plugin: an operation commits once, so a later commit with the same trailers is a
     * copy.
     */
    private static List<ImageVersion> withoutCopies(List<ImageVersion> newestFirst) {
        Set<List<Object>> operations = new HashSet<>();
        List<ImageVersion> entries = new ArrayList<>(newestFirst);
        for (int i = entries.size() - 1; i >= 0; i--) {
            ImageVersion imageVersion = entries.get(i);
            Trailers trailers = imageVersion.commit().trailers();
            String operation = trailers.first(Trailers.OPERATION).orElse("");
            if (imageVersion.own() && !operations.add(List.of(OperationScope.OperationKind.of(trailers), operation))) {
                entries.set(
                        i,
                        new ImageVersion(
                                imageVersion.version(),
                                imageVersion.files(),
                                imageVersion.images(),
                                imageVersion.changes(),
                                false));
            }
        }
        return entries;
    }

    /**
     * The state before the current images. After a rollback, this is the state before the one that it restored, so that
     * two consecutive rollbacks go back two steps and never restore what was rolled back.
     *
     * @param history newest first
     * @return null when there is none
     */
    @CheckForNull
    static ImageVersion previous(List<ImageVersion> history) {
        int at = 0;
        while (at < history.size() && history.get(at).rollback()) {
            int origin = nextWithSameImages(history, at);
            if (origin < 0) {
                return previousWithoutRolledBack(history, at);
            }
            at = origin;
        }
        return at + 1 < history.size() ? history.get(at + 1) : null;
    }

    /**
     * The previous state after a rollback of one of several images, which may create a combination that did not exist
     * before: the newest state without any image that was rolled back since.
     */
    @CheckForNull
    private static ImageVersion previousWithoutRolledBack(List<ImageVersion> history, int rollback) {
        Set<ImageReference> rolledBack = new HashSet<>();
        for (int i = rollback; i + 1 < history.size(); i++) {
            if (history.get(i).rollback()) {
                history.get(i).changes().stream()
                        .flatMap(change -> Optional.ofNullable(change.from()).stream())
                        .forEach(rolledBack::add);
            }
            ImageVersion older = history.get(i + 1);
            if (older.images().stream().noneMatch(rolledBack::contains)) {
                return older;
            }
        }
        return null;
    }

    /** The entries with this revision or tag, newest first. */
    static List<ImageVersion> byRevisionOrTag(List<ImageVersion> history, String revisionOrTag) {
        return history.stream()
                .filter(imageVersion -> imageVersion.hasRevisionOrTag(revisionOrTag))
                .toList();
    }

    private static int nextWithSameImages(List<ImageVersion> history, int at) {
        for (int i = at + 1; i < history.size(); i++) {
            if (history.get(i).images().equals(history.get(at).images())) {
                return i;
            }
        }
        return -1;
    }
}
