package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;

/** Brings groups of changes to the remote, through races, refusals and lost answers. One group at a time. */
final class Writer {
    private static final long FIRST_PAUSE = 25;
    private static final long LONGEST_PAUSE = 500;
    /** How often a push is tried again although the branch stands still: another push may hold the server's lock. */
    private static final int REFUSALS = 3;
    /** How often a remote that does not answer is asked, before anything was sent to it. */
    private static final int SILENCES = 2;

    private final LocalClone clone;
    private final Trees trees;
    private final FileHistory files;
    private final OperationIndex index;
    private final Remote remote;
    private final Duration deadline;
    private final CountDownLatch closed = new CountDownLatch(1);

    Writer(LocalClone clone, Trees trees, FileHistory files, Remote remote, Duration deadline) {
        this.clone = clone;
        this.trees = trees;
        this.files = files;
        this.index = new OperationIndex(clone);
        this.remote = remote;
        this.deadline = deadline;
    }

    /** Wakes a writer that pauses. */
    void close() {
        closed.countDown();
    }

    /** One outcome for each change; never throws for what goes wrong with the remote. */
    Map<Change, Group.Outcome> write(List<Change> changes) {
        return write(changes, System.nanoTime() + deadline.toNanos(), REFUSALS, null);
    }

    private Map<Change, Group.Outcome> write(
            List<Change> changes, long end, int refusals, @CheckForNull ObjectId unansweredOn) {
        Attempts attempts = new Attempts(changes, end, refusals, unansweredOn);
        try {
            return attempts.run();
        } catch (PushRefused e) {
            if (changes.size() == 1 || System.nanoTime() > end) {
                return failed(changes, attempts.asFarAsKnown(e.failure));
            }
            // The server may have refused all for the sake of one.
            int half = changes.size() / 2;
            ObjectId doubt = attempts.unansweredOn;
            Map<Change, Group.Outcome> outcomes = new HashMap<>(write(changes.subList(0, half), end, 0, doubt));
            outcomes.putAll(write(changes.subList(half, changes.size()), end, 0, doubt));
            return outcomes;
        } catch (GitFailure | RuntimeException e) {
            return failed(changes, attempts.asFarAsKnown(e));
        }
    }

    private static Map<Change, Group.Outcome> failed(List<Change> changes, Exception failure) {
        Map<Change, Group.Outcome> outcomes = new HashMap<>();
        changes.forEach(change -> outcomes.put(change, new Group.Outcome(null, failure)));
        return outcomes;
    }

    /** The server said no for good. */
    private static final class PushRefused extends Exception {
        private static final long serialVersionUID = 1L;

        private final GitFailure failure;

