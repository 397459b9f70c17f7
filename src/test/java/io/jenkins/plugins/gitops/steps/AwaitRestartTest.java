package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** What agents said, and what became of it, while Jenkins went and came. */
public class AwaitRestartTest {
    private static final String REPO = "config.git";
    private static final String DEV = "payments-api/dev";

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final ServedConfigRepositories repositories = new ServedConfigRepositories();

    private String url;

    private static WorkflowRun run(JenkinsRule j) {
        return j.jenkins.getItemByFullName("p", WorkflowJob.class).getBuildByNumber(1);
    }

    private WorkflowRun start(JenkinsRule j) throws Exception {
        JenkinsTestKit.users(j);
        JenkinsTestKit.repository(url);
        WorkflowRun run = JenkinsTestKit.start(
                JenkinsTestKit.job(
                        j,
                        "p",
                        "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\ngitopsAwaitSync(timeout: '1h')"),
                "alice");
        j.waitForMessage("payments-api/dev: no agent has reported", run);
        return run;
    }

    @Test
    public void unprocessedReportEndsTheWaitAfterARestart() throws Throwable {
        url = repositories.create(REPO);
        sessions.then(j -> {
            WorkflowRun run = start(j);
            RestartTest.holdThePool();
            JenkinsTestKit.live(url, DEV, repositories.tip(REPO));
            assertThat(run.isBuilding(), is(true));
        });
        sessions.then(j -> {
            j.assertBuildStatusSuccess(j.waitForCompletion(run(j)));
            assertThat(WaitRegistry.get().size(), is(0));
        });
    }

    @Test
    public void waitStartedBeforeARestartCompletes() throws Throwable {
        url = repositories.create(REPO);
        sessions.then(j -> {
            WorkflowRun run = start(j);
            JenkinsTestKit.progressing(url, DEV, repositories.tip(REPO));
            j.waitForMessage("Progressing", run);
        });
        sessions.then(j -> {
            WorkflowRun run = run(j);
            RestartTest.until(() -> WaitRegistry.get().size() == 1);
            JenkinsTestKit.live(url, DEV, repositories.tip(REPO));
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
        });
    }

    /** The agent was restarted meanwhile, too: it counts from 1 again. */
    @Test
    public void truncatedStateFileOnlyDelaysTheWait() throws Throwable {
        url = repositories.create(REPO);
        sessions.then(j -> {
            WorkflowRun run = start(j);
            JenkinsTestKit.progressing(url, DEV, repositories.tip(REPO));
            j.waitForMessage("Progressing", run);
        });
        Path file = sessions.getHome().toPath().resolve("gitops/agents/" + JenkinsTestKit.AGENT + ".json");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        sessions.then(j -> {
            WorkflowRun run = run(j);
            RestartTest.until(() -> WaitRegistry.get().size() == 1);
            JenkinsTestKit.awaitIdle();
            assertThat(run.isBuilding(), is(true));
            assertThat(Files.exists(file), is(false));
            SignedReports.accept(
                    JenkinsTestKit.AGENT,
                    new Report(
                            "another process",
                            "2026-01-02T00:00:00Z",
                            1,
                            3600,
                            List.of(SignedReports.live(url, JenkinsTestKit.path(DEV), repositories.tip(REPO)))));
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            assertThat(Files.size(file.resolveSibling(file.getFileName() + ".broken")), is(whole.length / 2L));
        });
    }

    @Test
    public void aJobThatIsDeletedAfterTheStartLeavesNoWait() throws Throwable {
        url = repositories.create(REPO);
        sessions.then(j -> {
            start(j);
        });
        sessions.then(j -> {
            RestartTest.until(() -> WaitRegistry.get().size() == 1);
            run(j).getParent().delete();
            assertThat(WaitRegistry.get().size(), is(0));
        });
    }
}
