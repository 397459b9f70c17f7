package io.jenkins.plugins.gitops.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import hudson.ExtensionList;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.repository.TargetStates;
import io.jenkins.plugins.gitops.repository.TargetStates.TargetState;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.steps.JenkinsTestKit;
import io.jenkins.plugins.gitops.steps.ServedConfigRepositories;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;

/** What is found out without any event, and who is told. */
public class PeriodicReconcilerTest {
    private static final String DEV = "payments-api/dev";
    private static final Target TARGET = new Target("payments-api", "dev", JenkinsTestKit.path(DEV), null);

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    @Rule
    public final TestName name = new TestName();

    @Rule
    public final LoggerRule log = new LoggerRule();

    private final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    private RepositoryConfiguration configuration;
    private String url;

    @Before
    public void repository() throws Exception {
        url = REPOSITORIES.create(repo());
        JenkinsTestKit.repository(url);
        configuration = GitopsConfiguration.get().getRepositories().get(0);
    }

    @After
    public void nobodyWaits() {
        WaitRegistry.get().unregister("w");
        assertThat(WaitRegistry.get().size(), is(0));
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    private static void reconcile() throws Exception {
        ExtensionList.lookupSingleton(PeriodicReconciler.class).execute(TaskListener.NULL);
    }

    private TargetStates.RepositoryState state() {
        return TargetStates.get().of(configuration).orElseThrow();
    }

    private TargetState target(String id) {
        return state().targets().stream()
                .filter(t -> t.target().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void register(String revision) {
        WaitRegistry.get().register("w", "config", new Expectation(TARGET, revision, List.of(), true), verdicts::add);
    }

    private Verdict next() throws InterruptedException {
        Verdict verdict = verdicts.poll(1, TimeUnit.MINUTES);
        assertThat(verdict, is(notNullValue()));
        return verdict;
    }

    @Test
    public void desiredTargetsFollowTheBranch() throws Exception {
        reconcile();
        assertThat(state().problem(), is(nullValue()));
        assertThat(state().revision(), is(REPOSITORIES.tip(repo())));
        assertThat(
                state().environments().stream().map(Environment::name).toList(),
                contains("dev", "staging", "production"));
        assertThat(state().targets(), hasSize(9));
        TargetState before = target("frontend/dev");
        assertThat(target(DEV).images().toString(), containsString("ghcr.io/myorg/payments-api:sha-a1b2c3d"));

        String file = JenkinsTestKit.imageFile(DEV);
        String changed = REPOSITORIES.write(
                repo(), file, REPOSITORIES.read(repo(), file).replace("sha-a1b2c3d", "v2"), "Carol sets v2");
        reconcile();
        assertThat(target(DEV).images().toString(), containsString(":v2"));
        assertThat(target(DEV).lastChange().revision(), is(changed));
        assertThat(target(DEV).lastChange().authorName(), is("Carol"));
        assertThat(target("frontend/dev").lastChange(), is(before.lastChange()));
    }

    @Test
    public void malformedTargetDoesNotHideOthers() throws Exception {
        REPOSITORIES.write(repo(), JenkinsTestKit.imageFile(DEV), "images: [\n", "break it");
        reconcile();
        assertThat(target(DEV).problem(), containsString(JenkinsTestKit.imageFile(DEV)));
        assertThat(target(DEV).images(), is(empty()));
        assertThat(target("payments-api/staging").problem(), is(nullValue()));
    }

    @Test
    public void unreadableRepositoryKeepsItsLastStateAndBlocksNoOther() throws Exception {
        reconcile();
        String good = state().revision();
        REPOSITORIES.write(repo(), "gitops.yaml", "kind: Nonsense\n", "break the policy");
        RepositoryConfiguration gone =
                JenkinsTestKit.configuration("gone", REPOSITORIES.url("gone.git"), JenkinsTestKit.CREDENTIALS);
        GitopsConfiguration.get().setRepositories(List.of(gone, configuration));
        reconcile();
        assertThat(state().revision(), is(good));
        assertThat(state().problem(), containsString("gitops.yaml"));
        TargetStates.RepositoryState none = TargetStates.get().of(gone).orElseThrow();
        assertThat(none.revision(), is(nullValue()));
        assertThat(none.problem(), containsString(REPOSITORIES.url("gone.git")));
        assertThat(none.problem(), not(containsString(ServedConfigRepositories.PASSWORD)));
    }

    @Test
    public void silentAgentIsDetectedWithoutAnEvent() throws Exception {
        String tip = REPOSITORIES.tip(repo());
        reconcile();
        // Fifteen seconds of silence make it stale: one is left.
        Instant then = Instant.now().minus(Duration.ofSeconds(14));
        SignedReports.accept(
                JenkinsTestKit.AGENT,
                JenkinsTestKit.report(1, SignedReports.status(url, TARGET.path(), tip, "Synced", "Progressing", null)),
                then);
        register(tip);
        assertThat(next().summary(), containsString("Progressing"));
        assertThat(next().summary(), containsString("agent everywhere has not reported since " + then));
    }

    @Test
    public void unfetchedRevisionIsFetched() throws Exception {
        String later = REPOSITORIES.write(repo(), "notes.txt", "unrelated\n", "Carol takes notes");
        register(later);
        assertThat(next().summary(), containsString("being fetched"));
        JenkinsTestKit.live(url, DEV, later);
        Verdict verdict = next();
        while (verdict instanceof Verdict.Waiting) {
            verdict = next();
        }
        assertThat(((Verdict.Live) verdict).syncedRevision(), is(later));
    }

    @Test
    public void aReportOfAnUnknownRevisionRefreshesTheDesiredTargets() throws Exception {
        reconcile();
        String file = JenkinsTestKit.imageFile(DEV);
        String later = REPOSITORIES.write(
                repo(), file, REPOSITORIES.read(repo(), file).replace("sha-a1b2c3d", "v2"), "Carol sets v2");
        JenkinsTestKit.live(url, DEV, later);
        while (!later.equals(state().revision())) {
            Thread.onSpinWait();
        }
        assertThat(target(DEV).images().toString(), containsString(":v2"));
    }

    @Test
    public void onlyWaitsOfTheRepositoryAreEvaluated() throws Exception {
        reconcile();
        register(REPOSITORIES.tip(repo()));
        assertThat(next().summary(), containsString("no agent has reported"));
        WaitRegistry.get().recheck("another");
        JenkinsTestKit.awaitIdle();
        assertThat(verdicts, is(empty()));
        WaitRegistry.get().recheck("config");
        assertThat(next().summary(), containsString("no agent has reported"));
    }

    @Test
    public void failingListenerDoesNotAffectOthers() throws Exception {
        reconcile();
        String tip = REPOSITORIES.tip(repo());
        WaitRegistry.get().register("bad", "config", new Expectation(TARGET, tip, List.of(), true), verdict -> {
            throw new IllegalStateException("on purpose");
        });
        register(tip);
        next();
        JenkinsTestKit.live(url, DEV, tip);
        assertThat(((Verdict.Live) next()).syncedRevision(), is(tip));
        JenkinsTestKit.awaitIdle();
    }

    @Test
    public void persistentDriftIsReportedOnceAndShownWhileItLasts() throws Exception {
        reconcile();
        Instant now = Instant.now();
        log.record(DriftMonitor.class, Level.WARNING).capture(10);
        JenkinsTestKit.report(
                SignedReports.status(url, TARGET.path(), state().revision(), "OutOfSync", "Healthy", null));
        look(now);
        look(now.plusSeconds(119));
        assertThat(DriftMonitor.get().of(configuration, TARGET), is(nullValue()));
        look(now.plusSeconds(120));
        look(now.plusSeconds(180));
        assertThat(
                log.getMessages(),
                contains("config: payments-api/dev: the live state has drifted from Git, and no sync is running"));
        assertThat(DriftMonitor.get().of(configuration, TARGET).kind(), is(DriftMonitor.DriftKind.DRIFTED));
        assertThat(DriftMonitor.get().of(configuration, TARGET).since(), is(now));
        JenkinsTestKit.live(url, DEV, state().revision());
        look(now.plusSeconds(240));
        assertThat(DriftMonitor.get().of(configuration, TARGET), is(nullValue()));
    }

    @Test
    public void agentThatStaysBehindIsReportedOnce() throws Exception {
        String before = REPOSITORIES.tip(repo());
        String file = JenkinsTestKit.imageFile(DEV);
        REPOSITORIES.write(repo(), file, REPOSITORIES.read(repo(), file).replace("sha-a1b2c3d", "v2"), "Carol sets v2");
        reconcile();
        Instant now = Instant.now();
        log.record(DriftMonitor.class, Level.WARNING).capture(10);
        JenkinsTestKit.live(url, DEV, before);
        look(now);
        look(now.plusSeconds(599));
        assertThat(log.getMessages(), is(empty()));
        look(now.plusSeconds(600));
        look(now.plusSeconds(660));
        assertThat(
                log.getMessages(), contains("config: payments-api/dev: the agent has not picked up the latest commit"));
        // Another commit that does not concern the target leaves it as it is; a commit seen ends it.
        JenkinsTestKit.live(url, DEV, REPOSITORIES.tip(repo()));
        look(now.plusSeconds(720));
        assertThat(DriftMonitor.get().of(configuration, TARGET), is(nullValue()));
    }

    private void look(Instant now) {
        DriftMonitor.get().scan(configuration, state(), now);
    }
}
