package io.jenkins.plugins.gitops.steps;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** A change that is in Git although the build could not record it. */
public class UnrecordedChangeTest {
    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private interface BuildAction {
        void run() throws Exception;
    }

    /** Replaces the file of the run with a folder that is not empty, so that the run cannot be saved. */
    private static void unsaved(WorkflowRun run, BuildAction buildAction) throws Exception {
        Path record = run.getRootDir().toPath().resolve("build.xml");
        // The run may be saved again in between.
        await().ignoreException(FileSystemException.class).until(() -> {
            Files.deleteIfExists(record);
            return Files.isDirectory(Files.createDirectories(record.resolve("occupied")));
        });
        try {
            buildAction.run();
            J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        } finally {
            Files.delete(record.resolve("occupied"));
            Files.delete(record);
        }
    }

    @Test
    public void reportsThatTheCommitExists() throws Exception {
        WorkflowRun run = Pipelines.start(
                J.job("set", "input 'go on'\ngitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')"), "alice");
        J.waitForMessage("go on", run);
        unsaved(run, () -> Pipelines.proceed(run));
        assertThat(J.repository().commits().size(), is(2));
        J.assertLogContains(
                "ERROR: Commit " + J.repository().tip()
                        + " was written to Git for payments-api/dev, but this build could not record it: ",
                run);
        J.assertLogNotContains("\tat ", run);
    }

    @Test
    public void reportsThatTheRollbackExists() throws Exception {
        WorkflowRun run = Pipelines.start(
                J.job(
                        "wait",
                        "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                                + "gitopsAwaitSync(timeout: '1h', onFailure: 'rollback')"),
                "alice");
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        String tip = J.repository().tip();
        unsaved(run, () -> J.agent().degraded("payments-api/dev", tip, "0 of 2 ready"));
        assertThat(J.repository().commits().size(), is(3));
        J.assertLogContains(
                "in commit " + J.repository().tip().substring(0, 8) + ", but this build could not record it: ", run);
        J.assertLogNotContains("not rolled back", run);
    }
}
