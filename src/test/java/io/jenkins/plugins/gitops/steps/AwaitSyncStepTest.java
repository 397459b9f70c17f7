package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import hudson.model.Result;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Every kind of end of a wait. */
public class AwaitSyncStepTest {
    private static final String DEV = "payments-api/dev";
    private static final String CHANGE_AND_WAIT =
            "def set = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\ndef live = gitopsAwaitSync()\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    /** Starts the change and waits until the step waits for it. */
    private WorkflowRun waiting(String script) throws Exception {
        WorkflowRun run = J.start(script);
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        return run;
    }

    private ChangeRecord.Outcome outcome(WorkflowRun run) {
        return run.getAction(GitopsChangesAction.class).getChanges().get(0).getOutcome();
    }

    private void write(String from, String to, String message) throws Exception {
        String file = ServedConfigRepository.imageFile(DEV);
        J.repository().replace(file, from, to, message);
    }

    @Test
    public void liveChangeEndsTheWait() throws Exception {
        WorkflowRun run = waiting(CHANGE_AND_WAIT
                + "echo \"${live.outcome} ${live.revision == set.revision} ${live.syncedRevision} ${live.health}"
                + " ${live.resources}\"");
        String tip = J.repository().tip();
        J.agent().live(DEV, tip);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("live true " + tip + " Healthy []", run);
        J.assertLogContains("Waiting for payments-api/dev at " + tip.substring(0, 8) + " (timeout 10m)", run);
        assertThat(outcome(run), is(ChangeRecord.Outcome.LIVE));
    }

    @Test
    public void liveMustHoldForTheStabilityPeriod() throws Exception {
        WorkflowRun run = waiting("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "def live = gitopsAwaitSync(stableFor: '1s')\necho \"then ${live.outcome}\"");
        String tip = J.repository().tip();
        J.agent().live(DEV, tip);
        J.waitForMessage(
                "payments-api/dev: live at " + tip.substring(0, 8)
                        + ", Healthy; image not seen; this counts if it does not change until",
                run);
        // A message that was logged once is not repeated, however long ago that was.
        assertThat(run.isBuilding(), is(true));
        Instant enough = Instant.now().plusSeconds(1);
        Polling.until(() -> Instant.now().isAfter(enough));
        J.agent().live(DEV, tip);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("then live", run);
    }

    @Test
    public void anOlderRevisionIsNotEnough() throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = waiting(CHANGE_AND_WAIT);
        J.agent().live(DEV, before);
        J.waitForMessage("is at " + before.substring(0, 8) + ", before ", run);
        assertThat(run.isBuilding(), is(true));
        J.agent().live(DEV, J.repository().tip());
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    @Test
    public void newerRevisionWithTheSameValueIsFetchedAndCounts() throws Exception {
        WorkflowRun run = waiting(CHANGE_AND_WAIT + "echo \"at ${live.syncedRevision}\"");
        String later = J.repository().write("notes.txt", "unrelated\n", "Carol takes notes");
        // Jenkins has not fetched this commit yet.
        J.agent().live(DEV, later);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("at " + later, run);
    }

    @Test
    public void failedWithTheMessagesOfTheResources() throws Exception {
        WorkflowRun run =
                waiting("try {\n" + CHANGE_AND_WAIT + "} catch (e) { echo \"caught: ${e.message}\"; throw e }");
        J.agent().degraded(DEV, J.repository().tip(), "ImagePullBackOff: no such tag v2");
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("caught: payments-api/dev: ", run);
        J.assertLogContains("Deployment payments-api: ImagePullBackOff: no such tag v2", run);
        assertThat(outcome(run), is(ChangeRecord.Outcome.FAILED));
        InterruptedBuildAction action = run.getAction(InterruptedBuildAction.class);
        assertThat(action.getCauses().get(0), instanceOf(NotLiveCause.class));
        assertThat(((NotLiveCause) action.getCauses().get(0)).getOutcome(), is(ChangeRecord.Outcome.FAILED));
    }

    @Test
    public void supersededIsNotAFailureAndNamesTheReplacement() throws Exception {
        WorkflowRun run = waiting(CHANGE_AND_WAIT);
        write("v2", "v3", "Carol is faster");
        // The agent's next report has a revision that Jenkins has to fetch first.
        J.agent().live(DEV, J.repository().tip());
        J.assertBuildStatus(Result.NOT_BUILT, J.waitForCompletion(run));
        J.assertLogContains("payments-api/dev: superseded by ", run);
        J.assertLogContains("\"Carol is faster\"", run);
        assertThat(outcome(run), is(ChangeRecord.Outcome.SUPERSEDED));
    }

    @Test
    public void revertedIsAFailure() throws Exception {
        WorkflowRun run = waiting(CHANGE_AND_WAIT);
        write("v2", "sha-a1b2c3d", "Revert it");
        J.agent().live(DEV, J.repository().tip());
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("reverted by ", run);
        J.assertLogContains("\"Revert it\"", run);
        assertThat(outcome(run), is(ChangeRecord.Outcome.REVERTED));
    }

