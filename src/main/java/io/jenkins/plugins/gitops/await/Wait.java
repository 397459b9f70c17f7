package io.jenkins.plugins.gitops.await;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.StabilityWindow;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One wait; its own lock keeps its verdicts in order. There may be ten thousand of them, so it holds as little as
 * possible.
 */
final class Wait {
    final String id;
    final RepositoryWaits group;
    final Expectation expectation;
    final Consumer<Verdict> listener;
    /** When to evaluate it again even if no event arrives; null for never. Guarded by the {@link WaitTimer}. */
    Instant recheckAt;
    /** Null until the first final verdict. */
    private StabilityWindow stabilityWindow;
    /** Class of the last failure; null when there was none. */
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

    /** @throws UserErrorException if the repository is no longer configured */
    RepositoryConfiguration configuration() throws UserErrorException {
        return GitopsConfiguration.get().repository(group.repository).onBranch(group.branch);
    }

    /** Whether this failure differs from the last one, and remembers it. Call it with the lock of this wait. */
    boolean isNewProblem(Throwable what) {
        boolean news = !what.getClass().equals(problem);
        problem = what.getClass();
        return news;
    }

    /**
     * The verdict to report: a final verdict only after it has been stable for long enough. Call it with the lock of
     * this wait.
     */
    Verdict confirm(Verdict seen, List<AgentSnapshot> snapshots, Instant now) {
        if (stabilityWindow == null) {
            if (seen instanceof Verdict.Waiting) {
                return seen;
            }
            stabilityWindow = new StabilityWindow();
        }
        return stabilityWindow.confirm(seen, snapshots, expectation, now);
    }

    /** The topics that it listens to: reports of its agent, and changes of its folder and of files with its images. */
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
