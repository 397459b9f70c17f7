package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Which operation made which commit, and which commits changed which target, for the newest commits of the branch. Only
 * what was walked before is known without a walk; a branch that was rewritten is walked anew. Used by one thread at a
 * time.
 */
final class OperationIndex {
    /** How far back an operation is found; replays come within days, and this is far more. */
    private static final int COMMITS = 10_000;

    /** Trailers of one kind that one commit is believed: those of a squash of many changes, not of somebody who floods. */
    private static final int MOST_OF_A_COMMIT = 32;

    private final LocalClone clone;
    private final Map<String, ObjectId> commits = new LinkedHashMap<>();
    /** Newest first. */
    private final Map<String, Deque<ObjectId>> byTarget = new HashMap<>();

    @CheckForNull
    private ObjectId walked;

    OperationIndex(LocalClone clone) {
        this.clone = clone;
    }

    /** The commit of an operation on the branch that ends at a tip; null when there is none. */
    @CheckForNull
    ObjectId find(ObjectId tip, String operationId) throws IOException {
        extend(tip);
        return commits.get(operationId);
    }

    /** The newest commits on the branch that ends at a tip whose trailers name the target, newest first. */
    List<CommitInfo> changes(ObjectId tip, String target) throws IOException {
        extend(tip);
        List<CommitInfo> found = new ArrayList<>();
        try (RevWalk walk = new RevWalk(clone.repository())) {
            for (ObjectId commit : byTarget.getOrDefault(target, new ArrayDeque<>())) {
                found.add(History.info(walk.parseCommit(commit)));
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
        try (RevWalk walk = new RevWalk(clone.repository())) {
            RevCommit end = walk.parseCommit(tip);
            RevCommit known = walked == null ? null : History.parse(walk, walked.name());
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
            add(newestFirst(walk));
            walked = tip.copy();
        } catch (IOException e) {
            clone.noteDamage(e);
            throw e;
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

    private static List<String> firstOf(List<String> values) {
        return values.size() > MOST_OF_A_COMMIT ? values.subList(0, MOST_OF_A_COMMIT) : values;
    }

    private void add(List<RevCommit> newestFirst) {
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            RevCommit commit = newestFirst.get(i);
            Trailers trailers = Trailers.parse(commit.getFullMessage());
            for (String id : firstOf(trailers.all(Trailers.OPERATION))) {
                commits.putIfAbsent(id, commit.copy());
            }
            for (String target : firstOf(trailers.all(Trailers.TARGET))) {
                Deque<ObjectId> changes = byTarget.computeIfAbsent(target, t -> new ArrayDeque<>());
                changes.addFirst(commit.copy());
                if (changes.size() > Tip.REMEMBERED) {
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
