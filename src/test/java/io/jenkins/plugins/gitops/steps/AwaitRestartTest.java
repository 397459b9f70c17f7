package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsSessionRule;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What happens to reports across a restart of Jenkins. */
public class AwaitRestartTest {
    private static final String DEV = "payments-api/dev";

    @Rule
    public final GitopsSessionRule sessions = new GitopsSessionRule();

    private WorkflowRun start(JenkinsRule j) throws Exception {
        WorkflowRun run = sessions.start(
                j, "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\ngitopsAwaitSync(timeout: '1h')");
        j.waitForMessage("payments-api/dev: no agent has reported", run);
        return run;
    }

    @Test
    public void unprocessedReportEndsTheWaitAfterARestart() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = start(j);
            ThreadPoolTasks.occupyPool();
            sessions.agent().live(DEV, sessions.repository().tip());
            assertThat(run.isBuilding(), is(true));
        });
        sessions.then(j -> {
            j.assertBuildStatusSuccess(j.waitForCompletion(sessions.run(j)));
            assertThat(WaitRegistry.get().size(), is(0));
        });
    }

    @Test
    public void waitStartedBeforeARestartCompletes() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = start(j);
            sessions.agent().progressing(DEV, sessions.repository().tip());
            j.waitForMessage("Progressing", run);
        });
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            Polling.until(() -> WaitRegistry.get().size() == 1);
            sessions.agent().live(DEV, sessions.repository().tip());
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
        });
    }

    /** The agent was restarted as well, so its sequence starts at 1 again. */
    @Test
    public void truncatedStateFileOnlyDelaysTheWait() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = start(j);
            sessions.agent().progressing(DEV, sessions.repository().tip());
            j.waitForMessage("Progressing", run);
        });
        Path file = sessions.getHome().toPath().resolve("gitops/agents/" + TestAgent.NAME + ".json");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            Polling.until(() -> WaitRegistry.get().size() == 1);
            ThreadPoolTasks.awaitIdle();
            assertThat(run.isBuilding(), is(true));
            assertThat(Files.exists(file), is(false));
            SignedReports.accept(
                    TestAgent.NAME,
                    new Report(
                            "another process",
                            "2026-01-02T00:00:00Z",
                            1,
                            3600,
                            List.of(SignedReports.live(
                                    sessions.repository().url(),
                                    ServedConfigRepository.path(DEV),
                                    sessions.repository().tip()))));
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
            assertThat(Files.size(file.resolveSibling(file.getFileName() + ".broken")), is(whole.length / 2L));
        });
    }

    @Test
    public void aJobThatIsDeletedAfterTheStartLeavesNoWait() throws Throwable {
        sessions.then(j -> {
            start(j);
        });
        sessions.then(j -> {
            Polling.until(() -> WaitRegistry.get().size() == 1);
            sessions.run(j).getParent().delete();
            assertThat(WaitRegistry.get().size(), is(0));
        });
    }
}
