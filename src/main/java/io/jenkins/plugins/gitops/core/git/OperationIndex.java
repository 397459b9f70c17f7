package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Maps operations to their commits, and targets to the commits that changed them, for the newest commits of the branch.
 * Commits that were indexed before, even by another process, are not walked again, unless the branch was rewritten. Not
 * thread-safe.
 */
final class OperationIndex {
    /** How many commits are searched for an operation; replays happen within days, so this is plenty. */
    static final int COMMITS = 10_000;

    /**
     * Maximum number of target trailers of one commit that count; enough for a squash of many changes, but bounded
     * against abuse.
     */
    private static final int MAX_TARGETS_PER_COMMIT = 32;
    /** Maximum number of commits that claim the same operation in the same scope. */
    private static final int MAX_COMMITS_PER_OPERATION = 16;

    /** For fewer new commits, walking them again is cheaper than writing the file. */
    private static final int MIN_SAVED = 500;

    private static final Logger LOGGER = Logger.getLogger(OperationIndex.class.getName());

    private final LocalClone clone;
    /** Oldest first, for each operation. */
    private final Map<OperationKey, List<ObjectId>> commits = new LinkedHashMap<>();
    /** Newest first. */
    private final Map<String, Deque<ObjectId>> byTarget = new HashMap<>();

    @CheckForNull
    private ObjectId walked;

    /** @param scope null for a commit without a target trailer */
    record OperationKey(String operationId, @CheckForNull OperationScope scope) {}

    OperationIndex(LocalClone clone) {
        this.clone = clone;
    }

    /**
     * The commits on the branch up to a tip whose trailers claim an operation, oldest first. Trailers can be forged;
     * commits that change nothing are omitted, since this plugin never makes them.
     *
     * @param scope of the operation; null for commits without a target trailer
     */
    List<ObjectId> find(ObjectId tip, String operationId, @CheckForNull OperationScope scope) throws IOException {
        extend(tip);
        return List.copyOf(commits.getOrDefault(new OperationKey(operationId, scope), List.of()));
    }

    /** The newest commits on the branch up to a tip whose trailers name the target, newest first. */
    List<CommitInfo> changes(ObjectId tip, String target) throws IOException {
        extend(tip);
        List<CommitInfo> found = new ArrayList<>();
        try (RevWalk walk = new RevWalk(clone.repository())) {
            for (ObjectId commit : byTarget.getOrDefault(target, new ArrayDeque<>())) {
                found.add(CommitLog.info(walk.parseCommit(commit)));
            }
        } catch (IOException e) {
            clone.noteDamage(e);
            throw e;
        }
        return found;
    }

    private void extend(ObjectId tip) throws IOException {
        if (tip.equals(walked)) {
            return;
        }
        if (walked == null) {
            restore();
        }
        try (RevWalk walk = new RevWalk(clone.repository())) {
            RevCommit end = walk.parseCommit(tip);
            RevCommit known = walked == null ? null : CommitLog.parse(walk, walked.name());
            boolean grown = known != null && walk.isMergedInto(known, end);
            walk.reset();
            walk.markStart(end);
            if (grown) {
                walk.markUninteresting(known);
            } else {
                commits.clear();
                byTarget.clear();
            }
            walked = null;
            List<RevCommit> found = newestFirst(walk);
            requireComplete(found);
            add(walk, found);
            walked = tip.copy();
            if (found.size() >= MIN_SAVED) {
                save(walked);
            }
        } catch (IOException e) {
            clone.noteDamage(e);
            throw e;
        }
    }

    /** Loads the index that an earlier process stored. */
    private void restore() {
        try {
            OperationIndexFile.Contents contents = OperationIndexFile.read(clone.repository());
            if (contents != null) {
                commits.clear();
                byTarget.clear();
                commits.putAll(contents.commits());
                byTarget.putAll(contents.byTarget());
                walked = contents.walked();
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The operations are looked for again", e);
        }
    }

    private void save(ObjectId tip) {
        try {
            OperationIndexFile.write(clone.repository(), new OperationIndexFile.Contents(tip, commits, byTarget));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The operations are looked for again by the next process", e);
        }
    }

    private static List<RevCommit> newestFirst(RevWalk walk) throws IOException {
        List<RevCommit> found = new ArrayList<>();
        for (int i = 0; i < COMMITS; i++) {
            RevCommit commit = walk.next();
            if (commit == null) {
                break;
            }
            found.add(commit);
        }
        return found;
    }

    /** Operations before the end of a shallow clone could have been missed, unless enough commits were searched. */
    private void requireComplete(List<RevCommit> found) throws IOException {
        Set<ObjectId> boundary = clone.boundary();
        for (RevCommit commit : boundary.isEmpty() ? List.<RevCommit>of() : found) {
            if (boundary.contains(commit)) {
                throw new ShallowHistoryException(commit);
            }
        }
    }

    private static boolean isEmpty(RevWalk walk, RevCommit commit) throws IOException {
        return commit.getParentCount() > 0
                && walk.parseCommit(commit.getParent(0)).getTree().equals(commit.getTree());
    }

    private static List<String> targets(List<Trailers> made) {
        return made.stream()
                .flatMap(change -> change.all(Trailers.TARGET).stream())
                .limit(MAX_TARGETS_PER_COMMIT)
                .toList();
    }

    private static Set<OperationKey> keys(List<Trailers> made) {
        Set<OperationKey> keys = new LinkedHashSet<>();
        for (Trailers change : made) {
            List<OperationScope> scopes = OperationScope.of(change);
            for (String id : change.all(Trailers.OPERATION)) {
                if (scopes.isEmpty()) {
                    keys.add(new OperationKey(id, null));
                }
                scopes.forEach(scope -> keys.add(new OperationKey(id, scope)));
                if (keys.size() >= MAX_TARGETS_PER_COMMIT) {
                    return keys;
                }
            }
        }
        return keys;
    }

    private void add(RevWalk walk, List<RevCommit> newestFirst) throws IOException {
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            RevCommit commit = newestFirst.get(i);
            List<Trailers> made = Trailers.changes(commit.getFullMessage());
            if (made.isEmpty() || isEmpty(walk, commit)) {
                continue;
            }
            for (OperationKey key : keys(made)) {
                List<ObjectId> sameKey = commits.computeIfAbsent(key, k -> new ArrayList<>(1));
                if (sameKey.size() < MAX_COMMITS_PER_OPERATION) {
                    sameKey.add(commit.copy());
                }
            }
            for (String target : targets(made)) {
                Deque<ObjectId> changes = byTarget.computeIfAbsent(target, t -> new ArrayDeque<>());
                changes.addFirst(commit.copy());
                if (changes.size() > BranchTip.MAX_CHANGES) {
                    changes.removeLast();
                }
            }
        }
        var oldest = commits.keySet().iterator();
        for (int i = commits.size(); i > COMMITS; i--) {
            oldest.next();
            oldest.remove();
        }
    }
}
