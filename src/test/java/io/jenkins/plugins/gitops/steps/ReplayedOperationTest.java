package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import hudson.model.Result;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import java.util.Map;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** A change that is requested again, in whatever way, is one commit. */
public class ReplayedOperationTest {
    private static final String STEP = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private WorkflowRun second(WorkflowJob job) throws Exception {
        WorkflowRun run = J.waitForCompletion(job.getBuildByNumber(2));
        J.assertLogContains("(commit " + J.repository().tip().substring(0, 8) + "); no commit was made", run);
        assertThat(J.repository().commits().size(), is(2));
        return run;
    }

    @Test
    public void replayedBuildWritesAgain() throws Exception {
        WorkflowJob job = J.job(STEP);
        WorkflowRun first = J.build(Result.SUCCESS, job);
        ReplayAction replay = first.getAction(ReplayAction.class);
        J.assertBuildStatusSuccess(replay.run(replay.getOriginalScript(), Map.of()));
        second(job);
    }

    @Test
    public void restartFromAStage() throws Exception {
        WorkflowJob job = J.job("pipeline { agent none; stages {\n"
                + "stage('Before') { steps { echo 'before' } }\n"
                + "stage('Change') { steps { " + STEP + " } }\n"
                + "stage('After') { steps { error 'not yet' } } } }");
        WorkflowRun first = J.waitForCompletion(Pipelines.start(job, "alice"));
        J.assertBuildStatus(Result.FAILURE, first);
        RestartDeclarativePipelineAction restart = first.getAction(RestartDeclarativePipelineAction.class);
        assertThat(restart.run("Change"), notNullValue());
        J.waitUntilNoActivity();
        J.assertBuildStatus(Result.FAILURE, second(job));
        J.assertLogNotContains("before", job.getBuildByNumber(2));
    }

    @Test
    public void retry() throws Exception {
        WorkflowJob job = J.job("int tries = 0\nretry(3) {\n  def r = " + STEP + "\n  echo \"changed: ${r.changed}\"\n"
                + "  if (++tries < 3) { error 'once more' }\n}");
        WorkflowRun run = J.build(Result.SUCCESS, job);
        J.assertLogContains("changed: true", run);
        J.assertLogContains("changed: false", run);
        assertThat(run.getAction(GitopsChangesAction.class).getChanges().size(), is(3));
        assertThat(J.repository().commits().size(), is(2));
    }
}
