package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;

/** A change that is in Git, of which the build could keep no record. */
public class UnrecordedChangeTest {
    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    @Rule
    public final TestName name = new TestName();

    private String url;

    @Before
    public void repository() throws Exception {
        JenkinsTestKit.users(J);
        url = REPOSITORIES.create(repo());
        JenkinsTestKit.repository(url);
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    private interface BuildAction {
        void run() throws Exception;
    }

    /** No file takes the place of a folder that holds something, so the run cannot be saved meanwhile. */
    private static void unsaved(WorkflowRun run, BuildAction buildAction) throws Exception {
        Path record = run.getRootDir().toPath().resolve("build.xml");
        Files.deleteIfExists(record);
        Files.createDirectories(record.resolve("occupied"));
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
        WorkflowRun run = JenkinsTestKit.start(
                JenkinsTestKit.job(
                        J, "set", "input 'go on'\ngitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')"),
                "alice");
        J.waitForMessage("go on", run);
        unsaved(run, () -> JenkinsTestKit.proceed(run));
        assertThat(REPOSITORIES.commits(repo()).size(), is(2));
        J.assertLogContains(
                "ERROR: Commit " + REPOSITORIES.tip(repo())
                        + " was written to Git for payments-api/dev, but this build could not record it: ",
                run);
        J.assertLogNotContains("\tat ", run);
    }

    @Test
    public void reportsThatTheRollbackExists() throws Exception {
        WorkflowRun run = JenkinsTestKit.start(
                JenkinsTestKit.job(
                        J,
                        "wait",
                        "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                                + "gitopsAwaitSync(timeout: '1h', onFailure: 'rollback')"),
                "alice");
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        String tip = REPOSITORIES.tip(repo());
        unsaved(run, () -> JenkinsTestKit.degraded(url, "payments-api/dev", tip, "0 of 2 ready"));
        assertThat(REPOSITORIES.commits(repo()).size(), is(3));
        J.assertLogContains(
                "in commit " + REPOSITORIES.tip(repo()).substring(0, 8) + ", but this build could not record it: ",
                run);
        J.assertLogNotContains("not rolled back", run);
    }
}
