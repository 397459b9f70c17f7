package io.jenkins.plugins.gitops.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSource;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import io.jenkins.plugins.gitops.testkit.Verdicts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.TestExtension;

/** Which waits are woken by what, and that no wake-up is lost. */
public class WaitRegistryTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private final BlockingQueue<Verdict> dev = new LinkedBlockingQueue<>();
    private final BlockingQueue<Verdict> staging = new LinkedBlockingQueue<>();
    private RepositoryConfiguration configuration;

    @Before
    public void repository() throws Exception {
        configuration = GitopsConfiguration.get().getRepositories().get(0);
        ConfigRepositories.get().open(configuration).fetch();
        RecordingWaitListener.clear();
    }

    @After
    public void nobodyWaits() {
        WaitRegistry.get().unregisterAll("p#", id -> true);
        assertThat(WaitRegistry.get().size(), is(0));
    }

    private static Target target(String id) {
        return new Target(id.split("/")[0], id.split("/")[1], ServedConfigRepository.path(id), null);
    }

    private static void register(String id, String target, String revision, BlockingQueue<Verdict> verdicts) {
        WaitRegistry.get()
                .register(id, "config", new Expectation(target(target), revision, List.of(), true), verdicts::add);
    }

    private static String next(BlockingQueue<Verdict> verdicts) throws InterruptedException {
        Verdict verdict = verdicts.poll(1, TimeUnit.MINUTES);
        return verdict == null ? "nothing" : verdict.summary();
    }

    private void both() throws Exception {
        register("p#1/3@0#0", DEV, J.repository().tip(), dev);
        register("p#1/3@0#1", STAGING, J.repository().tip(), staging);
        next(dev);
        next(staging);
        // Each test has another repository of this name, so the first fetch of its branch is a change.
        fetched();
        dev.clear();
        staging.clear();
    }

    private String set(String target, String tag) throws Exception {
        String file = ServedConfigRepository.imageFile(target);
        String text = J.repository().read(file).replaceAll("newTag: .*", "newTag: \"" + tag + "\"");
        return J.repository().write(file, text, "Carol sets " + tag);
    }

    private void fetched() throws Exception {
        ConfigRepositories.get().open(configuration).fetch();
        WaitRegistry.get().branchMoved(configuration);
        ThreadPoolTasks.awaitIdle();
        ThreadPoolTasks.awaitIdle();
    }

    @Test
    public void reportWakesOnlyAffectedWaits() throws Exception {
        both();
        J.agent().progressing(DEV, J.repository().tip());
        assertThat(next(dev), containsString("Progressing"));
        ThreadPoolTasks.awaitIdle();
        assertThat(staging, is(empty()));
    }

    @Test
    public void reportOutsideTheAgentsEnvironmentsEndsNoWait() throws Exception {
        both();
        AgentConfiguration narrow = new AgentConfiguration("narrow", Secret.fromString("report secret of narrow"));
        narrow.setEnvironments("staging");
        List<AgentConfiguration> agents =
                new ArrayList<>(GitopsConfiguration.get().getAgents());
        agents.add(narrow);
        GitopsConfiguration.get().setAgents(agents);
        // Saving the configuration re-evaluates all waits.
        ThreadPoolTasks.awaitIdle();
        dev.clear();
        staging.clear();
        String tip = J.repository().tip();
        SignedReports.accept(
                "narrow",
                SignedReports.report(
                        1,
                        List.of(
                                SignedReports.live(J.repository().url(), ServedConfigRepository.path(DEV), tip),
                                SignedReports.live(J.repository().url(), ServedConfigRepository.path(STAGING), tip))));
        assertThat(next(staging), containsString("live at"));
        assertThat(next(dev), containsString("no agent has reported"));
        ThreadPoolTasks.awaitIdle();
        assertThat(dev, is(empty()));
    }

    @Test
    public void commitWakesOnlyWaitsWhoseFilesItChanged() throws Exception {
        both();
        set(DEV, "v2");
        fetched();
        assertThat(next(dev), containsString("superseded by"));
        assertThat(staging, is(empty()));
        J.repository().write("notes.txt", "unrelated\n", "Carol takes notes");
        fetched();
        assertThat(staging, is(empty()));
    }

    @Test
    public void rewindingTheBranchWakesAllWaits() throws Exception {
        String before = J.repository().tip();
        J.repository().write("notes.txt", "unrelated\n", "Carol takes notes");
        ConfigRepositories.get().open(configuration).fetch();
        both();
        J.repository().reset(before);
        fetched();
        assertThat(next(dev), containsString("is no longer on the branch"));
        assertThat(next(staging), containsString("is no longer on the branch"));
    }

    @Test
    public void sourcesAreNotifiedWhenWaitsStartAndEnd() throws Exception {
        both();
        WaitRegistry.get().unregister("p#1/3@0#0");
        WaitRegistry.get().unregister("p#1/3@0#0");
        J.agent().live(STAGING, J.repository().tip());
        assertThat(next(staging), containsString("live at"));
        assertThat(
                RecordingWaitListener.all(),
                contains("awaited p#1/3@0#0", "awaited p#1/3@0#1", "released p#1/3@0#0", "released p#1/3@0#1"));
    }

    @Test
    public void sameIdReplacesTheFormerWait() throws Exception {
        String tip = J.repository().tip();
        register("p#1/3@0#0", DEV, tip, dev);
        next(dev);
        register("p#1/3@0#0", DEV, tip, staging);
        next(staging);
        J.agent().live(DEV, tip);
        assertThat(next(staging), containsString("live at"));
        ThreadPoolTasks.awaitIdle();
        assertThat(dev, is(empty()));
    }

    @Test
    public void onlyWaitsOfTheGivenRunAreRemoved() throws Exception {
        List<String> ids = List.of("p#1/3@0#0", "p#1/4@0#0", "p#11/3@0#0", "p#2/3@0#0");
        for (String id : ids) {
            register(id, DEV, J.repository().tip(), dev);
        }
        WaitRegistry.get().unregisterAll("p#1/", id -> id.startsWith("p#1/3"));
        assertThat(WaitRegistry.get().size(), is(3));
        WaitRegistry.get().unregisterAll("p#1/", id -> true);
        assertThat(WaitRegistry.get().size(), is(2));
        assertThat(
                RecordingWaitListener.all().stream()
                        .filter(t -> t.startsWith("released"))
                        .toList(),
                containsInAnyOrder("released p#1/3@0#0", "released p#1/4@0#0"));
    }

    /** In whatever order registration, report and fetch happen, the wait ends. */
    @Test
    public void noWakeUpIsLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 200; round++) {
                // A new commit needs a fetch, which runs at most once a second, so most rounds use a known commit.
                String revision =
                        round % 40 == 0 ? set(DEV, "r" + round) : J.repository().tip();
                J.agent().progressing(DEV, revision);
                race(threads, round, revision);
                Verdict verdict = Verdicts.end(dev);
                assertThat("round " + round, verdict, instanceOf(Verdict.Live.class));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void race(ExecutorService threads, int round, String revision) throws Exception {
        CyclicBarrier start = new CyclicBarrier(3);
        List<Future<?>> all = List.of(
                threads.submit(() -> {
                    start.await();
                    register("p#1/3@0#" + round, DEV, revision, dev);
                    return null;
                }),
                threads.submit(() -> {
                    start.await();
                    J.agent().live(DEV, revision);
                    return null;
                }),
                threads.submit(() -> {
                    start.await();
                    RepositoryFetcher.get().fetchSoon(configuration);
                    return null;
                }));
        for (Future<?> one : all) {
            one.get(1, TimeUnit.MINUTES);
        }
    }

    @TestExtension
    public static final class RecordingWaitListener implements StatusSource {
        private final List<String> told = new CopyOnWriteArrayList<>();

        private static RecordingWaitListener get() {
            return J.jenkins.getExtensionList(RecordingWaitListener.class).get(0);
        }

        static void clear() {
            get().told.clear();
        }

        static List<String> all() {
            return get().told;
        }

        @Override
        public Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
            return target -> List.of();
        }

        @Override
        public List<AgentInfo> agents(Instant now) {
            return List.of();
        }

        @Override
        public void awaited(String id, RepositoryConfiguration repository, Expectation expectation) {
            told.add("awaited " + id);
        }

        @Override
        public void released(String id) {
            told.add("released " + id);
        }
    }
}
