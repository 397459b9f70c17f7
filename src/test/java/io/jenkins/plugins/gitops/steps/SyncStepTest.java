package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Item;
import hudson.model.Result;
import hudson.security.AuthorizationStrategy;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitopsFolderProperty;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Sync requests to an agent, and who may make them. */
public class SyncStepTest {
    private static final String DEV = "payments-api/dev";
    private static final String ASK = "def asked = gitopsSync(app: 'payments-api', env: 'dev')\n"
            + "echo \"asked: ${asked.requested} ${asked.revision}\"\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private String tip;

    @Before
    public void repository() throws Exception {
        tip = J.repository().tip();
    }

    @After
    public void nothingIsAskedAnyMore() {
        SignedReports.forgetSyncRequests(TestAgent.NAME);
    }

    private WorkflowRun refused(String script) throws Exception {
        WorkflowRun run = J.build(Result.FAILURE, script);
        J.assertLogNotContains("Exception", run);
        return run;
    }

    private Report.ApplicationStatus outOfSync() {
        return SignedReports.status(
                J.repository().url(),
                ServedConfigRepository.path(DEV),
                tip,
                "OutOfSync",
                "Healthy",
                "automated sync is off");
    }

    /** Returns the sync requests in the response to the agent's report, over HTTP. */
    private List<String> asked(Report.ApplicationStatus status) throws Exception {
        List<String> names = new ArrayList<>();
        answer(status).path("syncRequests").forEach(n -> names.add(n.asText()));
        return names;
    }

    private static JsonNode answer(Report.ApplicationStatus status) throws Exception {
        HttpResponse<byte[]> answer = TestAgent.post(J.getURL().toString(), TestAgent.next(3600, status));
        assertThat(answer.statusCode(), is(200));
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    public void agentReceivesTheRequestInItsNextResponse() throws Exception {
        TestAgent.report(outOfSync());
        WorkflowRun run = J.build(Result.SUCCESS, ASK);
        J.assertLogContains("asked: true " + tip, run);
        J.assertLogContains(
                "payments-api/dev: Requested sync to " + tip.substring(0, 8) + " from agent everywhere", run);
        assertThat(asked(outOfSync()), contains("dev"));
        assertThat(asked(SignedReports.live(J.repository().url(), ServedConfigRepository.path(DEV), tip)), is(empty()));
    }

    @Test
    public void pruneRequestCarriesTheRevision() throws Exception {
        TestAgent.report(outOfSync());
        WorkflowRun run = J.build(Result.SUCCESS, "gitopsSync(app: 'payments-api', env: 'dev', prune: true)");
        J.assertLogContains(
                "Requested sync to " + tip.substring(0, 8)
                        + " from agent everywhere, with pruning of resources removed from Git",
                run);
        JsonNode answer = answer(outOfSync());
        assertThat(answer.path("syncRequests").get(0).asText(), is("dev"));
        assertThat(answer.path("pruneRequests").path("dev").asText(), is(tip));

        J.build(Result.SUCCESS, J.job(name.getMethodName() + " again", ASK));
        assertThat("an older agent gets what it always got", answer(outOfSync()).has("pruneRequests"), is(false));
    }

    @Test
    public void awaitWaitsForTheRequestedSync() throws Exception {
        TestAgent.report(outOfSync());
        WorkflowRun run = J.start(ASK + "gitopsAwaitSync(app: 'payments-api', env: 'dev')");
        J.waitForMessage("payments-api/dev: dev is OutOfSync", run);
        J.agent().live(DEV, tip);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    @Test
    public void targetWithoutAReportingAgentIsRejected() throws Exception {
        J.assertLogContains(
                "ERROR: No agent reports payments-api/dev, so none can be asked to sync it. ", refused(ASK));
    }

    @Test
    public void targetOfTwoReportingAgentsIsRejected() throws Exception {
        GitopsTestConfiguration.addSecondAgent();
        TestAgent.report(outOfSync());
        SignedReports.accept("other", SignedReports.report(1, List.of(outOfSync())));
        J.assertLogContains("ERROR: everywhere and other both report payments-api/dev. ", refused(ASK));
    }

    @Test
    public void silentAgentIsRejected() throws Exception {
        Instant before = Instant.now().minusSeconds(200);
        SignedReports.accept(TestAgent.NAME, TestAgent.next(5, outOfSync()), before);
        J.assertLogContains(
                "ERROR: Agent everywhere, which deploys payments-api/dev, has not reported since " + before,
                refused(ASK));
    }

    @Test
    public void agentInDryRunIsRejected() throws Exception {
        Report applying = TestAgent.next(3600, outOfSync());
        SignedReports.accept(
                TestAgent.NAME,
                new Report(
                        applying.instance(),
                        applying.startedAt(),
                        applying.sequence(),
                        applying.intervalSeconds(),
                        applying.applications(),
                        true));
        J.assertLogContains(
                "ERROR: Agent everywhere, which deploys payments-api/dev, runs with --dry-run and applies nothing."
                        + " Start it without --dry-run.",
                refused(ASK));
    }

    @Test
    public void argoCdTargetIsRejected() throws Exception {
        J.repository()
                .write(
                        "gitops.yaml",
                        "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n"
                                + "applications:\n- path: services/{app}/overlays/{env}\n"
                                + "environments:\n- name: dev\n  agent: {argocd: main, application: \"{app}-{env}\"}\n",
                        "Say who deploys");
        J.assertLogContains(
                "ERROR: payments-api/dev is deployed by Argo CD main, whose status Jenkins can only"
                        + " read. Turn automated sync on, or sync it there.",
                refused(ASK));
    }

    @Test
    public void anUnknownTargetIsRejected() throws Exception {
        J.assertLogContains("nobody", refused("gitopsSync(app: 'nobody', env: 'dev')"));
    }

    @Test
    public void applicationMustBeNamed() throws Exception {
        J.assertLogContains("ERROR: No application was named. ", refused("gitopsSync(env: 'dev')"));
    }

    @Test
    public void requiresItsOwnPermission() throws Exception {
        TestAgent.report(outOfSync());
        AuthorizationStrategy before = J.jenkins.getAuthorizationStrategy();
        WorkflowJob job = J.job(ASK);
        try {
            runsAsBob(job, GitopsPermissions.SET_IMAGE, GitopsPermissions.PROMOTE, GitopsPermissions.ROLLBACK);
            J.assertLogContains(
                    "ERROR: This build runs as bob, who lacks the permission GitOps/Sync on job",
                    J.build(Result.FAILURE, job));
            assertThat(asked(outOfSync()), is(empty()));
            runsAsBob(job, GitopsPermissions.SYNC);
            J.build(Result.SUCCESS, job);
            assertThat(asked(outOfSync()), contains("dev"));
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
    public void folderMayDenyItToItsJobs() throws Exception {
        TestAgent.report(outOfSync());
        Folder folder = J.jenkins.createProject(Folder.class, name.getMethodName());
        GitopsFolderProperty limits = new GitopsFolderProperty();
        limits.setEnvironments("staging");
        folder.addProperty(limits);
        J.assertLogContains(
                "ERROR: Folder " + folder.getFullName()
                        + " does not allow its jobs to change payments-api/dev of repository config",
                J.build(Result.FAILURE, Pipelines.job(folder, "job", ASK)));
        assertThat(asked(outOfSync()), is(empty()));
    }
}
