package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.FluxReceiverConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.LinkedStatusSource;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.io.StringWriter;
import java.util.List;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.TestExtension;

/** The reasons that a wait reports, and that a wait that can never end is rejected immediately. */
public class AwaitReasonsTest {
    private static final String DEV = "payments-api/dev";
    private static final String UNHEARD =
            "payments-api/dev: no agent has reported services/payments-api/overlays/dev yet: ";
    private static final String SET = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private void abort(WorkflowRun run) throws Exception {
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        ThreadPoolTasks.awaitIdle();
    }

    private WorkflowRun refused(String message) throws Exception {
        WorkflowRun run = J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(J.start(SET + "gitopsAwaitSync()")));
        J.assertLogContains("ERROR: " + message, run);
        J.assertLogNotContains("Exception", run);
        return run;
    }

    @Test
    public void anAgentThatNeverReportedIsNamed() throws Exception {
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage(UNHEARD + "agent everywhere has never reported", run);
        abort(run);
    }

    @Test
    public void anAgentThatReportsOtherFoldersIsNamed() throws Exception {
        J.agent().live("payments-api/staging", J.repository().tip());
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage(UNHEARD + "agent everywhere reports 1 application, and none of this folder", run);
        abort(run);
    }

    @Test
    public void theSameFolderOfAnotherUrlIsNamedAndAnAliasMakesItTheSame() throws Exception {
        String mirror = "https://mirror.example.com/config.git";
        new TestAgent(mirror).live(DEV, J.repository().tip());
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage(
                UNHEARD + "agent everywhere reports 1 application, including this folder of " + mirror
                        + "; if that is the same repository, add its URL to the Aliases of config",
                run);
        RepositoryConfiguration aliased =
                GitopsTestConfiguration.repository("config", J.repository().url());
        aliased.setAliases(mirror);
        GitopsConfiguration.get().setRepositories(List.of(aliased));
        // Saving the configuration triggers an evaluation of the wait.
        J.waitForMessage("payments-api/dev: agent everywhere is at ", run);
        new TestAgent(mirror).live(DEV, J.repository().tip());
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    @Test
    public void rejectedReportsAreShown() throws Exception {
        try {
            SignedReports.reject(
                    TestAgent.NAME,
                    TestAgent.next(
                            10,
                            SignedReports.live(
                                    J.repository().url(), ServedConfigRepository.path(DEV), "1".repeat(40))));
            WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
            J.waitForMessage(
                    UNHEARD + "agent everywhere reports, but all reports have been rejected with 403 since ", run);
            abort(run);
        } finally {
            J.agent().live(DEV, J.repository().tip());
        }
    }

    @Test
    public void missingAgentForTheEnvironmentIsReported() throws Exception {
        AgentConfiguration production = TestAgent.configuration();
        production.setEnvironments("production");
        GitopsConfiguration.get().setAgents(List.of(production));
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage(UNHEARD + "no agent that may report it is configured in Jenkins for dev", run);
        abort(run);
    }

    @Test
    public void unconfiguredAgentIsRejectedAtOnceListingConfiguredOnes() throws Exception {
        J.repository().writePolicy("- name: dev\n  agent: {flux: main, kustomization: '{app}'}\n");
        refused("gitops.yaml:7:3: Flux \"main\", which deploys payments-api/dev, is not configured in Jenkins. Ask an"
                + " administrator to add it under Manage Jenkins, System, GitOps.");
    }

    @Test
    public void configuredNamesAreListed() throws Exception {
        J.repository().writePolicy("- name: dev\n  agent: {agent: evrywhere}\n");
        refused("gitops.yaml:7:3: Agent \"evrywhere\", which deploys payments-api/dev, is not configured in Jenkins."
                + " Name one that is: everywhere; or ask an administrator to add it under Manage Jenkins, System,"
                + " GitOps.");
    }

    @Test
    public void anAgentOfOtherEnvironmentsIsRejectedAtOnce() throws Exception {
        FluxReceiverConfiguration live =
                new FluxReceiverConfiguration("live", Secret.fromString("a secret of the flux"));
        live.setEnvironments("production");
        GitopsConfiguration.get().setFluxReceivers(List.of(live));
        J.repository().writePolicy("- name: dev\n  agent: {flux: live, kustomization: '{app}'}\n");
        refused("gitops.yaml:7:3: Flux \"live\" is not allowed to report for dev in the configuration of Jenkins."
                + " Ask an administrator to add dev to its Environments under Manage Jenkins, System, GitOps, or name"
                + " another one.");
    }

    /** The observer reports instead of Flux, whatever its name is. */
    @Test
    public void observerReplacesAnUnconfiguredFluxReceiver() throws Exception {
        J.repository().writePolicy("- name: dev\n  agent: {flux: main, kustomization: '{app}'}\n");
        Report.ApplicationStatus other = SignedReports.live(
                        J.repository().url(),
                        ServedConfigRepository.path("payments-api/staging"),
                        J.repository().tip())
                .withDeployedBy(AgentKind.FLUX);
        Report report = TestAgent.next(3600, other);
        SignedReports.accept(
                TestAgent.NAME,
                new Report(
                        report.instance(),
                        report.startedAt(),
                        report.sequence(),
                        report.intervalSeconds(),
                        report.applications(),
                        true));
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage(
                "Flux main has not reported Kustomization/flux-system/payments-api yet: agent everywhere reports 1"
                        + " application, and none named Kustomization/flux-system/payments-api",
                run);
        abort(run);
    }

    @Test
    public void fluxReceiverWithoutEventsIsNamed() throws Exception {
        GitopsConfiguration.get()
                .setFluxReceivers(
                        List.of(new FluxReceiverConfiguration("live", Secret.fromString("a secret of the flux"))));
        J.repository().writePolicy("- name: dev\n  agent: {flux: live, kustomization: '{app}'}\n");
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage("Flux live has never sent an event; check its Provider and Alert", run);
        abort(run);
    }

    /** The running commit was merged on another branch, which Jenkins does not follow. */
    @Test
    public void commitOfAnotherBranchIsFetchedBeforeReportedUnknown() throws Exception {
        WorkflowRun run = J.start(SET + "def live = gitopsAwaitSync()\necho \"at ${live.syncedRevision}\"");
        J.waitForMessage(UNHEARD, run);
        String mine = J.repository().tip();
        String elsewhere = J.repository().write("notes.txt", "unrelated\n", "Merge into live");
        J.repository().branch("live", elsewhere);
        J.repository().reset(mine);
        J.agent().live(DEV, elsewhere);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("at " + elsewhere, run);
    }

    @Test
    public void logLinksToTheAgentsPage() throws Exception {
        LinkedSource linkedSource =
                J.jenkins.getExtensionList(LinkedSource.class).get(0);
        linkedSource.show(DEV, "payments-dev", "https://argocd.example.com/applications/argocd/payments-dev");
        try {
            WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
            J.waitForMessage("payments-api/dev: payments-dev in Argo CD main", run);
            StringWriter html = new StringWriter();
            run.getLogText().writeHtmlTo(0, html);
            assertThat(
                    html.toString(),
                    containsString("href='https://argocd.example.com/applications/argocd/payments-dev'"));
            abort(run);
        } finally {
            linkedSource.show("", "", "https://argocd.example.com/");
        }
    }

    @TestExtension
    public static final class LinkedSource extends LinkedStatusSource {}

    private static void assertNoInternals(WorkflowRun run, String line) throws Exception {
        J.assertLogNotContains("ErrorAction", run);
        J.assertLogNotContains("Exception", run);
        J.assertLogNotContains("Also:", run);
        assertThat(run.getLog(1000).stream().filter(l -> l.equals(line)).toList(), hasSize(1));
    }

    @Test
    public void failureShowsNoPipelineInternals() throws Exception {
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage(UNHEARD, run);
        J.agent().degraded(DEV, J.repository().tip(), "no such tag v2");
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        InterruptedBuildAction action = run.getAction(InterruptedBuildAction.class);
        assertNoInternals(run, action.getCauses().get(0).getShortDescription());
    }

    @Test
    public void parallelFailureShowsNoPipelineInternals() throws Exception {
        WorkflowRun run = J.start("parallel(\na: {\n" + SET + "gitopsAwaitSync(app: 'payments-api', env: 'dev')\n},\n"
                + "b: {\ngitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')\n"
                + "gitopsAwaitSync(app: 'payments-api', env: 'staging')\n})\n");
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        J.waitForMessage("payments-api/staging: no agent has reported", run);
        String tip = J.repository().tip();
        J.agent().degraded(DEV, tip, "no such tag v2");
        J.waitForMessage("b", run);
        Polling.until(() -> WaitRegistry.get().size() == 1);
        J.agent().degraded("payments-api/staging", tip, "no such tag either");
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogNotContains("ErrorAction", run);
        J.assertLogNotContains("Also:", run);
        J.assertLogContains("no such tag v2", run);
        J.assertLogContains("no such tag either", run);
    }

    @Test
    public void supersededWaitShowsNoPipelineInternals() throws Exception {
        WorkflowRun run = J.start(SET + "gitopsAwaitSync()");
        J.waitForMessage(UNHEARD, run);
        String file = ServedConfigRepository.imageFile(DEV);
        J.repository().replace(file, "v2", "v3", "Carol is faster");
        J.agent().live(DEV, J.repository().tip());
        J.assertBuildStatus(Result.NOT_BUILT, J.waitForCompletion(run));
        assertThat(run.getActions(InterruptedBuildAction.class), hasSize(1));
        InterruptedBuildAction action = run.getAction(InterruptedBuildAction.class);
        assertNoInternals(run, action.getCauses().get(0).getShortDescription());
        assertThat(run.getLog(1000).stream().filter(l -> l.startsWith("\tat ")).toList(), is(empty()));
    }

    /** A caught error keeps its message. */
    @Test
    public void caughtErrorHasTheSameMessage() throws Exception {
        WorkflowRun run =
                J.start(SET + "try { gitopsAwaitSync(timeout: '1s') } catch (e) { echo \"caught: ${e.message}\" }");
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("caught: payments-api/dev: not live within 1s: no agent has reported", run);
        assertThat(run.getAction(InterruptedBuildAction.class) == null, is(true));
    }
}