        PushRefused(GitFailure failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private final class Attempts {
        private final List<Change> changes;
        private final long end;
        private int refusalsLeft;
        private int silencesLeft = SILENCES;
        private boolean rebuilt;
        private long pause = FIRST_PAUSE;

        /** The remote's tip as fetched by this group; null before. */
        @CheckForNull
        private ObjectId seen;

        /**
         * The tip that a push was to move which nobody answered: it may still arrive there, until the branch is seen
         * elsewhere. Null when there is none.
         */
        @CheckForNull
        private ObjectId unansweredOn;

        Attempts(List<Change> changes, long end, int refusals, @CheckForNull ObjectId unansweredOn) {
            this.changes = changes;
            this.end = end;
            this.refusalsLeft = refusals;
            this.unansweredOn = unansweredOn;
        }

        Map<Change, Group.Outcome> run() throws GitFailure, PushRefused {
            while (true) {
                // What the clone knows is tried first: when it is behind, the push says so and nothing is written.
                ObjectId tip = clone.tip() == null ? look() : clone.tip();
                Group group = plan(tip);
                if (group == null) {
                    continue;
                }
                boolean landed = group.head().equals(tip) ? look(tip) : push(tip, group);
                if (landed) {
                    return asFarAsKnown(group.outcomes());
                }
            }
        }

        /** Null when the clone had to be made anew. */
        @CheckForNull
        private Group plan(ObjectId tip) throws GitFailure {
            try {
                return Group.plan(clone, files, trees, index, tip, changes);
            } catch (IOException e) {
                mend(e);
                return null;
            }
        }

        private void mend(IOException e) throws GitFailure {
            if (rebuilt) {
                throw clone.unusable(e);
            }
            rebuilt = true;
            clone.noteDamage(e);
            look();
        }

        /** A change that writes nothing, or does not fit, must be so on the newest tip. */
        private boolean look(ObjectId tip) throws GitFailure {
            return tip.equals(seen) || look().equals(tip);
        }

        private ObjectId look() throws GitFailure {
            while (true) {
                try {
                    return see();
                } catch (GitFailure e) {
                    pauseAfterSilence(e);
                }
            }
        }

        private ObjectId see() throws GitFailure {
            ObjectId now = clone.fetch();
            seen = now;
            if (!now.equals(unansweredOn)) {
                unansweredOn = null;
            }
            return now;
        }

        private boolean push(ObjectId tip, Group group) throws GitFailure, PushRefused {
            Remote.Push push;
            try {
                push = clone.push(tip, group);
            } catch (GitFailure e) {
                pauseAfterSilence(e);
                return false;
            } catch (IOException e) {
                mend(e);
                return false;
            }
            switch (push.outcome()) {
                case DONE -> {
                    unansweredOn = null;
                    return true;
                }
                case MOVED -> {
                    pauseAfterRace();
                    look();
                    return false;
                }
                default -> {
                    lookForSure(tip, push);
                    return landedOrMoved(tip, group, push);
                }
            }
        }

        /** After a refusal or a lost answer only the branch tells what happened. */
        private boolean landedOrMoved(ObjectId tip, Group group, Remote.Push push) throws GitFailure, PushRefused {
            ObjectId now = clone.tip();
            if (now != null && isAncestor(group.head(), now)) {
                unansweredOn = null;
                return true;
            }
            if (tip.equals(now)) {
                boolean refused = push.outcome() == Remote.Outcome.REFUSED;
                boolean forGood = push.outcome() == Remote.Outcome.FAILED
                        && !push.reason().isTemporary();
                if (forGood || refusalsLeft-- <= 0 || System.nanoTime() > end) {
                    if (refused) {
                        throw new PushRefused(push.reason());
                    }
                    throw push.reason();
                }
                pause();
            } else {
                pauseAfterRace();
            }
            return false;
        }

        private boolean isAncestor(ObjectId commit, ObjectId tip) {
            try {
                return new History(clone).isAncestor(commit.name(), tip.name());
            } catch (IOException e) {
                clone.noteDamage(e);
                return false;
            }
        }

        private void lookForSure(ObjectId tip, Remote.Push push) throws GitFailure {
            ObjectId before = unansweredOn;
            if (push.outcome() != Remote.Outcome.REFUSED) {
                unansweredOn = tip;
            }
            while (true) {
                try {
                    see();
                    break;
                } catch (GitFailure e) {
                    if (System.nanoTime() > end) {
                        throw push.reason();
                    }
                    pause();
                }
            }
            if (push.outcome() == Remote.Outcome.FAILED && before == null) {
                // Answered, so nothing of it is under way any more.
                unansweredOn = null;
            }
        }

        private Map<Change, Group.Outcome> asFarAsKnown(Map<Change, Group.Outcome> outcomes) {
            Map<Change, Group.Outcome> told = new HashMap<>(outcomes);
            told.replaceAll((change, outcome) ->
                    outcome.failure() == null ? outcome : new Group.Outcome(null, asFarAsKnown(outcome.failure())));
            return told;
        }

        /** Who did not hear the answer cannot say that nothing was written. */
        private Exception asFarAsKnown(Exception failure) {
            if (unansweredOn == null) {
                return failure;
            }
            String last = String.valueOf(failure.getMessage());
            return new GitFailure(
                            "It is not known whether the change arrived. "
                                    + (last.endsWith(".") ? last.substring(0, last.length() - 1) : last),
                            "Run it again: a change that arrived is found by its operation id and not written twice",
                            true)
                    .causedBy(failure);
        }

        private void pauseAfterSilence(GitFailure failure) throws GitFailure {
            if (!failure.isTemporary() || silencesLeft-- <= 0 || System.nanoTime() > end) {
                throw failure;
            }
            pause();
        }

        private void pauseAfterRace() throws GitFailure {
            if (System.nanoTime() > end) {
                throw new GitFailure(
                        "Branch \"" + remote.branch() + "\" of " + remote.url()
                                + " kept moving while the change was written on it again and again",
                        "Try again when others push less",
                        true);
            }
            pause();
        }

        /** Longer each time, and never the same for two writers, so that they do not meet again. */
        private void pause() throws GitFailure {
            long millis = ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
            try {
                if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                    throw clone.closedFailure();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw clone.closedFailure();
            }
        }
    }
}
