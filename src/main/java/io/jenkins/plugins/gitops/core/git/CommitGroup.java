package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.BranchTrees.TreeReader;
import io.jenkins.plugins.gitops.core.git.objects.GitFileTree;
import io.jenkins.plugins.gitops.core.git.objects.PendingObjects;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.git.objects.TreeEditor;
import io.jenkins.plugins.gitops.core.git.objects.UnpushedCommits;
import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** A group of changes planned on one tip: a chain of commits in memory, not pushed yet. */
final class CommitGroup implements BranchTip {
    /** How many commits are searched for the one that introduced a value. */
    private static final int COMMITS_SEARCHED = 1000;

    private final Map<Change, ChangeOutcome> outcomes = new LinkedHashMap<>();
    private final Set<ObjectId> folders = new HashSet<>();
    private final Map<OperationKey, ChangeOutcome> byOperation = new HashMap<>();
    private final Map<String, Deque<CommitInfo>> changes = new HashMap<>();
    private final Map<String, Deque<FileVersion>> versions = new HashMap<>();
    private final FileLog fileLog;
    private final RevisionReader revisionReader;
    private final OperationIndex index;
    private final ObjectId start;
    private final TreeCache treeCache;
    private final TreeReader trees;
    private final PlanRunner planning;
    private final PendingObjects pendingObjects = new PendingObjects();
    private ObjectId head;
    /** Not pushed yet. */
    private int commits;

    private ObjectId tree;

    /**
     * The outcome of a change, valid once the chain is pushed.
     *
     * @param result null when the change failed
     * @param failure null when it succeeded
     */
    record ChangeOutcome(
            @CheckForNull ChangeResult result, @CheckForNull Throwable failure) {}

    private record OperationKey(
            String operationId, @CheckForNull OperationScope scope) {}

    private CommitGroup(
            CommitLog commitLog,
            FileLog fileLog,
            TreeCache treeCache,
            TreeReader trees,
            OperationIndex index,
            PlanRunner planning,
            ObjectId tip,
            ObjectId tree) {
        this.planning = planning;
        this.fileLog = fileLog;
        this.trees = trees;
        this.revisionReader = new RevisionReader(commitLog, fileLog, treeCache, () -> trees);
        this.treeCache = treeCache.with(pendingObjects);
        this.index = index;
        this.start = tip;
        this.head = tip;
        this.tree = tree;
    }

    /**
     * Plans each change on top of the tip and the preceding changes.
     *
     * @param trees reads the trees of the tip and of earlier commits
     * @throws ShallowHistoryException when a change depends on commits that the clone does not have
     * @throws IOException when the clone is corrupt
     */
    static CommitGroup plan(
            LocalClone clone,
            FileLog fileLog,
            TreeCache treeCache,
            TreeReader trees,
            OperationIndex index,
            PlanRunner planning,
            ObjectId tip,
            List<Change> changes)
            throws IOException {
        CommitLog commitLog = new CommitLog(clone);
        CommitGroup group =
                new CommitGroup(commitLog, fileLog, treeCache, trees, index, planning, tip, commitLog.tree(tip));
        for (Change change : changes) {
            group.add(
                    change,
                    index.find(tip, change.operationId(), change.planner().scope()),
                    commitLog);
        }
        return group;
    }

    /** The commit that already made the change; null when there is none. */
    @CheckForNull
    private ObjectId done(Change change, List<ObjectId> candidates, CommitLog commitLog)
            throws UserErrorException, IOException {
        for (ObjectId candidate : candidates) {
            CommitInfo commit = commitLog.commit(candidate);
            if (planning.isDoneBy(change.planner(), commit, change.operationId(), revisionReader)) {
                return candidate;
            }
        }
        return null;
    }

    /** The last commit of the chain; the tip itself when there is nothing to write. */
    ObjectId head() {
        return head;
    }

    /** The commits of the chain, in the form that a push needs. */
    UnpushedCommits unpushed() {
        return new UnpushedCommits(head, pendingObjects, folders, treeCache);
    }

    Map<Change, ChangeOutcome> outcomes() {
        return outcomes;
    }

    private void add(Change change, List<ObjectId> candidates, CommitLog commitLog) throws IOException {
        OperationKey key =
                new OperationKey(change.operationId(), change.planner().scope());
        ChangeOutcome outcome = byOperation.get(key);
        if (outcome == null) {
            outcome = outcome(change, candidates, commitLog);
            if (outcome.failure() == null) {
                byOperation.put(key, outcome);
            }
        } else {
            outcome = again(change, outcome);
        }
        outcomes.put(change, outcome);
    }

