package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.Item;
import hudson.model.Result;
import hudson.security.AuthorizationStrategy;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import java.util.List;
import jenkins.model.InterruptedBuildAction;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What a build does if the change that it waits for fails or times out. */
public class OnFailureTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";
    private static final String OLD = "ghcr.io/myorg/payments-api:sha-a1b2c3d";
    private static final String HOLD = ".gitops/holds/dev/payments-api.yaml";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private static String set(String env, String tag) {
        return "gitopsSetImage(app: 'payments-api', env: '" + env + "', tag: '" + tag + "')\n";
    }

    private WorkflowRun waiting(WorkflowJob job) throws Exception {
        WorkflowRun run = Pipelines.start(job, "alice");
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        return run;
    }

    private WorkflowRun end(Result result, WorkflowRun run) throws Exception {
        return J.assertBuildStatus(result, J.waitForCompletion(run));
    }

    private WorkflowRun refused(String script) throws Exception {
        WorkflowRun run = end(Result.FAILURE, Pipelines.start(J.job(script), "alice"));
        J.assertLogNotContains("Exception", run);
        return run;
    }

    private static NotLiveCause cause(WorkflowRun run) {
        return (NotLiveCause)
                run.getAction(InterruptedBuildAction.class).getCauses().get(0);
    }

    private static List<ChangeRecord> changes(WorkflowRun run) {
        return run.getAction(GitopsChangesAction.class).getChanges();
    }

    private String image(String target) throws Exception {
        return J.repository().read(ServedConfigRepository.imageFile(target));
    }

    @Test
    public void unstableBuildContinuesAfterAFailure() throws Exception {
        WorkflowRun run = waiting(J.job(set("dev", "v2")
                + "def end = gitopsAwaitSync(onFailure: 'unstable')\n"
                + "echo \"went on: ${end.outcome} ${end.app} ${end.health} ${end.resources[0].kind}:"
                + " ${end.resources[0].message} ${end.changes*.outcome}\""));
        J.agent().degraded(DEV, J.repository().tip(), "no such tag v2");
        end(Result.UNSTABLE, run);
        J.assertLogContains("went on: failed payments-api Degraded Deployment: no such tag v2 [failed]", run);
        FlowNode node = new DepthFirstScanner()
                .findFirstMatch(run.getExecution(), n -> n.getAction(WarningAction.class) != null);
        assertThat(node.getAction(WarningAction.class).getResult(), is(Result.UNSTABLE));
        assertThat(node.getAction(WarningAction.class).getMessage(), containsString("payments-api/dev: "));
        assertThat(node.getAction(WarningAction.class).getMessage(), containsString("no such tag v2"));
        assertThat(changes(run).get(0).getOutcome(), is(ChangeRecord.Outcome.FAILED));
        assertThat(image(DEV), containsString("\"v2\""));
    }

    @Test
    public void unstableBuildContinuesAfterTheTimeout() throws Exception {
        WorkflowRun run = end(
                Result.UNSTABLE,
                Pipelines.start(
                        J.job(set("dev", "v2")
                                + "def end = gitopsAwaitSync(onFailure: 'unstable', timeout: '1s')\n"
                                + "echo \"went on: ${end.outcome} ${end.syncedRevision} ${end.resources}\""),
                        "alice"));
        J.assertLogContains("went on: timeout null []", run);
        assertThat(changes(run).get(0).getOutcome(), is(ChangeRecord.Outcome.TIMEOUT));
    }

    @Test
    public void oneFailureIsEnoughAndTheMapShowsEach() throws Exception {
        WorkflowRun run = waiting(J.job(set("dev", "v2") + set("staging", "v2")
                + "def end = gitopsAwaitSync(onFailure: 'unstable')\n"
                + "echo \"${end.outcome} ${end.env} ${end.changes*.outcome}\""));
        J.agent().degraded(DEV, J.repository().tip(), "crash loop");
        end(Result.UNSTABLE, run);
        J.assertLogContains("failed dev [failed, waiting]", run);
    }

    @Test
    public void failedChangeIsRolledBackAndHeld() throws Exception {
        WorkflowRun run = waiting(J.job(set("dev", "v2") + set("staging", "v2")
                + "try {\n"
                + " gitopsAwaitSync(onFailure: 'rollback')\n"
                + "} catch (e) { echo \"caught: ${e.message}\"; throw e }"));
        String written = changes(run).get(0).getRevision();
        J.agent().degraded(DEV, J.repository().tip(), "no such tag v2");
        end(Result.FAILURE, run);
        String commit = J.repository().tip();
        String words = "rolled back to " + OLD + " in commit " + commit.substring(0, 8);
        assertThat(image(DEV), containsString("sha-a1b2c3d"));
        assertThat(image(STAGING), containsString("\"v2\""));
        assertThat(J.repository().read(HOLD), containsString("no such tag v2"));
        Trailers trailers = J.repository().trailers(commit);
        assertThat(trailers.first(Trailers.REASON).orElseThrow(), containsString("payments-api/dev: "));
        assertThat(trailers.first(Trailers.ROLLBACK_OF).orElseThrow(), is(written));
        assertThat(trailers.first(Trailers.REQUESTED_BY).orElseThrow(), is("alice"));
        assertThat(cause(run).getRollback(), is(words));
        assertThat(cause(run).getOutcome(), is(ChangeRecord.Outcome.FAILED));
        assertThat(cause(run).getResources().get(0).getMessage(), is("no such tag v2"));
        J.assertLogContains("caught: payments-api/dev: ", run);
        J.assertLogContains("; " + words, run);
        List<ChangeRecord> all = changes(run);
        assertThat(
                all.stream().map(ChangeRecord::getKind).toList(),
                contains(
                        ChangeRecord.ChangeKind.SET_IMAGE,
                        ChangeRecord.ChangeKind.SET_IMAGE,
                        ChangeRecord.ChangeKind.ROLLBACK));
        assertThat(all.get(0).getRolledBackBy(), is(commit));
        assertThat(all.get(1).getRolledBackBy(), is(nullValue()));
        assertThat(all.get(2).getRevision(), is(commit));
        assertThat(all.get(2).getImages(), contains(OLD));
    }

    @Test
    public void timedOutChangeIsRolledBackOnlyWhereItsPodsAreNotReady() throws Exception {
        WorkflowRun run = Pipelines.start(
                J.job(set("dev", "v2") + set("staging", "v2")
                        + "waitUntil { currentBuild.description == 'applied' }\n"
                        + "gitopsAwaitSync(onFailure: 'rollback', timeout: '1s')"),
                "alice");
        J.waitForMessage("[Pipeline] waitUntil", run);
        String staging = image(STAGING);
        J.agent().unready(DEV, J.repository().tip(), "Progressing", "0 of 2 pods ready");
        run.setDescription("applied");
        end(Result.FAILURE, run);
        assertThat(image(DEV), containsString("sha-a1b2c3d"));
        assertThat(image(STAGING), is(staging));
        assertThat(cause(run).getTarget(), is("payments-api/dev, payments-api/staging"));
        assertThat(cause(run).getRollback(), containsString("payments-api/dev rolled back to " + OLD));
        assertThat(
                cause(run).getRollback(),
                containsString(
                        "; payments-api/staging not rolled back: there is no evidence that the change itself failed"));
    }

    @Test
    public void supersededChangeIsNotRolledBack() throws Exception {
        WorkflowRun run = waiting(J.job(set("dev", "v2") + "gitopsAwaitSync(onFailure: 'rollback')"));
        String tip = J.repository()
                .write(ServedConfigRepository.imageFile(DEV), image(DEV).replace("v2", "v3"), "Carol is faster");
        J.agent().live(DEV, tip);
        end(Result.NOT_BUILT, run);
        assertThat(J.repository().tip(), is(tip));
        assertThat(cause(run).getRollback(), is(nullValue()));
    }

    @Test
    public void changeMadeBySomeoneElseMeanwhileIsKept() throws Exception {
        WorkflowRun run = waiting(J.job(set("dev", "v2") + "gitopsAwaitSync(onFailure: 'rollback')"));
        String mine = J.repository().tip();
        // Jenkins receives the failure first, and sees Carol's commit only when it is about to write.
        String tip = J.repository()
                .write(ServedConfigRepository.imageFile(DEV), image(DEV).replace("v2", "v3"), "Carol is faster");
        J.agent().degraded(DEV, mine, "crash loop");
        end(Result.FAILURE, run);
        assertThat(J.repository().tip(), is(tip));
        assertThat(
                cause(run).getRollback(),
                is("not rolled back: it has since been changed by " + tip.substring(0, 8) + " \"Carol is faster\""));
        assertThat(changes(run).size(), is(1));
    }

    @Test
    public void changeOfSomeoneElseIsNotRolledBack() throws Exception {
        String tip = J.repository().tip();
        WorkflowRun run = waiting(J.job(
                "gitopsAwaitSync(app: 'payments-api', env: 'dev', revision: '" + tip + "', onFailure: 'rollback')"));
        J.agent().degraded(DEV, tip, "crash loop");
        end(Result.FAILURE, run);
        assertThat(J.repository().tip(), is(tip));
        assertThat(cause(run).getRollback(), is("not rolled back: the change was not made by this build"));
    }

    @Test
    public void nothingIsRolledBackWithoutAChange() throws Exception {
        WorkflowRun run = waiting(J.job(set("dev", "sha-a1b2c3d") + "gitopsAwaitSync(onFailure: 'rollback')"));
        String tip = J.repository().tip();
        J.agent().degraded(DEV, tip, "crash loop");
        end(Result.FAILURE, run);
        assertThat(J.repository().tip(), is(tip));
        assertThat(cause(run).getRollback(), is("not rolled back: this build did not change it"));
    }

    @Test
    public void missingRollbackPermissionIsReportedUpFront() throws Exception {
        AuthorizationStrategy before = J.jenkins.getAuthorizationStrategy();
        WorkflowJob job = J.job(set("dev", "v2") + "gitopsAwaitSync(onFailure: 'rollback')");
        try {
            runsAsBob(job, GitopsPermissions.SET_IMAGE);
            WorkflowRun run = end(Result.FAILURE, Pipelines.start(job, "alice"));
            J.assertLogContains("ERROR: This build runs as bob, who lacks the permission GitOps/Rollback on job", run);
            J.assertLogNotContains("Waiting for", run);
        } finally {
            J.jenkins.setAuthorizationStrategy(before);
        }
    }

    @Test
    public void revokedRollbackPermissionIsReported() throws Exception {
        AuthorizationStrategy before = J.jenkins.getAuthorizationStrategy();
        WorkflowJob job = J.job(set("dev", "v2") + "gitopsAwaitSync(onFailure: 'rollback')");
        try {
            runsAsBob(job, GitopsPermissions.SET_IMAGE, GitopsPermissions.ROLLBACK);
            WorkflowRun run = waiting(job);
            String tip = J.repository().tip();
            runsAsBob(job, GitopsPermissions.SET_IMAGE);
            J.agent().degraded(DEV, tip, "crash loop");
            end(Result.FAILURE, run);
            assertThat(J.repository().tip(), is(tip));
            assertThat(
                    cause(run).getRollback(),
                    containsString(
                            "not rolled back: This build runs as bob, who lacks the permission GitOps/Rollback"));
            assertThat(cause(run).getSummary(), containsString("crash loop"));
        } finally {
            J.jenkins.setAuthorizationStrategy(before);
        }
    }

    private static void runsAsBob(WorkflowJob job, Permission... granted) throws Exception {
        J.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .to("alice", "bob")
                .grant(granted)
                .onItems(job)
                .to("bob"));
        Pipelines.runAs(job, "bob");
    }

    @Test
    public void unknownOnFailureValueIsRejected() throws Exception {
        J.assertLogContains(
                "ERROR: onFailure: \"explode\" is not known. Write fail, unstable or rollback.",
                refused(set("dev", "v2") + "gitopsAwaitSync(onFailure: 'explode')"));
    }

    @Test
    public void stabilityPeriodBeyondTheTimeoutIsRejected() throws Exception {
        J.assertLogContains(
                "ERROR: stableFor 11m is longer than the timeout 10m. Give a longer timeout, or a shorter stableFor.",
                refused(set("dev", "v2") + "gitopsAwaitSync(stableFor: '11m')"));
    }

    @Test
    public void invalidStabilityPeriodIsRejected() throws Exception {
        WorkflowRun run = refused(set("dev", "v2") + "gitopsAwaitSync(stableFor: 'long')");
        J.assertLogContains("ERROR: \"long\" is not a duration. ", run);
        J.assertLogContains("Write for example 90s", run);
        assertThat(J.getLog(run), not(containsString("Waiting for")));
    }
}
