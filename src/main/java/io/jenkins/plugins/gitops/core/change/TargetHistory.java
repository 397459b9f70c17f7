package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.HistoryEntry.EntryKind;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.FileSetVersion;
import io.jenkins.plugins.gitops.core.git.FileVersion;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The history of a target, from Git only. What a commit did is determined from the files before and after it, so it is
 * correct for all commits; who requested it, why and in which build is taken from its trailers, unless they disagree
 * with what it did: then the commit is external.
 */
public final class TargetHistory {
    /** Maximum number of merged commits that are searched for authors, for one entry. */
    private static final int MAX_MERGED = 200;

    private static final int MAX_NAMES = 10;

    private TargetHistory() {}

    /**
     * The commits that changed the target's images, or held or released it, newest first. Follows the file that
     * contains the images at the revision; if they were in another file before, the history starts where they moved. No
     * network, unless the clone is shallow and ends before the history does. The first query of a clone takes a while in a large repository; see {@link ConfigRepository#fileLog}.
     *
     * @param limit maximum number of commits
     * @throws UserErrorException when the revision does not have the target's images
     * @throws IOException when the clone does not contain the revision
     */
    public static List<HistoryEntry> newestFirst(ConfigRepository repository, Target target, String revision, int limit)
            throws UserErrorException, IOException {
        return newest(repository, target, revision, limit).entries();
    }

    /**
     * The newest part of a history.
     *
     * @param cut whether older changes were not read because of the search limit
     */
    public record RecentHistory(List<HistoryEntry> entries, boolean cut) {
        public RecentHistory {
            entries = List.copyOf(entries);
        }
    }

    /**
     * As {@link #newestFirst}; also returns whether everything was read. Takes bounded time, whatever the file's
     * versions contain.
     */
    public static RecentHistory newest(ConfigRepository repository, Target target, String revision, int limit)
            throws UserErrorException, IOException {
        return repository.deepening(() -> read(repository, target, revision, limit));
    }

    private static RecentHistory read(ConfigRepository repository, Target target, String revision, int limit)
            throws UserErrorException, IOException {
        ImageHistory.RecentEntries recentEntries = ImageHistory.newest(
                repository.files(revision),
                (path, most) -> repository.fileLog(revision, path, most),
                target,
                limit,
                new ImageHistory.EntryCache());
        List<ImageHistory.ImageVersion> images = recentEntries.entries();
        Map<String, ImageHistory.ImageVersion> byRevision =
                images.stream().collect(Collectors.toMap(ImageHistory.ImageVersion::revision, Function.identity()));
        Map<String, Boolean> held = new HashMap<>();
        List<CommitInfo> holds = new ArrayList<>();
        for (FileVersion version : repository.fileLog(revision, Hold.file(target), limit)) {
            holds.add(version.commit());
            held.put(version.commit().revision(), version.exists());
        }
        List<HistoryEntry> entries = new ArrayList<>();
        for (CommitInfo commit : merged(
                repository,
                images.stream().map(ImageHistory.ImageVersion::commit).toList(),
                holds)) {
            if (entries.size() == limit) {
                break;
            }
            ImageHistory.ImageVersion change = byRevision.get(commit.revision());
            HistoryEntry entry = change == null ? hold(target, commit, held.get(commit.revision())) : change(change);
            entries.add(entry.external() ? withPeople(repository, entry, commit, change) : entry);
        }
        return new RecentHistory(entries, recentEntries.cut());
    }

    /** Adds the subject and the authors of the merged commits to an external entry. */
    private static HistoryEntry withPeople(
            ConfigRepository repository,
            HistoryEntry entry,
            CommitInfo commit,
            @CheckForNull ImageHistory.ImageVersion change)
            throws IOException {
        Set<String> names = new LinkedHashSet<>();
        if (change != null) {
            for (String file : change.files()) {
                repository
                        .revisions()
                        .authors(commit.revision(), file, MAX_MERGED)
                        .ifPresent(authors -> authors.forEach(author -> names.add(author.name())));
            }
        }
        names.remove(entry.author());
        return new HistoryEntry(
                entry.revision(),
                entry.when(),
                entry.author(),
                TextSanitizer.line(commit.subject()),
                names.stream().limit(MAX_NAMES).toList(),
                entry.kind(),
                entry.images(),
                entry.requestedBy(),
                entry.reason(),
                entry.build(),
                entry.approvedBy(),
                entry.promotedFrom(),
                true);
    }

