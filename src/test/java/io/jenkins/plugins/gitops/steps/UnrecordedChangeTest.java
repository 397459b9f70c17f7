package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import java.io.File;
import java.nio.file.Files;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A change that is in Git, of which the build could keep no record. */
public class UnrecordedChangeTest {
    private static final String REPO = "unrecorded.git";

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ConfigRepositories REPOSITORIES = new ConfigRepositories();

    @Test
    public void saysThatTheCommitIsThere() throws Exception {
        Setup.people(J);
        Setup.repository(REPOSITORIES.create(REPO));
        WorkflowRun run = Setup.start(
                Setup.job(J, "p", "input 'go on'\ngitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')"),
                "alice");
        J.waitForMessage("go on", run);
        // No file takes the place of a folder that holds something, so the run cannot be saved.
        File record = new File(run.getRootDir(), "build.xml");
        Files.deleteIfExists(record.toPath());
        Files.createDirectories(record.toPath().resolve("occupied"));
        try {
            Setup.proceed(run);
            J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        } finally {
            Files.delete(record.toPath().resolve("occupied"));
            Files.delete(record.toPath());
        }
        assertThat(REPOSITORIES.commits(REPO).size(), is(2));
        J.assertLogContains(
                "ERROR: Commit " + REPOSITORIES.tip(REPO)
                        + " was written to Git for payments-api/dev, but this build could not record it: ",
                run);
        J.assertLogNotContains("\tat ", run);
    }
}
