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
    private final OperationIndex index;
    private final Remote remote;
    private final Duration deadline;
    private final CountDownLatch closed = new CountDownLatch(1);

    Writer(LocalClone clone, Trees trees, Remote remote, Duration deadline) {
        this.clone = clone;
        this.trees = trees;
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
        return write(changes, System.nanoTime() + deadline.toNanos(), REFUSALS);
    }

    private Map<Change, Group.Outcome> write(List<Change> changes, long end, int refusals) {
        try {
            return new Attempts(changes, end, refusals).run();
        } catch (PushRefused e) {
            if (changes.size() == 1 || System.nanoTime() > end) {
                return failed(changes, e.failure);
            }
            // The server may have refused all for the sake of one.
            int half = changes.size() / 2;
            Map<Change, Group.Outcome> outcomes = new HashMap<>(write(changes.subList(0, half), end, 0));
            outcomes.putAll(write(changes.subList(half, changes.size()), end, 0));
            return outcomes;
        } catch (GitFailure e) {
            return failed(changes, e);
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

        Attempts(List<Change> changes, long end, int refusals) {
            this.changes = changes;
            this.end = end;
            this.refusalsLeft = refusals;
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
                    return group.outcomes();
                }
            }
        }

        /** Null when the clone had to be made anew. */
        @CheckForNull
        private Group plan(ObjectId tip) throws GitFailure {
            try {
                return Group.plan(clone, trees, index, tip, changes);
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
                    seen = clone.fetch();
                    return seen;
                } catch (GitFailure e) {
                    pauseAfterSilence(e);
                }
            }
        }

        private boolean push(ObjectId tip, Group group) throws GitFailure, PushRefused {
            Remote.Push push;
            try {
                push = clone.push(tip, group.head(), group.folders());
            } catch (GitFailure e) {
                pauseAfterSilence(e);
                return false;
            } catch (IOException e) {
                mend(e);
                return false;
            }
            switch (push.outcome()) {
                case DONE -> {
                    return true;
                }
                case MOVED -> {
                    pauseAfterRace();
                    look();
                    return false;
                }
                case UNKNOWN -> lookForSure(push.reason());
                default -> look();
            }
            return landedOrMoved(tip, group, push);
        }

        /** After a refusal or a lost answer only the branch tells what happened. */
        private boolean landedOrMoved(ObjectId tip, Group group, Remote.Push push) throws GitFailure, PushRefused {
            ObjectId now = clone.tip();
            if (now != null && isAncestor(group.head(), now)) {
                return true;
            }
            if (tip.equals(now) && refusalsLeft-- <= 0) {
                if (push.outcome() == Remote.Outcome.REFUSED) {
                    throw new PushRefused(remote.refused(push.reason()));
                }
                throw new GitFailure(push.reason(), "Nothing was written; try again later", true);
            }
            pauseAfterRace();
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

        private void lookForSure(String reason) throws GitFailure {
            while (true) {
                try {
                    seen = clone.fetch();
                    return;
                } catch (GitFailure e) {
                    if (System.nanoTime() > end) {
                        throw new GitFailure(
                                "It is not known whether the change arrived, since the remote cannot be read since: "
                                        + reason,
                                "Run it again: a change that arrived is found by its operation id and not written"
                                        + " twice",
                                true);
                    }
                    pause();
                }
            }
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
