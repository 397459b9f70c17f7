package io.jenkins.plugins.gitops.agent.reconcile;

import static io.jenkins.plugins.gitops.agent.reconcile.PruneGuardTest.maps;
import static io.jenkins.plugins.gitops.agent.reconcile.PruneGuardTest.state;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** What one application may delete over several passes. */
public class PrunePlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String FIRST = "1".repeat(40);
    private static final String SECOND = "2".repeat(40);

    private final PruneLedger ledger = new PruneLedger(() -> 0);
    private PrunePlanner planner = planner(RenderThreads.ofCaller());
    private Set<String> applications = Set.of("web");
    private boolean prune = true;

    private PrunePlanner planner(RenderThreads threads) {
        return new PrunePlanner(
                ledger,
                new PruneConfirmation(
                        new StubGitSource(),
                        (tree, path) -> List.of(),
                        (f, n) -> List.of(),
                        threads,
                        Clock.systemUTC()));
    }

    @Test
    public void noConfirmationIsRequestedWhileOneIsBeingChecked() throws Exception {
        RenderThreads busy = new RenderThreads(new StuckWorkDetector(), application -> {});
        busy.start(task -> new Thread(() -> {})); // Never runs the task.
        planner = planner(busy);
        planner.request(SECOND);

        PrunePlan plan = plan(FIRST, List.of(state("v1 PersistentVolumeClaim", "data", "")), 30);

        assertThat(plan.allowed(), is(List.of()));
        assertThat(plan.confirmation(), is(nullValue()));
        assertThat(plan.isUndecided(), is(true));
        assertThat(plan.held(), containsString("are rendered"));
    }

    @Test
    public void fewObjectsAreDeleted() throws Exception {
        List<ResourceState> pending = maps(2);
        PrunePlan plan = plan(FIRST, pending, 3);

        assertThat(plan.allowed(), is(pending));
        assertThat(plan.held(), is(nullValue()));
        assertThat(plan.released(), is(false));
    }

    @Test
    public void nothingIsDeletedWithPruneOff() throws Exception {
        prune = false;
        assertThat(plan(FIRST, maps(2), 3), is(PrunePlan.NOTHING));
        assertThat("nor does it count for the agent", ledger.totals().pending(), is(0));
    }

    @Test
    public void oneUnconfirmedObjectHoldsBackAll() throws Exception {
        List<ResourceState> pending = new ArrayList<>(maps(2));
        pending.add(state("v1 PersistentVolumeClaim", "data", ""));
        PrunePlan plan = plan(FIRST, pending, 30);

        assertThat(plan.allowed(), is(List.of()));
        assertThat(plan.held(), containsString("(PersistentVolumeClaim data)"));
        assertThat(plan.held(), containsString("ConfigMap c0, ConfigMap c1, PersistentVolumeClaim data"));
        assertThat(plan.isUndecided(), is(false));
    }

    /** All objects move to another namespace: the created objects do not lower the share of deletions. */
    @Test
    public void laterObjectsDoNotLowerTheShare() throws Exception {
        List<ResourceState> pending = maps(5);
        List<ResourceState> created = new ArrayList<>();
        for (ResourceState state : same(maps(5))) {
            created.add(new ResourceState(state.desired(), state.id(), null, Difference.MISSING, null, null));
        }
        assertThat(plan(FIRST, pending, created).held(), containsString("5 of the application's 5 resources"));
        assertThat(plan(FIRST, pending, 5).held(), containsString("5 of the application's 5 resources"));
    }

    @Test
    public void restoredObjectsCountAsKept() throws Exception {
        List<ResourceState> all = maps(9);
        List<ResourceState> kept = new ArrayList<>(same(all.subList(5, 9)));
        assertThat(plan(FIRST, all.subList(0, 5), kept).held(), not(nullValue()));
        kept.addAll(same(all.subList(1, 5)));
        assertThat(plan(SECOND, all.subList(0, 1), kept).allowed(), is(all.subList(0, 1)));
    }

    @Test
    public void conditionKeepsItsFirstTime() throws Exception {
        PrunePlan first = plan(FIRST, maps(6), 0);
        PrunePlan second = planAt(SECOND, maps(6), List.of(), NOW.plusSeconds(60));
        assertThat(second.confirmation(), is(first.confirmation()));
        assertThat(second.confirmation().revision(), is(FIRST));

        PrunePlan third = planAt(SECOND, maps(7), List.of(), NOW.plusSeconds(60));
        assertThat(third.confirmation().revision(), is(SECOND));
    }

    @Test
    public void nothingIsDecidedBeforeOtherApplicationsAreKnown() throws Exception {
        applications = Set.of("web");
        List<ResourceState> undecided = as(Difference.UNDECIDED, maps(5));
        List<ResourceState> created = maps(5).stream()
                .map(s -> new ResourceState(s.desired(), s.id(), null, Difference.MISSING, null, null))
                .toList();

        assertThat(plan(FIRST, undecided, created).isUndecided(), is(true));
        assertThat(ledger.totals().unknown(), is(true));
        assertThat(plan(FIRST, maps(5), 5).held(), containsString("5 of the application's 5 resources"));
    }

    @Test
    public void objectReleasedByAnotherApplicationIsPrunedLaterInTheSync() throws Exception {
        List<ResourceState> withheld = as(Difference.WITHHELD, maps(1));
        assertThat(plan(FIRST, withheld, 3), is(PrunePlan.NOTHING));
        assertThat(plan(FIRST, withheld, 3), is(PrunePlan.NOTHING));

        PrunePlan plan = plan(SECOND, maps(1), 3);
        assertThat(plan.allowed(), is(maps(1)));
        assertThat(plan.released(), is(true));
    }

    private static List<ResourceState> as(Difference difference, List<ResourceState> states) {
        return states.stream()
                .map(s -> new ResourceState(s.desired(), s.id(), s.live(), difference, s.assessment(), s.message()))
                .toList();
    }

    @Test
    public void deletionsWaitForTheOtherApplications() throws Exception {
        applications = Set.of("web", "shop");
        PrunePlan waiting = plan(FIRST, maps(2), 3);
        assertThat(waiting.isUndecided(), is(true));
        assertThat(waiting.allowed(), is(List.of()));

        ledger.compared("shop", FIRST, 0, 5);
        PrunePlan plan = plan(FIRST, maps(2), 3);
        assertThat(plan.allowed().size(), is(2));
        assertThat(plan.released(), is(true));
        assertThat(plan(FIRST, List.of(), 3).released(), is(false));
    }

    private PrunePlan plan(String revision, List<ResourceState> pending, int others) throws Exception {
        List<ResourceState> kept = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            kept.add(state("v1 Secret", "s" + i, ""));
        }
        return plan(revision, pending, same(kept));
    }

    private PrunePlan plan(String revision, List<ResourceState> pending, List<ResourceState> kept) throws Exception {
        return planAt(revision, pending, kept, NOW);
    }

    private PrunePlan planAt(String revision, List<ResourceState> pending, List<ResourceState> kept, Instant now)
            throws Exception {
        ApplicationSpec spec = new ApplicationSpecBuilder("web", "shop")
                .prune(prune)
                .allowEmpty(true)
                .build();
        List<ResourceState> all = new ArrayList<>(kept);
        all.addAll(pending);
        ApplicationManifest source = new ApplicationManifest("web", "apps/web.yaml", "web", spec, null);
        ledger.expect(revision, applications);
        return planner.plan(source, spec, new RevisionTree(revision, null), new Comparison(all), now);
    }

    /** Returns the states as live and in sync with Git. */
    private static List<ResourceState> same(List<ResourceState> states) throws Exception {
        List<ResourceState> same = new ArrayList<>();
        for (ResourceState state : states) {
            ApplicationSpec spec =
                    new ApplicationSpecBuilder("web", "shop").allowEmpty(true).build();
            DesiredState desired = DesiredState.of(
                    "web",
                    spec,
                    List.of(Map.of(
                            "apiVersion", "v1", "kind", state.kindName(), "metadata", Map.of("name", state.name()))));
            same.add(new ResourceState(
                    desired.objects().get(0), state.id(), state.live(), Difference.SAME, state.assessment(), null));
        }
        return same;
    }
}
