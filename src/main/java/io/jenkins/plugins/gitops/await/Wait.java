package io.jenkins.plugins.gitops.await;

import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.StabilityWindow;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One wait; its own lock keeps its verdicts in order. There may be ten thousand: it holds no more than it must. */
final class Wait {
    final String id;
    final RepositoryWaits group;
    final Expectation expectation;
    final Consumer<Verdict> listener;
    /** When it is to be looked at again without any news; null for never. Guarded by the {@link WaitTimer}. */
    Instant recheckAt;
    /** Null as long as no end was in sight. */
    private StabilityWindow stabilityWindow;
    /** What it failed with last; null as long as it has not. */
    private Class<?> problem;

    Wait(String id, RepositoryWaits group, Expectation expectation, Consumer<Verdict> listener) {
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
    Verdict confirm(Verdict seen, List<AgentSnapshot> snapshots, Instant now) {
        if (stabilityWindow == null) {
            if (seen instanceof Verdict.Waiting) {
                return seen;
            }
            stabilityWindow = new StabilityWindow();
        }
        return stabilityWindow.confirm(seen, snapshots, expectation, now);
    }

    /** What it listens to: its agent's news, and changes of its folder and of files with its images. */
    List<StatusTopic> keys() {
        Target target = expectation.target();
        List<StatusTopic> keys = new ArrayList<>(2);
        keys.add(StatusTopic.ofPath(target.path()));
        StatusTopic news = StatusTopic.of(target);
        if (!keys.contains(news)) {
            keys.add(news);
        }
        TargetImages.outside(target).forEach(path -> keys.add(StatusTopic.ofPath(path)));
        return keys;
    }
}
