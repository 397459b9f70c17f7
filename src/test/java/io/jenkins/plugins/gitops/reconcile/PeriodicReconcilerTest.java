package io.jenkins.plugins.gitops.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
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
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import io.jenkins.plugins.gitops.testkit.Verdicts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.LoggerRule;

/** What is detected without any event, and who is notified. */
public class PeriodicReconcilerTest {
    private static final String DEV = "payments-api/dev";
    private static final Target TARGET = new Target("payments-api", "dev", ServedConfigRepository.path(DEV), null);

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final LoggerRule log = new LoggerRule();

    private final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    private RepositoryConfiguration configuration;

    @Before
    public void repository() throws Exception {
        configuration = GitopsConfiguration.get().getRepositories().get(0);
    }

    @After
    public void nobodyWaits() {
        WaitRegistry.get().unregister("w");
        assertThat(WaitRegistry.get().size(), is(0));
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

    @Test
    public void desiredTargetsFollowTheBranch() throws Exception {
        reconcile();
        assertThat(state().problem(), is(nullValue()));
        assertThat(state().revision(), is(J.repository().tip()));
        assertThat(
                state().environments().stream().map(Environment::name).toList(),
                contains("dev", "staging", "production"));
        assertThat(state().targets(), hasSize(9));
        TargetState before = target("frontend/dev");
        assertThat(target(DEV).images().toString(), containsString("ghcr.io/myorg/payments-api:sha-a1b2c3d"));

        String file = ServedConfigRepository.imageFile(DEV);
        String changed = J.repository().replace(file, "sha-a1b2c3d", "v2", "Carol sets v2");
        reconcile();
        assertThat(target(DEV).images().toString(), containsString(":v2"));
        assertThat(target(DEV).lastChange().revision(), is(changed));
        assertThat(target(DEV).lastChange().authorName(), is("Carol"));
        assertThat(target("frontend/dev").lastChange(), is(before.lastChange()));
    }

    @Test
    public void malformedTargetDoesNotHideOthers() throws Exception {
        J.repository().write(ServedConfigRepository.imageFile(DEV), "images: [\n", "break it");
        reconcile();
        assertThat(target(DEV).problem(), containsString(ServedConfigRepository.imageFile(DEV)));
        assertThat(target(DEV).images(), is(empty()));
        assertThat(target("payments-api/staging").problem(), is(nullValue()));
    }

    @Test
    public void unreadableRepositoryKeepsItsLastStateAndBlocksNoOther() throws Exception {
        reconcile();
        String good = state().revision();
        J.repository().write("gitops.yaml", "kind: Nonsense\n", "break the policy");
        RepositoryConfiguration gone = GitopsTestConfiguration.repository(
                "gone", J.server().repository("gone").url());
        GitopsConfiguration.get().setRepositories(List.of(gone, configuration));
        reconcile();
        assertThat(state().revision(), is(good));
        assertThat(state().problem(), containsString("gitops.yaml"));
        TargetStates.RepositoryState none = TargetStates.get().of(gone).orElseThrow();
        assertThat(none.revision(), is(nullValue()));
        assertThat(none.problem(), containsString(J.server().repository("gone").url()));
        assertThat(none.problem(), not(containsString(GitServerRule.PASSWORD)));
    }

    @Test
    public void silentAgentIsDetectedWithoutAnEvent() throws Exception {
        String tip = J.repository().tip();
        reconcile();
        // An agent is stale after fifteen seconds of silence; one second is left.
        Instant then = Instant.now().minus(Duration.ofSeconds(14));
        SignedReports.accept(
                TestAgent.NAME,
                TestAgent.next(
                        1,
                        SignedReports.status(J.repository().url(), TARGET.path(), tip, "Synced", "Progressing", null)),
                then);
        register(tip);
        assertThat(Verdicts.next(verdicts).summary(), containsString("Progressing"));
        Verdict silent = Verdicts.next(verdicts);
        // Another event may evaluate the wait once more before the agent is stale.
        while (silent.summary().contains("Progressing")) {
            silent = Verdicts.next(verdicts);
        }
        assertThat(silent.summary(), containsString("agent everywhere has not reported since " + then));
    }

    @Test
    public void unfetchedRevisionIsFetched() throws Exception {
        String later = J.repository().write("notes.txt", "unrelated\n", "Carol takes notes");
        register(later);
        assertThat(Verdicts.next(verdicts).summary(), containsString("being fetched"));
        J.agent().live(DEV, later);
        Verdict verdict = Verdicts.end(verdicts);
        assertThat(((Verdict.Live) verdict).syncedRevision(), is(later));
    }

    @Test
    public void aReportOfAnUnknownRevisionRefreshesTheDesiredTargets() throws Exception {
        reconcile();
        String file = ServedConfigRepository.imageFile(DEV);
        String later = J.repository().replace(file, "sha-a1b2c3d", "v2", "Carol sets v2");
        J.agent().live(DEV, later);
        Polling.until(() -> later.equals(state().revision()));
        assertThat(target(DEV).images().toString(), containsString(":v2"));
    }

    @Test
    public void onlyWaitsOfTheRepositoryAreEvaluated() throws Exception {
        reconcile();
        register(J.repository().tip());
        assertThat(Verdicts.next(verdicts).summary(), containsString("no agent has reported"));
        WaitRegistry.get().recheck("another");
        ThreadPoolTasks.awaitIdle();
        assertThat(verdicts, is(empty()));
        WaitRegistry.get().recheck("config");
        assertThat(Verdicts.next(verdicts).summary(), containsString("no agent has reported"));
    }

    @Test
    public void failingListenerDoesNotAffectOthers() throws Exception {
        reconcile();
        String tip = J.repository().tip();
        WaitRegistry.get().register("bad", "config", new Expectation(TARGET, tip, List.of(), true), verdict -> {
            throw new IllegalStateException("on purpose");
        });
        register(tip);
        Verdicts.next(verdicts);
        J.agent().live(DEV, tip);
        assertThat(((Verdict.Live) Verdicts.next(verdicts)).syncedRevision(), is(tip));
        ThreadPoolTasks.awaitIdle();
    }

    @Test
    public void persistentDriftIsReportedOnceAndShownWhileItLasts() throws Exception {
        reconcile();
        Instant now = Instant.now();
        log.record(DriftMonitor.class, Level.WARNING).capture(10);
        TestAgent.report(SignedReports.status(
                J.repository().url(), TARGET.path(), state().revision(), "OutOfSync", "Healthy", null));
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
        J.agent().live(DEV, state().revision());
        look(now.plusSeconds(240));
        assertThat(DriftMonitor.get().of(configuration, TARGET), is(nullValue()));
    }

    @Test
    public void agentThatStaysBehindIsReportedOnce() throws Exception {
        String before = J.repository().tip();
        String file = ServedConfigRepository.imageFile(DEV);
        J.repository().replace(file, "sha-a1b2c3d", "v2", "Carol sets v2");
        reconcile();
        Instant now = Instant.now();
        log.record(DriftMonitor.class, Level.WARNING).capture(10);
        J.agent().live(DEV, before);
        look(now);
        look(now.plusSeconds(599));
        assertThat(log.getMessages(), is(empty()));
        look(now.plusSeconds(600));
        look(now.plusSeconds(660));
        assertThat(
                log.getMessages(), contains("config: payments-api/dev: the agent has not picked up the latest commit"));
        // A later commit that does not affect the target changes nothing; an observed commit ends the alert.
        J.agent().live(DEV, J.repository().tip());
        look(now.plusSeconds(720));
        assertThat(DriftMonitor.get().of(configuration, TARGET), is(nullValue()));
    }

    private void look(Instant now) {
        DriftMonitor.get().scan(configuration, state(), now);
    }
}
