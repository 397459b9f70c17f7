package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Brings groups of changes to the remote, through races and refusals. One group at a time. Never waits for a remote that
 * is in trouble: what could not be written then is for another round.
 */
final class Writer {
    private static final long FIRST_PAUSE = 25;
    private static final long LONGEST_PAUSE = 500;
    private static final Duration MOST_RACING = Duration.ofSeconds(60);
    /**
     * How often the branch is looked at after a refusal until it is believed: another push may hold the server's lock and
     * have moved the branch only a moment later. What is refused is not sent again for that.
     */
    private static final int LOOKS = 4;

    private final LocalClone clone;
    private final Trees trees;
    private final FileHistory files;
    private final OperationIndex index;
    private final PlanRunner planning;
    private final Remote remote;
    private final Duration racing;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * The tip that a push was to move which nobody answered: it may still arrive there, until the branch is seen elsewhere.
     * Null when there is none.
     */
    @CheckForNull
    private ObjectId unansweredOn;

    /** The changes of that push. */
    private final Set<Change> unanswered = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * What became of a group.
     *
     * @param outcomes of the changes that are done with
     * @param trouble why there are others, to be tried again later; null when there are none
     */
    record Round(
            Map<Change, Group.Outcome> outcomes,
            @CheckForNull GitFailure trouble) {}

    Writer(LocalClone clone, Trees trees, FileHistory files, Remote remote, GitOptions options) {
        this.clone = clone;
        this.trees = trees;
        this.files = files;
        this.index = new OperationIndex(clone);
        this.planning = new PlanRunner(options.planTime());
        this.remote = remote;
        this.racing = options.deadline().compareTo(MOST_RACING) < 0 ? options.deadline() : MOST_RACING;
    }

    /** Wakes a writer that pauses. */
    void close() {
        closed.countDown();
    }

    /** Never throws for what goes wrong with the remote. */
    Round write(List<Change> changes) {
        Map<Change, Group.Outcome> outcomes = new HashMap<>();
        GitFailure trouble = write(changes, System.nanoTime() + racing.toNanos(), outcomes);
        return new Round(outcomes, trouble);
    }

    @CheckForNull
    private GitFailure write(List<Change> changes, long end, Map<Change, Group.Outcome> outcomes) {
        try {
            new Attempts(changes, end).run().forEach((change, outcome) -> outcomes.put(change, told(change, outcome)));
            return null;
        } catch (PushRefused e) {
            if (changes.size() == 1) {
                fail(changes, e.failure, outcomes);
                return null;
            }
            // The server may have refused all for the sake of one.
            int half = changes.size() / 2;
            GitFailure trouble = write(changes.subList(0, half), end, outcomes);
            return trouble == null ? write(changes.subList(half, changes.size()), end, outcomes) : trouble;
        } catch (GitFailure e) {
            if (e.isTemporary()) {
                return e;
            }
            fail(changes, e, outcomes);
            return null;
        } catch (RuntimeException e) {
            fail(changes, e, outcomes);
            return null;
        }
    }

    private void fail(List<Change> changes, Exception failure, Map<Change, Group.Outcome> outcomes) {
        changes.forEach(change -> outcomes.put(change, failed(change, failure)));
    }

    private Group.Outcome told(Change change, Group.Outcome outcome) {
        return outcome.failure() == null ? outcome : failed(change, outcome.failure());
    }

    /** Who did not hear the answer cannot say that nothing was written. */
    Group.Outcome failed(Change change, Throwable failure) {
        if (unansweredOn == null || !unanswered.contains(change)) {
            return new Group.Outcome(null, failure);
        }
        String last = String.valueOf(failure.getMessage());
        return new Group.Outcome(
                null,
                new GitFailure(
                                "It is not known whether the change arrived. "
                                        + (last.endsWith(".") ? last.substring(0, last.length() - 1) : last),
                                "Run it again: a change that arrived is found by its operation id and not written twice",
                                true)
                        .causedBy(failure));
    }

    private void noteUnanswered(ObjectId tip, List<Change> changes) {
        unansweredOn = tip.copy();
        unanswered.addAll(changes);
    }

    private void noteAnswered() {
        unansweredOn = null;
        unanswered.clear();
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
        private boolean rebuilt;
        private long pause = FIRST_PAUSE;

        /** The remote's tip as fetched by this group; null before. */
        @CheckForNull
        private ObjectId seen;

        Attempts(List<Change> changes, long end) {
            this.changes = changes;
            this.end = end;
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
                return Group.plan(clone, files, trees, index, planning, tip, changes);
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
            ObjectId now = clone.fetch();
            seen = now;
            if (!now.equals(unansweredOn)) {
                noteAnswered();
            }
            return now;
        }

        private boolean push(ObjectId tip, Group group) throws GitFailure, PushRefused {
            Remote.Push push;
            try {
                push = clone.push(tip, group.unpushed());
            } catch (IOException e) {
                mend(e);
                return false;
            }
            switch (push.outcome()) {
                case DONE -> {
                    noteAnswered();
                    return true;
                }
                case MOVED -> {
                    pauseAfterRace();
                    look();
                    return false;
                }
                case REFUSED -> {
                    return landedOrMoved(tip, group, push, LOOKS);
                }
                default -> {
                    lookAfterSilence(tip, push);
                    return landedOrMoved(tip, group, push, 0);
                }
            }
        }

        /** After a refusal or a lost answer only the branch tells what happened. */
        private boolean landedOrMoved(ObjectId tip, Group group, Remote.Push push, int looks)
                throws GitFailure, PushRefused {
            for (int i = 0; i < looks && (i == 0 || tip.equals(clone.tip())); i++) {
                if (i > 0) {
                    pause();
                }
                lookAfterRefusal(push);
            }
            ObjectId now = clone.tip();
            if (now != null && isAncestor(group.head(), now)) {
                noteAnswered();
                return true;
            }
            if (!tip.equals(now)) {
                pauseAfterRace();
                return false;
            }
            if (push.outcome() == Remote.Outcome.REFUSED) {
                throw new PushRefused(push.reason());
            }
            throw push.reason();
        }

        /** The refusal is the news, not that the branch could not be looked at after it. */
        private void lookAfterRefusal(Remote.Push push) throws GitFailure, PushRefused {
            try {
                look();
            } catch (GitFailure e) {
                if (e.isTemporary()) {
                    throw e;
                }
                throw new PushRefused(push.reason());
            }
        }

        private boolean isAncestor(ObjectId commit, ObjectId tip) {
            try {
                return new History(clone).isAncestor(commit.name(), tip.name());
            } catch (IOException e) {
                clone.noteDamage(e);
                return false;
            }
        }

        private void lookAfterSilence(ObjectId tip, Remote.Push push) throws GitFailure {
            boolean before = unansweredOn != null;
            noteUnanswered(tip, changes);
            try {
                look();
            } catch (GitFailure e) {
                throw push.reason();
            }
            if (push.outcome() == Remote.Outcome.FAILED && !before) {
                // Answered, so nothing of it is under way any more.
                noteAnswered();
            }
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
