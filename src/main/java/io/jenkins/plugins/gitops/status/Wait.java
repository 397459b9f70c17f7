package io.jenkins.plugins.gitops.status;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.StatusKey;
import io.jenkins.plugins.gitops.core.sync.Steady;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One wait; its own lock keeps its verdicts in order. There may be ten thousand: it holds no more than it must. */
final class Wait {
    final String id;
    final WaitGroup group;
    final Expectation expectation;
    final Consumer<Verdict> listener;
    /** When it is to be looked at again without any news; null for never. Guarded by the {@link Alarms}. */
    Instant alarm;
    /** Null as long as no end was in sight. */
    private Steady steady;
    /** What it failed with last; null as long as it has not. */
    private Class<?> problem;

    Wait(String id, WaitGroup group, Expectation expectation, Consumer<Verdict> listener) {
        this.id = id;
        this.group = group;
        this.expectation = expectation;
        this.listener = listener;
    }

    String repository() {
        return group.repository;
    }

    /** Whether it has not failed with that before. Under the lock of this. */
    boolean isNewProblem(Throwable what) {
        boolean news = !what.getClass().equals(problem);
        problem = what.getClass();
        return news;
    }

    /** What may be told of a verdict: an end that has stood for long enough. Under the lock of this. */
    Verdict hold(Verdict seen, List<Snapshot> snapshots, Instant now) {
        if (steady == null) {
            if (seen instanceof Verdict.Waiting) {
                return seen;
            }
            steady = new Steady();
        }
        return steady.hold(seen, snapshots, expectation, now);
    }

    /** What it listens to: its agent's news, and changes of its folder and of the file with its images. */
    List<StatusKey> keys() {
        Target target = expectation.target();
        List<StatusKey> keys = new ArrayList<>(2);
        keys.add(StatusKey.ofPath(target.path()));
        StatusKey news = StatusKey.of(target);
        if (!keys.contains(news)) {
            keys.add(news);
        }
        String file = target.imageFile();
        if (file != null && !target.contains(file)) {
            keys.add(StatusKey.ofPath(file));
        }
        return keys;
    }
}
