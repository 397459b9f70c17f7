package io.jenkins.plugins.gitops.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.Test;

/** Which waits are evaluated, and how much of the pool that takes. */
public class RepositoryWaitsTest {
    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final List<String> looked = new ArrayList<>();
    private final RepositoryWaits group = new RepositoryWaits("config", null, pool::add, wait -> looked.add(wait.id));

    private Wait add(String id, Target target) {
        Wait wait = new Wait(id, group, new Expectation(target, "1".repeat(40), List.of(), true), verdict -> {});
        group.add(wait);
        return wait;
    }

    private Wait add(String id, String path) {
        return add(id, new Target(id, "dev", path, null));
    }

    private void work() {
        while (!pool.isEmpty()) {
            pool.remove().run();
        }
    }

    @Test
    public void onlySubscribedWaitsAreEvaluated() {
        add("a", "apps/a");
        add("a2", "apps/a");
        add("b", "apps/b");
        group.recheck(Set.of(StatusTopic.ofPath("./apps/a/")));
        work();
        assertThat(looked, containsInAnyOrder("a", "a2"));
    }

    @Test
    public void waitsAreWokenForTheirObjectAndImageFile() {
        Target target = new Target("web", "prod", "charts/web", "envs/prod.yaml")
                .withAgent(new AgentReference(AgentKind.FLUX, "prod", "Kustomization/apps/web"));
        add("w", target);
        for (StatusTopic key : List.of(
                StatusTopic.ofObject(AgentKind.FLUX, "prod", "Kustomization/apps/web"),
                StatusTopic.ofPath("envs/prod.yaml"),
                StatusTopic.ofPath("charts/web"))) {
            group.recheck(Set.of(key));
            work();
        }
        assertThat(looked, contains("w", "w", "w"));
    }

    @Test
    public void waitsBelowAChartAreWokenForItsValues() {
        add("a", "charts/web/envs/dev");
        add("b", "charts/webs/envs/dev");
        group.recheckBelowCharts(Set.of(StatusTopic.ofPath("charts/web/Chart.yaml"), StatusTopic.ofPath("charts/web")));
        work();
        assertThat(looked, is(empty()));
        group.recheckBelowCharts(Set.of(StatusTopic.ofPath("charts/web/values.yaml")));
        work();
        assertThat(looked, contains("a"));
    }

    @Test
    public void removedWaitIsNotEvaluatedAndLeavesNothing() {
        Wait a = add("a", "apps/a");
        Wait twin = add("a2", "apps/a");
        group.awaitingFetch(a, true);
        group.recheckAll();
        group.remove(a);
        work();
        assertThat(looked, contains("a2"));
        group.remove(twin);
        group.recheckAwaitingFetch();
        group.recheckAll();
        work();
        assertThat(looked, contains("a2"));
        assertThat(group.isEmpty(), is(true));
    }

    @Test
    public void onlyWaitsForUnknownRevisionsAwaitAFetch() {
        Wait a = add("a", "apps/a");
        add("b", "apps/b");
        group.awaitingFetch(a, true);
        group.recheckAwaitingFetch();
        work();
        group.awaitingFetch(a, false);
        group.recheckAwaitingFetch();
        work();
        assertThat(looked, contains("a"));
    }

    /** Ten thousand waits at once use one thread, in short turns that let other tasks run in between. */
    @Test
    public void manyDoNotStarveOthers() {
        for (int i = 0; i < 10_000; i++) {
            add("w" + i, "apps/a" + i % 50);
        }
        group.recheckAll();
        assertThat(pool.size(), is(1));
        List<Integer> before = new ArrayList<>();
        pool.add(() -> before.add(looked.size()));
        group.recheckAll();
        work();
        assertThat(before, contains(32));
        assertThat(looked.size(), is(10_000));
        assertThat(Set.copyOf(looked).size(), is(10_000));
    }

    @Test
    public void waitWokenDuringEvaluationIsEvaluatedAgain() {
        RepositoryWaits[] itself = new RepositoryWaits[1];
        itself[0] = new RepositoryWaits("config", null, pool::add, wait -> {
            looked.add(wait.id);
            if (looked.size() == 1) {
                itself[0].recheck(wait);
            }
        });
        Wait wait = new Wait(
                "a",
                itself[0],
                new Expectation(new Target("a", "dev", "a", null), "1".repeat(40), List.of(), true),
                verdict -> {});
        itself[0].add(wait);
        itself[0].recheck(wait);
        itself[0].recheck(wait);
        work();
        assertThat(looked, contains("a", "a"));
    }

    @Test
    public void failingEvaluationStopsNoOther() {
        RepositoryWaits failing = new RepositoryWaits("config", null, pool::add, wait -> {
            looked.add(wait.id);
            throw new StackOverflowError("on purpose");
        });
        List<Wait> waits = List.of(add("a", "apps/a"), add("b", "apps/b"));
        for (int i = 0; i < 2; i++) {
            waits.forEach(failing::recheck);
            work();
        }
        assertThat(looked, contains("a", "b", "a", "b"));
    }

    @Test
    public void firstTipIsTheBaselineForTheNext() {
        group.initTip("1");
        group.initTip("2");
        assertThat(group.advanceTip("3"), is("1"));
        assertThat(group.advanceTip("4"), is("3"));
        assertThat(new RepositoryWaits("other", null, pool::add, wait -> {}).advanceTip("1"), is(nullValue()));
        assertThat(looked, is(empty()));
    }
}
