package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.Result;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Waits that only a change of the configuration can end, and what the result of a wait says about the image. */
public class AwaitStalledTest {
    private static final String DEV = "payments-api/dev";
    private static final String SET = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n";
    private static final String IMAGE = "ghcr.io/myorg/payments-api:v2";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private WorkflowRun waiting(String script) throws Exception {
        WorkflowRun run = J.start(SET + script);
        J.waitForMessage("Waiting for payments-api/dev", run);
        return run;
    }

    /** Makes the agent's application that gitops.yaml names deploy production. */
    private void deploysProduction() throws Exception {
        J.agent().live("payments-api/production", J.repository().tip());
    }

    private static final String MISMATCH =
            "production deploys services/payments-api/overlays/production and not services/payments-api/overlays/dev";

    private ChangeRecord record(WorkflowRun run) {
        return run.getAction(GitopsChangesAction.class).getChanges().get(0);
    }

    @Test
    public void stalledWaitFailsTheBuildWithoutRollback() throws Exception {
        J.repository().writePolicy("- name: dev\n  agent: {agent: everywhere, application: production}\n");
        WorkflowRun run = waiting("gitopsAwaitSync(onFailure: 'rollback')");
        deploysProduction();
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains(MISMATCH, run);
        J.assertLogContains("not rolled back: no part of the change itself failed", run);
        J.assertLogNotContains("rolling back:", run);
        assertThat(record(run).getOutcome(), is(ChangeRecord.Outcome.STALLED));
        assertThat(record(run).getRolledBackBy(), is(nullValue()));
        assertThat(J.repository().read(ServedConfigRepository.imageFile(DEV)), containsString("\"v2\""));
        assertThat(run.getAction(GitopsChangesAction.class).getChanges().size(), is(1));
        try (JenkinsRule.WebClient client = J.createWebClient()) {
            String page = client.withBasicCredentials("admin")
                    .goTo(run.getUrl() + "gitops/")
                    .asNormalizedText();
            assertThat(page, containsString("Stalled"));
        }
    }

    @Test
    public void unstableBuildContinuesAfterAStalledWait() throws Exception {
        J.repository().writePolicy("- name: dev\n  agent: {agent: everywhere, application: production}\n");
        WorkflowRun run = waiting(
                "def end = gitopsAwaitSync(onFailure: 'unstable')\necho \"went on: ${end.outcome} ${end.image}\"");
        deploysProduction();
        J.assertBuildStatus(Result.UNSTABLE, J.waitForCompletion(run));
        J.assertLogContains("went on: stalled null", run);
        assertThat(record(run).getOutcome(), is(ChangeRecord.Outcome.STALLED));
    }

    @Test
    public void deliberatelyDifferentFolderIsNotAMismatch() throws Exception {
        J.repository()
                .writePolicy("- name: dev\n"
                        + "  agent: {agent: everywhere, application: production, path:"
                        + " 'services/{app}/overlays/production'}\n");
        WorkflowRun run = waiting("gitopsAwaitSync()");
        deploysProduction();
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    private void runs(UnaryOperator<ApplicationStatus> how) throws Exception {
        TestAgent.report(how.apply(SignedReports.live(
                J.repository().url(),
                ServedConfigRepository.path(DEV),
                J.repository().tip())));
    }

    private static UnaryOperator<ApplicationStatus> running(String image) {
        return status -> status.withDetails(new Report.Details(
                null,
                null,
                null,
                List.of(new Report.RunningImage(image, "Deployment payments/payments-api", true, null)),
                List.of()));
    }

    private static final String TELL =
            "def end = gitopsAwaitSync()\necho \"image ${end.image}; ${end.changes[0].image}\"";

    @Test
    public void resultReportsTheRunningImage() throws Exception {
        WorkflowRun run = waiting(TELL);
        runs(running(IMAGE));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("image running; running", run);
        J.assertLogNotContains("image not seen", run);
        assertThat(record(run).getImageProof(), is("running"));
    }

    @Test
    public void invisibleLiveObjectsAreReported() throws Exception {
        WorkflowRun run = waiting(TELL);
        runs(status -> status);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("image not seen", run);
        J.assertLogContains("image not seen; not seen", run);
        assertThat(record(run).getImageProof(), is("not seen"));
    }

    @Test
    public void differentRunningImageKeepsWaitingWithAWarning() throws Exception {
        WorkflowRun run = waiting(TELL);
        runs(running("ghcr.io/myorg/payments-api:v1"));
        J.waitForMessage(IMAGE + " is not running anywhere (running: ghcr.io/myorg/payments-api:v1)", run);
        assertThat(run.isBuilding(), is(true));
        runs(running(IMAGE));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.repository().writePolicy("- name: dev\n  image: warn\n");
        WorkflowRun warned = Pipelines.start(J.job("warned", SET.replace("v2", "v3") + TELL), "alice");
        J.waitForMessage("Waiting for payments-api/dev", warned);
        runs(running(IMAGE));
        J.assertBuildStatusSuccess(J.waitForCompletion(warned));
        J.assertLogContains("image not running; not running", warned);
    }

    @Test
    public void requiredRunningImageMustBeVisible() throws Exception {
        J.repository().writePolicy("- name: dev\n  image: required\n");
        WorkflowRun run = waiting("gitopsAwaitSync(timeout: '5s')");
        runs(status -> status);
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogNotContains("live at", run);
        assertThat(record(run).getOutcome(), is(not(ChangeRecord.Outcome.LIVE)));
    }
}
