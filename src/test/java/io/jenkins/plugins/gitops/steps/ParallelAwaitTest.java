package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsSessionRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A wait without a target inside a branch of parallel waits for the changes of that branch. */
public class ParallelAwaitTest {
    private static final String PAYMENTS = "payments-api/dev";
    private static final String FRONTEND = "frontend/dev";
    private static final String SET_PAYMENTS = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n";
    private static final String SET_FRONTEND = "gitopsSetImage(app: 'frontend', env: 'dev', tag: 'v2')\n";
    private static final String BOTH_CHANGED = "changed++\nwaitUntil(initialRecurrencePeriod: 50) { changed == 2 }\n";

    @Rule
    public final GitopsSessionRule sessions = new GitopsSessionRule();

    private void live(String target) throws Exception {
        String path = ServedConfigRepository.path(PAYMENTS);
        TestAgent.report(SignedReports.live(
                sessions.repository().url(),
                target.equals(PAYMENTS) ? path : "apps/" + target.replace("/", "/overlays/"),
                sessions.repository().tip()));
    }

    /** Makes payments live first; its branch continues while the other one still waits. */
    private void paymentsDoNotWaitForTheFrontend(JenkinsRule j, WorkflowRun run) throws Exception {
        Polling.until(() -> WaitRegistry.get().size() == 2);
        live(PAYMENTS);
        j.waitForMessage("payments done", run);
        assertThat(run.isBuilding(), is(true));
        j.assertLogNotContains("frontend done", run);
        live(FRONTEND);
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        j.assertLogContains("frontend done", run);
    }

    @Test
    public void eachBranchAwaitsItsOwnChangesAndTheRunAll() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "int changed = 0\nparallel(\n"
                            + "a: {\n" + SET_PAYMENTS + BOTH_CHANGED + "gitopsAwaitSync()\necho 'payments done'\n},\n"
                            + "b: {\n" + SET_FRONTEND + BOTH_CHANGED + "gitopsAwaitSync()\necho 'frontend done'\n})\n"
                            + "gitopsAwaitSync()\n");
            paymentsDoNotWaitForTheFrontend(j, run);
            j.assertLogContains("All changes made by this build are already live", run);
        });
    }

    @Test
    public void innerBranchAwaitsItsOwnChangesAndTheOuterOneBoth() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "int changed = 0\nparallel(out: {\nparallel(\n"
                            + "a: {\n" + SET_PAYMENTS + BOTH_CHANGED + "gitopsAwaitSync()\necho 'payments done'\n},\n"
                            + "b: {\n" + SET_FRONTEND + BOTH_CHANGED + "gitopsAwaitSync()\n"
                            + "echo 'frontend done'\n"
                            + "})\n"
                            + "def all = gitopsAwaitSync(app: 'payments-api',"
                            + " env: 'dev')\n"
                            + "}, beside: { echo 'beside' })\n");
            Polling.until(() -> WaitRegistry.get().size() == 2);
            live(PAYMENTS);
            j.waitForMessage("payments done", run);
            live(FRONTEND);
            j.waitForMessage("frontend done", run);
            live(PAYMENTS);
            j.assertBuildStatusSuccess(j.waitForCompletion(run));
        });
    }

    @Test
    public void branchWithoutChangesAwaitsEarlierOnesButNotSiblings() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "int changed = 1\n" + SET_PAYMENTS + "parallel(\n"
                            + "a: {\nwaitUntil(initialRecurrencePeriod: 50) { changed == 2 }\ngitopsAwaitSync()\n"
                            + "echo 'payments done'\n},\n"
                            + "b: {\n" + SET_FRONTEND + BOTH_CHANGED + "gitopsAwaitSync()\necho 'frontend done'\n})\n");
            paymentsDoNotWaitForTheFrontend(j, run);
        });
    }

    @Test
    public void siblingBranchIsNotAwaited() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "int changed = 1\nparallel(\n"
                            + "a: {\nwaitUntil(initialRecurrencePeriod: 50) { changed == 2 }\ngitopsAwaitSync()\n},\n"
                            + "b: {\n" + SET_PAYMENTS + "changed++\n})\n");
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run));
            j.assertLogContains(
                    "This build has changed nothing in this branch of parallel or before it. Give app and env.", run);
        });
    }

    @Test
    public void declarativeParallelStagesAwaitTheirOwnChanges() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "pipeline { agent none\nstages { stage('all') { parallel {\n"
                            + "stage('a') { steps {\n" + SET_PAYMENTS + "gitopsAwaitSync()\necho 'payments done'\n} }\n"
                            + "stage('b') { steps {\n" + SET_FRONTEND + "gitopsAwaitSync()\necho 'frontend done'\n} }\n"
                            + "} } } }");
            paymentsDoNotWaitForTheFrontend(j, run);
        });
    }

    @Test
    public void declarativeMatrixAwaitsItsOwnChanges() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "pipeline { agent none\nstages { stage('all') { matrix {\n"
                            + "axes { axis { name 'APP'; values 'payments-api', 'frontend' } }\n"
                            + "stages { stage('deliver') { steps {\n"
                            + "gitopsSetImage(app: APP, env: 'dev', tag: 'v2')\ngitopsAwaitSync()\n"
                            + "echo \"${APP.replace('-api', '')} done\"\n} } }\n} } } }");
            paymentsDoNotWaitForTheFrontend(j, run);
        });
    }

    @Test
    public void restartInBetweenChangesNothing() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = sessions.start(
                    j,
                    "int changed = 0\nparallel(\n"
                            + "a: {\n" + SET_PAYMENTS + "changed++\ninput 'go on'\ngitopsAwaitSync()\n"
                            + "echo 'payments done'\n},\n"
                            + "b: {\n" + SET_FRONTEND + BOTH_CHANGED + "gitopsAwaitSync()\necho 'frontend done'\n})\n");
            j.waitForMessage("go on", run);
            Polling.until(() -> WaitRegistry.get().size() == 1);
        });
        sessions.then(j -> {
            WorkflowRun run = sessions.run(j);
            Polling.until(() -> WaitRegistry.get().size() == 1);
            Pipelines.proceed(run);
            paymentsDoNotWaitForTheFrontend(j, run);
        });
    }
}
