package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/** A controller whose process is killed at chosen points; Git and the agent run elsewhere and continue. */
public class KilledControllerTest {
    private static final String DEV = "payments-api/dev";
    private static final String UNHEARD = "payments-api/dev: no agent has reported";
    private static final String SEEN_LIVE = "seen-live";

    @Rule
    public final RealJenkinsRule controller = new RealJenkinsRule()
            .javaOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m")
            // Reduces the time of the six starts by omitting plugins that no step here needs.
            .omitPlugins(
                    "configuration-as-code",
                    "matrix-auth",
                    "pipeline-model-definition",
                    "pipeline-model-extensions",
                    "pipeline-model-api",
                    "pipeline-stage-tags-metadata",
                    "pipeline-stage-step",
                    "pipeline-groovy-lib",
                    "workflow-multibranch",
                    "branch-api",
                    "credentials-binding");

    @Rule
    public final GitServerRule server = new GitServerRule();

    private ServedConfigRepository repository;

    @Before
    public void repository() throws IOException {
        repository = server.create("config");
    }

    @Test
    public void oneCommitAndOneWaitAcrossThreeKills() throws Throwable {
        controller.startJenkins();
        CountDownLatch pushed = killByPush();
        controller.runRemotely(KilledControllerTest::deliver, repository.url());
        pushed.await();
        server.setHook(GitServerHook.NONE);
        String commit = repository.tip();

        controller.startJenkins();
        untilLogged(UNHEARD);
        String waiting = controller.runRemotely(KilledControllerTest::deadline);
        controller.stopJenkinsForcibly();

        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::holdWhoRecordsLive);
        assertThat(controller.runRemotely(KilledControllerTest::deadline), is(waiting));
        report(SignedReports.live(repository.url(), ServedConfigRepository.path(DEV), commit));
        Path state = controller.getHome().toPath().resolve("gitops/agents/" + TestAgent.NAME + ".json");
        Polling.until(() -> read(state).contains(commit));
        Path seenLive = controller.getHome().toPath().resolve(SEEN_LIVE);
        Polling.until(() -> Files.exists(seenLive));
        controller.stopJenkinsForcibly();

        // No agent reports any more; the stored report counts.
        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::succeeded, commit);
        assertThat(repository.commits(), hasSize(2));
        assertThat(repository.tip(), is(commit));
    }

    @Test
    public void oneRollbackAcrossAKill() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::deliverOrRollBack, repository.url());
        untilLogged(UNHEARD);
        CountDownLatch pushed = killByPush();
        report(new TestAgent(repository.url()).unreadyStatus(DEV, repository.tip(), "Degraded", "no such tag v2"));
        pushed.await();
        server.setHook(GitServerHook.NONE);
        String rollback = repository.tip();

        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::rolledBack, rollback);
        assertThat(repository.commits(), hasSize(3));
        assertThat(repository.tip(), is(rollback));
        assertThat(repository.read(ServedConfigRepository.imageFile(DEV)), containsString("\"sha-a1b2c3d\""));
    }

    /** Kills the controller after the next push: the commit exists, but the controller has no response. */
    private CountDownLatch killByPush() {
        CountDownLatch pushed = new CountDownLatch(1);
        server.setHook(new GitServerHook() {
            @Override
            public void onPush(String repository, List<ReceiveCommand> commands) {
                // Pipeline has stored that the step began; otherwise the step would start again as another operation.
                Polling.until(() -> Files.exists(build("program.dat")));
                controller.stopJenkinsForcibly();
                pushed.countDown();
            }
        });
        return pushed;
    }

    private static void deliver(JenkinsRule j, String url) throws Exception {
        start(
                j,
                url,
                "def live = gitopsAwaitSync(timeout: '20m')\n"
                        + "echo \"done: ${live.outcome} ${live.syncedRevision}\"");
    }

    private static void deliverOrRollBack(JenkinsRule j, String url) throws Exception {
        start(j, url, "gitopsAwaitSync(onFailure: 'rollback')");
    }

    private static void start(JenkinsRule j, String url, String afterwards) throws Exception {
        j.jenkins.setNumExecutors(0);
        // The next process cannot load the security realm of the harness.
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false);
        j.jenkins.setSecurityRealm(realm);
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        realm.createAccount("alice", "alice");
        GitopsTestConfiguration.apply(url);
        Pipelines.start(
                Pipelines.job(
                        j.jenkins, "p", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n" + afterwards),
                "alice");
    }

    /** Returns the deadline of the wait, as reported by the step. */
    private static String deadline(JenkinsRule j) throws Exception {
        String status = run(j).getExecution().getCurrentExecutions(true).get().stream()
                .map(e -> String.valueOf(e.getStatus()))
                .findFirst()
                .orElseThrow();
        return status.substring(status.indexOf("(timeout 20m"));
    }

    /** Blocks the step as soon as the run has stored that its change is live. */
    private static void holdWhoRecordsLive(JenkinsRule j) {
        ExtensionList.lookup(SaveableListener.class).add(new BlockedWrite());
    }

    private static final class BlockedWrite extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof Run<?, ?> run && isLive(run.getAction(GitopsChangesAction.class))) {
                try {
                    Files.createFile(Path.of(System.getenv("JENKINS_HOME"), SEEN_LIVE));
                    new CountDownLatch(1).await();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private static boolean isLive(GitopsChangesAction action) {
            return action != null
                    && action.getChanges().stream().anyMatch(c -> c.getOutcome() == ChangeRecord.Outcome.LIVE);
        }
    }

    private static void succeeded(JenkinsRule j, String commit) throws Exception {
        WorkflowRun run = run(j);
        j.assertBuildStatus(Result.SUCCESS, j.waitForCompletion(run));
        j.assertLogContains("done: live " + commit, run);
        assertThat(run.getAction(GitopsChangesAction.class).getChanges(), hasSize(1));
        assertThat(
                run.getAction(GitopsChangesAction.class).getChanges().get(0).getOutcome(),
                is(ChangeRecord.Outcome.LIVE));
    }

    private static void rolledBack(JenkinsRule j, String rollback) throws Exception {
        WorkflowRun run = run(j);
        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run));
        List<ChangeRecord> changes = run.getAction(GitopsChangesAction.class).getChanges();
        assertThat(changes, hasSize(2));
        assertThat(changes.get(0).getOutcome(), is(ChangeRecord.Outcome.FAILED));
        assertThat(changes.get(1).getKind(), is(ChangeRecord.ChangeKind.ROLLBACK));
        assertThat(changes.get(1).getRevision(), is(rollback));
        assertThat(changes.get(0).getRolledBackBy(), is(rollback));
    }

    private static WorkflowRun run(JenkinsRule j) {
        return j.jenkins.getItemByFullName("p", WorkflowJob.class).getBuildByNumber(1);
    }

    /** Sends the agent's next report. */
    private void report(Report.ApplicationStatus status) throws Exception {
        HttpResponse<byte[]> answer = TestAgent.post(controller.getUrl().toString(), TestAgent.next(3600, status));
        assertThat(answer.statusCode(), is(200));
    }

    /** Returns a file of the only build. */
    private Path build(String file) {
        return Path.of(controller.getHome().getPath(), "jobs", "p", "builds", "1", file);
    }

    private void untilLogged(String line) {
        Polling.until(() -> read(build("log")).contains(line));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
