package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * The unchanged Jenkinsfiles of the documentation, from a real Jenkins through a Git server with a password to three
 * clusters with real agents.
 */
public class ExampleDeliveryTest {
    private static final String IMAGE = "ghcr.io/myorg/payments-api:";

    private static final JenkinsRule J = new JenkinsRule();
    private static final GitServerRule SERVER = new GitServerRule();
    private static final RunningAgents AGENTS = new RunningAgents();

    /** The agents stop before the servers that they call. */
    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(SERVER).around(J).around(AGENTS);

    private static ServedConfigRepository repository;

    @BeforeClass
    public static void deliverFromGit() throws Exception {
        J.jenkins.setNumExecutors(0);
        TestUsers.apply(J);
        repository = SERVER.create("config");
        GitopsTestConfiguration.apply(repository.url());
        List<AgentConfiguration> agents = new ArrayList<>();
        for (String environment : RunningAgents.ENVIRONMENTS) {
            AgentConfiguration agent =
                    new AgentConfiguration(environment, Secret.fromString(RunningAgents.secret(environment)));
            agent.setEnvironments(environment);
            agents.add(agent);
        }
        GitopsConfiguration.get().setAgents(agents);
        AGENTS.start(J.getURL().toURI(), repository.url());
    }

    @Test
    public void declarativeExampleDelivers() throws Exception {
        delivers(Pipelines.exampleJob("declarative", "payments-api.declarative.Jenkinsfile"), "v2.0.0");
    }

    @Test
    public void scriptedExampleDelivers() throws Exception {
        delivers(Pipelines.exampleJob("scripted", "payments-api.scripted.Jenkinsfile"), "v3.0.0");
    }

    @Test
    public void manualApplicationIsSyncedOnRequest() throws Exception {
        String manifest = "clusters/dev/argocd-apps/frontend.yaml";
        String automated = repository.read(manifest);
        String off = automated.replace("    automated:\n", "    automated:\n      enabled: false\n");
        assertThat(off, is(not(automated)));
        repository.write(manifest, off, "Sync frontend/dev by hand");
        WorkflowRun run = Pipelines.start(
                Pipelines.job(
                        J.jenkins,
                        "by-hand",
                        "gitopsSetImage(app: 'frontend', env: 'dev', tag: 'v9')\n"
                                + "gitopsAwaitSync(app: 'frontend', env: 'dev', timeout: '1s', onFailure: 'unstable')\n"
                                + "gitopsSync(app: 'frontend', env: 'dev')\n"
                                + "def live = gitopsAwaitSync(app: 'frontend', env: 'dev')\n"
                                + "echo \"${live.outcome} ${live.health}\""),
                "alice");
        J.assertBuildStatus(Result.UNSTABLE, J.waitForCompletion(run));
        J.assertLogContains("live Healthy", run);
        J.assertLogContains("frontend/dev: Requested sync to ", run);
    }

    private void delivers(WorkflowJob job, String tag) throws Exception {
        WorkflowRun run = Pipelines.start(job, "alice", tag);
        J.waitForMessage("Approve or reject", run);
        assertThat(AGENTS.image("dev"), is(IMAGE + tag));
        assertThat(AGENTS.image("staging"), is(IMAGE + tag));
        assertThat(AGENTS.image("production"), is(not(IMAGE + tag)));
        onlyAnotherPersonApproves(run);

        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(AGENTS.image("production"), is(IMAGE + tag));
        J.assertLogNotContains(GitServerRule.PASSWORD, run);
        GitopsChangesAction action = run.getAction(GitopsChangesAction.class);
        assertThat(
                action.getChanges().stream()
                        .map(c -> c.getTarget() + " " + c.getOutcome())
                        .toList(),
                contains("payments-api/dev LIVE", "payments-api/staging LIVE", "payments-api/production LIVE"));
        Trailers trailers = repository.trailers(action.getChanges().get(2).getRevision());
        assertThat(trailers.all(Trailers.REQUESTED_BY), contains("alice"));
        assertThat(trailers.all(Trailers.APPROVED_BY), contains("bob"));

        takesBackABadImage(job, tag);
    }

    private static void onlyAnotherPersonApproves(WorkflowRun run) {
        PendingPromotions.PendingPromotion own = TestUsers.pending("alice");
        assertThat(own.run(), is(run));
        PendingPromotions.DecisionResult refused = TestUsers.as("alice", () -> PendingPromotions.get()
                .approve(own.request().getId(), own.request().getVersion(), "mine"));
        assertThat(refused.outcome(), is(PendingPromotions.DecisionOutcome.FORBIDDEN));
        assertThat(refused.message(), containsString("another person must approve"));
        PendingPromotions.PendingPromotion pendingPromotion = TestUsers.pending("bob");
        PendingPromotions.DecisionResult decided = TestUsers.as("bob", () -> PendingPromotions.get()
                .approve(
                        pendingPromotion.request().getId(),
                        pendingPromotion.request().getVersion(),
                        "looks good"));
        assertThat(decided.outcome(), is(PendingPromotions.DecisionOutcome.DECIDED));
    }

    private static void takesBackABadImage(WorkflowJob job, String good) throws Exception {
        WorkflowRun run = Pipelines.start(job, "alice", "broken-" + good);
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("Deployment payments-api", run);
        assertThat(
                run.getAction(GitopsChangesAction.class).getChanges().stream()
                        .map(c -> c.getKind() + " " + c.getOutcome())
                        .toList(),
                contains("SET_IMAGE FAILED", "ROLLBACK LIVE"));
        assertThat(AGENTS.image("dev"), is(IMAGE + good));
        assertThat(AGENTS.image("staging"), is(IMAGE + good));
        List<String> subjects =
                repository.commits().stream().map(RevCommit::getShortMessage).toList();
        assertThat(subjects, hasItem("payments-api/dev: roll back to " + good));
        repository.remove(".gitops/holds/dev/payments-api.yaml", "Release payments-api/dev");
    }
}