    /** The outcome for an operation that was already planned in this group. */
    private ChangeOutcome again(Change change, ChangeOutcome outcome) throws IOException {
        try {
            if (outcome.result() != null) {
                change.planner().requireSame(outcome.result(), this);
            }
            return outcome;
        } catch (UserErrorException e) {
            return new ChangeOutcome(null, e);
        }
    }

    private ChangeOutcome outcome(Change change, List<ObjectId> candidates, CommitLog commitLog) throws IOException {
        try {
            ObjectId done = done(change, candidates, commitLog);
            if (done == null) {
                return new ChangeOutcome(write(change), null);
            }
            ChangeResult result = commitLog.result(
                    done, change.operationId(), change.planner().scope());
            change.planner().requireSame(result, this);
            return new ChangeOutcome(result, null);
        } catch (IOException e) {
            if (RemoteErrorTranslator.isDamage(e) || e instanceof ShallowHistoryException) {
                throw e;
            }
            return new ChangeOutcome(null, e);
        } catch (UserErrorException | RuntimeException | Error e) {
            // Catch everything, so that the error of one change does not affect the others.
            return new ChangeOutcome(null, e);
        }
    }

    private ChangeResult write(Change change) throws UserErrorException, IOException {
        ChangePlan plan = planning.plan(change.planner(), this);
        Trailers trailers = withOperation(plan.trailers(), change.operationId());
        TreeEditor edit = new TreeEditor(treeCache, pendingObjects, folders, tree);
        edit.write(plan.files());
        edit.remove(plan.removed());
        if (edit.changed().isEmpty()) {
            return new ChangeResult(false, introducedBy(plan), trailers, List.of());
        }
        NewCommit commit = NewCommit.of(change, plan, trailers);
        Set<String> created = new HashSet<>(edit.changed());
        FileTree before = new GitFileTree(treeCache, tree);
        for (String path : edit.changed()) {
            if (before.contentId(path).isPresent()) {
                created.remove(path);
            }
        }
        head = pendingObjects.insert(Constants.OBJ_COMMIT, commit.bytes(edit.root(), head, change.settings()));
        tree = edit.root();
        CommitInfo info = commit.info(head);
        record(info);
        commits++;
        for (String path : edit.changed()) {
            versions.computeIfAbsent(path, p -> new ArrayDeque<>())
                    .addFirst(FileVersion.of(info, plan.files().get(path), -commits, created.contains(path)));
        }
        return new ChangeResult(true, head.name(), commit.trailers(), edit.changed(), plan.warnings());
    }

    private void record(CommitInfo info) {
        for (String target : info.trailers().all(Trailers.TARGET)) {
            changes.computeIfAbsent(target, t -> new ArrayDeque<>()).addFirst(info);
        }
    }

    /**
     * The commit that introduced the content of a no-op plan; the head when it is beyond the search limit, or the plan
     * has several files.
     */
    private String introducedBy(ChangePlan plan) throws IOException {
        Set<String> paths = plan.files().keySet();
        if (paths.size() != 1 || !Collections.disjoint(versions.keySet(), paths)) {
            return head.name();
        }
        return fileLog.lastChange(start.name(), paths.iterator().next(), COMMITS_SEARCHED)
                .map(CommitInfo::revision)
                .orElse(head.name());
    }

    @Override
    public FileTree files() {
        return trees.tree(treeCache, tree);
    }

    @Override
    public String revision() {
        return head.name();
    }

    @Override
    public RevisionReader revisions() {
        return revisionReader;
    }

    @Override
    public List<CommitInfo> changes(String target) throws IOException {
        List<CommitInfo> found = new ArrayList<>(changes.getOrDefault(target, new ArrayDeque<>()));
        found.addAll(index.changes(start, target));
        return found.size() > MAX_CHANGES ? found.subList(0, MAX_CHANGES) : found;
    }

    @Override
    public List<FileVersion> fileLog(String path, int limit) throws IOException {
        List<FileVersion> found = new ArrayList<>(versions.getOrDefault(path, new ArrayDeque<>()));
        if (found.size() < limit) {
            found.addAll(fileLog.log(start.name(), path, limit - found.size()));
        }
        return found.subList(0, Math.min(limit, found.size()));
    }

    /**
     * Adds the operation trailer if it is missing, since the operation could not be found later without it; rejects
     * another one.
     */
    private static Trailers withOperation(Trailers trailers, String operationId) {
        List<String> ids = trailers.all(Trailers.OPERATION);
        if (ids.isEmpty()) {
            return trailers.with(Trailers.OPERATION, operationId);
        }
        if (!ids.equals(List.of(operationId))) {
            throw new IllegalArgumentException("the plan's " + Trailers.OPERATION + " is not that of its change");
        }
        return trailers;
    }
}
