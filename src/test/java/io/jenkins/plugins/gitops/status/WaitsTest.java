package io.jenkins.plugins.gitops.status;

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
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import io.jenkins.plugins.gitops.steps.ConfigRepositories;
import io.jenkins.plugins.gitops.steps.Setup;
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
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

/** Who is woken by what, and that nobody sleeps through it. */
public class WaitsTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ConfigRepositories REPOSITORIES = new ConfigRepositories();

    @Rule
    public final TestName name = new TestName();

    private final BlockingQueue<Verdict> dev = new LinkedBlockingQueue<>();
    private final BlockingQueue<Verdict> staging = new LinkedBlockingQueue<>();
    private RepositoryConfiguration configuration;
    private String url;

    @Before
    public void repository() throws Exception {
        url = REPOSITORIES.create(repo());
        Setup.repository(url);
        configuration = GitopsConfiguration.get().getRepositories().get(0);
        Repositories.get().open(configuration).fetch();
        Told.clear();
    }

    @After
    public void nobodyWaits() {
        Waits.get().unregisterAll("p#", id -> true);
        assertThat(Waits.get().size(), is(0));
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    private static Target target(String id) {
        return new Target(id.split("/")[0], id.split("/")[1], Setup.path(id), null);
    }

    private static void register(String id, String target, String revision, BlockingQueue<Verdict> verdicts) {
        Waits.get().register(id, "config", new Expectation(target(target), revision, List.of(), true), verdicts::add);
    }

    private static String next(BlockingQueue<Verdict> verdicts) throws InterruptedException {
        Verdict verdict = verdicts.poll(1, TimeUnit.MINUTES);
        return verdict == null ? "nothing" : verdict.summary();
    }

    private void both() throws Exception {
        register("p#1/3@0#0", DEV, REPOSITORIES.tip(repo()), dev);
        register("p#1/3@0#1", STAGING, REPOSITORIES.tip(repo()), staging);
        next(dev);
        next(staging);
        // Each test has another repository of this name, whose branch has moved from nowhere.
        fetched();
        dev.clear();
        staging.clear();
    }

    private String set(String target, String tag) throws Exception {
        String file = Setup.imageFile(target);
        String text = REPOSITORIES.read(repo(), file).replaceAll("newTag: .*", "newTag: \"" + tag + "\"");
        return REPOSITORIES.write(repo(), file, text, "Carol sets " + tag);
    }

    private void fetched() throws Exception {
        Repositories.get().open(configuration).fetch();
        Waits.get().moved(configuration);
        Setup.settle();
        Setup.settle();
    }

    @Test
    public void aReportWakesOnlyThoseThatItIsAbout() throws Exception {
        both();
        Setup.progressing(url, DEV, REPOSITORIES.tip(repo()));
        assertThat(next(dev), containsString("Progressing"));
        Setup.settle();
        assertThat(staging, is(empty()));
    }

    @Test
    public void whatAnAgentSaysBeyondItsEnvironmentsEndsNothing() throws Exception {
        both();
        AgentConfiguration narrow = new AgentConfiguration("narrow", Secret.fromString("report secret of narrow"));
        narrow.setEnvironments("staging");
        List<AgentConfiguration> agents =
                new ArrayList<>(GitopsConfiguration.get().getAgents());
        agents.add(narrow);
        GitopsConfiguration.get().setAgents(agents);
        // Everybody looks again when the configuration is saved.
        Setup.settle();
        dev.clear();
        staging.clear();
        String tip = REPOSITORIES.tip(repo());
        ReportsSupport.accept(
                "narrow",
                ReportsSupport.report(
                        1,
                        List.of(
                                ReportsSupport.live(url, Setup.path(DEV), tip),
                                ReportsSupport.live(url, Setup.path(STAGING), tip))));
        assertThat(next(staging), containsString("live at"));
        assertThat(next(dev), containsString("no agent has reported"));
        Setup.settle();
        assertThat(dev, is(empty()));
    }

    @Test
    public void aCommitWakesOnlyThoseWhoseFilesItChanged() throws Exception {
        both();
        set(DEV, "v2");
        fetched();
        assertThat(next(dev), containsString("superseded by"));
        assertThat(staging, is(empty()));
        REPOSITORIES.write(repo(), "notes.txt", "unrelated\n", "Carol takes notes");
        fetched();
        assertThat(staging, is(empty()));
    }

    @Test
    public void aBranchThatIsMovedBackWakesAll() throws Exception {
        String before = REPOSITORIES.tip(repo());
        REPOSITORIES.write(repo(), "notes.txt", "unrelated\n", "Carol takes notes");
        Repositories.get().open(configuration).fetch();
        both();
        REPOSITORIES.reset(repo(), before);
        fetched();
        assertThat(next(dev), containsString("is no longer on the branch"));
        assertThat(next(staging), containsString("is no longer on the branch"));
    }

    @Test
    public void sourcesAreToldWhoWaitsAndWhoNoLonger() throws Exception {
        both();
        Waits.get().unregister("p#1/3@0#0");
        Waits.get().unregister("p#1/3@0#0");
        Setup.live(url, STAGING, REPOSITORIES.tip(repo()));
        assertThat(next(staging), containsString("live at"));
        assertThat(
                Told.all(),
                contains("awaited p#1/3@0#0", "awaited p#1/3@0#1", "released p#1/3@0#0", "released p#1/3@0#1"));
    }

    @Test
    public void theSameIdTakesThePlaceOfTheFormer() throws Exception {
        String tip = REPOSITORIES.tip(repo());
        register("p#1/3@0#0", DEV, tip, dev);
        next(dev);
        register("p#1/3@0#0", DEV, tip, staging);
        next(staging);
        Setup.live(url, DEV, tip);
        assertThat(next(staging), containsString("live at"));
        Setup.settle();
        assertThat(dev, is(empty()));
    }

    @Test
    public void thoseOfOneRunAreForgottenAndNoOthers() throws Exception {
        List<String> ids = List.of("p#1/3@0#0", "p#1/4@0#0", "p#11/3@0#0", "p#2/3@0#0");
        for (String id : ids) {
            register(id, DEV, REPOSITORIES.tip(repo()), dev);
        }
        Waits.get().unregisterAll("p#1/", id -> id.startsWith("p#1/3"));
        assertThat(Waits.get().size(), is(3));
        Waits.get().unregisterAll("p#1/", id -> true);
        assertThat(Waits.get().size(), is(2));
        assertThat(
                Told.all().stream().filter(t -> t.startsWith("released")).toList(),
                containsInAnyOrder("released p#1/3@0#0", "released p#1/4@0#0"));
    }

    /** Registering, the report and the fetch in whatever order: the wait always ends. */
    @Test
    public void noWakeUpIsLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 200; round++) {
                // A new commit costs a fetch, which is done once a second: most rounds have a known one.
                String revision = round % 40 == 0 ? set(DEV, "r" + round) : REPOSITORIES.tip(repo());
                Setup.progressing(url, DEV, revision);
                race(threads, round, revision);
                Verdict verdict;
                do {
                    verdict = dev.poll(1, TimeUnit.MINUTES);
                } while (verdict instanceof Verdict.Waiting);
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
                    Setup.live(url, DEV, revision);
                    return null;
                }),
                threads.submit(() -> {
                    start.await();
                    Freshness.get().fetchSoon(configuration);
                    return null;
                }));
        for (Future<?> one : all) {
            one.get(1, TimeUnit.MINUTES);
        }
    }

    @TestExtension
    public static final class Told implements StatusSource {
        private final List<String> told = new CopyOnWriteArrayList<>();

        private static Told get() {
            return J.jenkins.getExtensionList(Told.class).get(0);
        }

        static void clear() {
            get().told.clear();
        }

        static List<String> all() {
            return get().told;
        }

        @Override
        public Function<Target, List<Snapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
            return target -> List.of();
        }

        @Override
        public List<AgentState> agents(Instant now) {
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
