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
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/** A controller whose process is killed, in moments that were chosen; Git and the agent live elsewhere and go on. */
public class KilledControllerTest {
    private static final String REPO = "config.git";
    private static final String DEV = "payments-api/dev";
    private static final String UNHEARD = "payments-api/dev: no agent has reported";
    private static final String SEEN_LIVE = "seen-live";

    @Rule
    public final RealJenkinsRule controller = new RealJenkinsRule()
            .javaOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m")
            // Six starts: what no step here needs stays out.
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
    public final ServedConfigRepositories repositories = new ServedConfigRepositories();

    private String url;

    @Before
    public void repository() throws IOException {
        url = repositories.create(REPO);
    }

    @Test
    public void oneCommitAndOneWaitAcrossThreeKills() throws Throwable {
        controller.startJenkins();
        CountDownLatch pushed = killByPush();
        controller.runRemotely(KilledControllerTest::deliver, url);
        pushed.await();
        repositories.server().setHook(GitServerHook.NONE);
        String commit = repositories.tip(REPO);

        controller.startJenkins();
        untilLogged(UNHEARD);
        String waiting = controller.runRemotely(KilledControllerTest::deadline);
        controller.stopJenkinsForcibly();

        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::holdWhoRecordsLive);
        assertThat(controller.runRemotely(KilledControllerTest::deadline), is(waiting));
        report(SignedReports.live(url, JenkinsTestKit.path(DEV), commit));
        until(
                controller.getHome().toPath().resolve("gitops/agents/" + JenkinsTestKit.AGENT + ".json"),
                file -> read(file).contains(commit));
        until(controller.getHome().toPath().resolve(SEEN_LIVE), Files::exists);
        controller.stopJenkinsForcibly();

        // Nobody reports any more: what the agent said was stored.
        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::succeeded, commit);
        assertThat(repositories.commits(REPO), hasSize(2));
        assertThat(repositories.tip(REPO), is(commit));
    }

    @Test
    public void oneRollbackAcrossAKill() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::deliverOrRollBack, url);
        untilLogged(UNHEARD);
        CountDownLatch pushed = killByPush();
        report(JenkinsTestKit.unreadyStatus(url, DEV, repositories.tip(REPO), "Degraded", "no such tag v2"));
        pushed.await();
        repositories.server().setHook(GitServerHook.NONE);
        String rollback = repositories.tip(REPO);

        controller.startJenkins();
        controller.runRemotely(KilledControllerTest::rolledBack, rollback);
        assertThat(repositories.commits(REPO), hasSize(3));
        assertThat(repositories.tip(REPO), is(rollback));
        assertThat(repositories.read(REPO, JenkinsTestKit.imageFile(DEV)), containsString("\"sha-a1b2c3d\""));
    }

    /** From now on a push is the last that the controller does: the commit is there, and it is never told. */
    private CountDownLatch killByPush() {
        CountDownLatch pushed = new CountDownLatch(1);
        repositories.server().setHook(new GitServerHook() {
            @Override
            public void onPush(String repository, List<ReceiveCommand> commands) {
                try {
                    // Pipeline has stored that the step began; before that it would begin again as another one.
                    until(build("program.dat"), Files::exists);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
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
        // What the harness offers instead cannot be loaded by the next process.
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false);
        j.jenkins.setSecurityRealm(realm);
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        realm.createAccount("alice", "alice");
        JenkinsTestKit.repository(url);
        JenkinsTestKit.start(
                JenkinsTestKit.job(j, "p", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n" + afterwards),
                "alice");
    }

    /** When the wait gives up, as the step tells it. */
    private static String deadline(JenkinsRule j) throws Exception {
        String status = run(j).getExecution().getCurrentExecutions(true).get().stream()
                .map(e -> String.valueOf(e.getStatus()))
                .findFirst()
                .orElseThrow();
        return status.substring(status.indexOf("(timeout 20m"));
    }

    /** From the moment on in which the run knows that its change is live, nothing more becomes of the step. */
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

    /** The agent's next report. */
    private void report(Report.ApplicationStatus status) throws Exception {
        Report report = JenkinsTestKit.report(3600, status);
        byte[] body = ReportVerifier.format(report);
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(controller.getUrl() + "gitops-agent/report"))
                                .header(ReportSignature.AGENT_HEADER, JenkinsTestKit.AGENT)
                                .header(ReportSignature.TIMESTAMP_HEADER, timestamp)
                                .header(
                                        ReportSignature.SIGNATURE_HEADER,
                                        ReportSignature.sign(JenkinsTestKit.SECRET, timestamp, body))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body(), answer.statusCode(), is(200));
    }

    /** A file of the one build. */
    private Path build(String file) {
        return Path.of(controller.getHome().getPath(), "jobs", "p", "builds", "1", file);
    }

    private void untilLogged(String line) throws InterruptedException {
        until(build("log"), file -> read(file).contains(line));
    }

    /** Ends with the time-out of the rule at the latest. */
    private static void until(Path file, Predicate<Path> condition) throws InterruptedException {
        while (!condition.test(file)) {
            // Another process writes it, and needs the processor more than this one.
            Thread.sleep(20);
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