    /**
     * The newest commit that changed a file with the target's images; empty when there is none within the search limit.
     *
     * @param files at the revision
     * @throws UserErrorException when the files do not contain the target's images
     * @throws IOException when the clone does not contain the revision
     */
    public static Optional<CommitInfo> newestCommit(
            ConfigRepository repository, FileTree files, String revision, Target target)
            throws UserErrorException, IOException {
        List<String> paths = TargetImages.imageFiles(files, target);
        return paths.size() == 1
                ? repository.log(revision, paths.get(0), 1).stream().findFirst()
                : FileSetVersion.log((path, most) -> repository.fileLog(revision, path, most), paths, 1).stream()
                        .map(FileSetVersion::commit)
                        .findFirst();
    }

    /** Merges two sorted lists; a commit that is in both is listed once. */
    private static List<CommitInfo> merged(ConfigRepository repository, List<CommitInfo> one, List<CommitInfo> other)
            throws IOException {
        List<CommitInfo> merged = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < one.size() && j < other.size()) {
            if (same(one.get(i), other.get(j))) {
                merged.add(one.get(i++));
                j++;
            } else if (isFirst(repository, one.subList(i, one.size()), other.subList(j, other.size()))) {
                merged.add(one.get(i++));
            } else {
                merged.add(other.get(j++));
            }
        }
        merged.addAll(one.subList(i, one.size()));
        merged.addAll(other.subList(j, other.size()));
        return merged;
    }

    /**
     * Whether the first commit of {@code one} comes next. A commit that is in both lists comes when it is the first of
     * both; otherwise the later commit comes first.
     */
    private static boolean isFirst(ConfigRepository repository, List<CommitInfo> one, List<CommitInfo> other)
            throws IOException {
        CommitInfo mine = one.get(0);
        CommitInfo others = other.get(0);
        if (other.stream().anyMatch(commit -> same(commit, mine))) {
            return false;
        }
        if (one.stream().anyMatch(commit -> same(commit, others))) {
            return true;
        }
        // The commits of one push often have the same time, in seconds.
        return mine.when().equals(others.when())
                ? repository.isAncestor(others.revision(), mine.revision())
                : mine.when().isAfter(others.when());
    }

    private static boolean same(CommitInfo one, CommitInfo other) {
        return one.revision().equals(other.revision());
    }

    private static HistoryEntry change(ImageHistory.ImageVersion imageVersion) {
        Trailers trailers = imageVersion.commit().trailers();
        EntryKind kind = EntryKind.SET_IMAGE;
        if (!imageVersion.own()) {
            kind = EntryKind.EXTERNAL;
        } else if (imageVersion.rollback()) {
            kind = EntryKind.ROLLBACK;
        } else if (trailers.first(Trailers.PROMOTED_FROM).isPresent()) {
            kind = EntryKind.PROMOTION;
        }
        return entry(imageVersion.commit(), kind, imageVersion.changes(), imageVersion.own());
    }

    /** A commit that changed the hold but no image. */
    private static HistoryEntry hold(Target target, CommitInfo commit, boolean held) {
        Trailers trailers = commit.trailers();
        boolean own = ChangeMetadata.isOf(trailers, target)
                && trailers.all(Trailers.HOLD).contains(held ? Hold.HELD : Hold.RELEASED);
        EntryKind kind = held ? EntryKind.HOLD : EntryKind.RELEASE;
        if (own && trailers.first(Trailers.ROLLBACK_OF).isPresent()) {
            kind = EntryKind.ROLLBACK;
        }
        return entry(commit, kind, List.of(), own);
    }

    private static HistoryEntry entry(CommitInfo commit, EntryKind kind, List<ImageChange> images, boolean own) {
        Trailers trailers = own ? commit.trailers() : Trailers.none();
        return new HistoryEntry(
                commit.revision(),
                commit.when(),
                commit.authorName(),
                null,
                List.of(),
                kind,
                images,
                trailers.first(Trailers.REQUESTED_BY).orElse(null),
                trailers.first(Trailers.REASON).orElse(null),
                trailers.first(Trailers.BUILD).orElse(null),
                trailers.all(Trailers.APPROVED_BY),
                trailers.first(Trailers.PROMOTED_FROM).orElse(null),
                !own);
    }
}