    @Test
    public void anotherBuildOfThisJenkinsSupersedesAtOnce() throws Exception {
        WorkflowRun run = waiting(CHANGE_AND_WAIT);
        J.assertBuildStatusSuccess(J.waitForCompletion(
                Pipelines.start(J.job("faster", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')"), "bob")));
        J.assertBuildStatus(Result.NOT_BUILT, J.waitForCompletion(run));
    }

    @Test
    public void timeoutNamesTheReason() throws Exception {
        WorkflowRun run = J.start(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n" + "gitopsAwaitSync(timeout: '1s')");
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains(
                "payments-api/dev: not live within 1s: no agent has reported services/payments-api/overlays/dev", run);
        assertThat(outcome(run), is(ChangeRecord.Outcome.TIMEOUT));
    }

    @Test
    public void aNumberIsATimeoutInMinutes() throws Exception {
        WorkflowRun run =
                waiting("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n" + "gitopsAwaitSync(timeout: 5)");
        J.assertLogContains("(timeout 5)", run);
        J.agent().live(DEV, J.repository().tip());
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    @Test
    public void abortTakesEffectAtOnce() throws Exception {
        WorkflowRun run = waiting(CHANGE_AND_WAIT);
        FlowExecution execution = run.getExecution();
        List<String> statuses = new CopyOnWriteArrayList<>();
        StepExecution.acceptAll(AwaitSyncExecution.class, e -> statuses.add(e.getStatus()))
                .get();
        assertThat(statuses.get(0), containsString("waiting for payments-api/dev: no agent has reported"));
        FlowNode node = new DepthFirstScanner().findFirstMatch(execution, n -> n.getAction(PauseAction.class) != null);
        assertThat(node, notNullValue());
        assertThat(PauseAction.isPaused(node), is(true));
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        assertThat(outcome(run), is((ChangeRecord.Outcome) null));
        ThreadPoolTasks.awaitIdle();
        assertThat(PauseAction.isPaused(node), is(false));
    }

    @Test
    public void severalChangesAreAwaitedTogether() throws Exception {
        WorkflowRun run = waiting("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')\n"
                + "def live = gitopsAwaitSync()\n"
                + "echo \"${live.changes.collect { it.env }}\"\n"
                + "gitopsAwaitSync()");
        String tip = J.repository().tip();
        J.agent().live(DEV, tip);
        J.waitForMessage("payments-api/dev: live at", run);
        assertThat(run.isBuilding(), is(true));
        J.agent().live("payments-api/staging", tip);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("[dev, staging]", run);
        J.assertLogContains("All changes made by this build are already live", run);
    }

    @Test
    public void appliedIsEnoughWhenHealthIsNotRequired() throws Exception {
        WorkflowRun run = waiting("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "def live = gitopsAwaitSync(healthy: false)\n"
                + "echo \"${live.health}: ${live.resources[0].message}\"");
        J.agent().degraded(DEV, J.repository().tip(), "still starting");
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("Degraded: still starting", run);
    }

    @Test
    public void awaitsATargetNotChangedByThisBuild() throws Exception {
        write("sha-a1b2c3d", "v9", "Carol sets v9");
        String changed = J.repository().tip();
        J.repository().write("notes.txt", "unrelated\n", "Carol takes notes");
        WorkflowRun run = waiting("def live = gitopsAwaitSync(app: 'payments-api', env: 'dev')\necho live.revision");
        J.agent().live(DEV, J.repository().tip());
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains(changed, run);
    }

    @Test
    public void awaitsAGivenRevision() throws Exception {
        String first = J.repository().tip();
        J.agent().live(DEV, first);
        WorkflowRun run = J.start("def live = gitopsAwaitSync(app: 'payments-api', env: 'dev', revision: '" + first
                + "')\necho \"${live.revision}: ${live.outcome}\"");
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains(first + ": live", run);
    }

    /** As with two clusters that deploy the same folder. */
    @Test
    public void targetOfTwoAgentsMustBeLiveInBoth() throws Exception {
        GitopsTestConfiguration.addSecondAgent();
        WorkflowRun run = waiting(CHANGE_AND_WAIT);
        String tip = J.repository().tip();
        J.agent().live(DEV, tip.replace(tip.charAt(0), tip.charAt(0) == '0' ? '1' : '0'));
        SignedReports.accept(
                "other",
                SignedReports.report(
                        1, List.of(SignedReports.live(J.repository().url(), ServedConfigRepository.path(DEV), tip))));
        J.waitForMessage("1 of 2 are live; agent everywhere: ", run);
        assertThat(run.isBuilding(), is(true));
        J.agent().live(DEV, tip);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    @Test
    public void inDeclarativeOnlyAFailureRollsBack() throws Exception {
        String pipeline = "pipeline { agent none; stages {\n"
                + "stage('Change') { steps { gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2') } }\n"
                + "stage('Live') { steps { gitopsAwaitSync(timeout: 10) }\n"
                + "post { failure { echo 'in failure' }\nnotBuilt { echo 'in notBuilt' } } } } }";
        WorkflowRun run = waiting(pipeline);
        write("v2", "v3", "Carol is faster");
        J.agent().live(DEV, J.repository().tip());
        J.assertBuildStatus(Result.NOT_BUILT, J.waitForCompletion(run));
        J.assertLogContains("in notBuilt", run);
        J.assertLogNotContains("in failure", run);
        assertThat(
                J.repository().commits().stream()
                        .map(c -> c.getShortMessage())
                        .limit(1)
                        .toList(),
                contains("Carol is faster"));
    }
}
