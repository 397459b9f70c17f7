package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;

/** A group of changes planned on one tip: a chain of commits in the clone's object database, not pushed yet. */
final class Group {
    private final Map<Change, Outcome> outcomes = new LinkedHashMap<>();
    private final Set<ObjectId> folders = new HashSet<>();
    private final Map<String, Outcome> byOperation = new HashMap<>();
    private final Trees trees;
    private final ObjectInserter inserter;
    private ObjectId head;
    private ObjectId tree;

    /**
     * What became of a change, once the chain is pushed.
     *
     * @param result null when it failed
     * @param failure null when it did not
     */
    record Outcome(
            @CheckForNull ChangeResult result, @CheckForNull Exception failure) {}

    private Group(Trees trees, ObjectInserter inserter, ObjectId tip, ObjectId tree) {
        this.trees = trees;
        this.inserter = inserter;
        this.head = tip;
        this.tree = tree;
    }

    /**
     * Plans each change on the tip and what the ones before it made of it.
     *
     * @throws IOException when the clone is damaged
     */
    static Group plan(LocalClone clone, Trees trees, OperationIndex index, ObjectId tip, List<Change> changes)
            throws IOException {
        History history = new History(clone);
        try (ObjectInserter inserter = clone.repository().newObjectInserter()) {
            Group group = new Group(trees, inserter, tip, history.tree(tip));
            for (Change change : changes) {
                ObjectId done = index.find(tip, change.operationId());
                if (done != null) {
                    group.outcomes.put(change, new Outcome(history.result(done), null));
                } else {
                    group.add(change);
                }
            }
            inserter.flush();
            return group;
        }
    }

    /** The last commit of the chain; the tip itself when nothing is to be written. */
    ObjectId head() {
        return head;
    }

    /** What was read or written of folders to make the chain. */
    Set<ObjectId> folders() {
        return folders;
    }

    Map<Change, Outcome> outcomes() {
        return outcomes;
    }

    private void add(Change change) throws IOException {
        Outcome outcome = byOperation.get(change.operationId());
        if (outcome == null) {
            outcome = outcome(change);
            if (outcome.failure() == null) {
                byOperation.put(change.operationId(), outcome);
            }
        }
        outcomes.put(change, outcome);
    }

    private Outcome outcome(Change change) throws IOException {
        try {
            return new Outcome(write(change), null);
        } catch (IOException e) {
            if (RemoteFailures.isDamage(e)) {
                throw e;
            }
            return new Outcome(null, e);
        } catch (RefusedException | RuntimeException e) {
            return new Outcome(null, e);
        }
    }

    private ChangeResult write(Change change) throws RefusedException, IOException {
        Plan plan = change.planner().plan(new GitTree(trees, tree), head.name());
        Trailers trailers = withOperation(plan.trailers(), change.operationId());
        TreeEdit edit = new TreeEdit(trees, inserter, folders, tree);
        edit.write(plan.files());
        if (edit.changed().isEmpty()) {
            return new ChangeResult(false, head.name(), trailers, List.of());
        }
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(edit.root());
        commit.setParentId(head);
        PersonIdent author =
                new PersonIdent(change.author().name(), change.author().email(), Instant.now(), ZoneOffset.UTC);
        commit.setAuthor(author);
        commit.setCommitter(author);
        commit.setMessage(trailers.message(plan.subject()));
        head = inserter.insert(commit);
        tree = edit.root();
        return new ChangeResult(true, head.name(), trailers, edit.changed());
    }

    /** Without the trailer the operation would not be found again, with another one the wrong one would. */
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
