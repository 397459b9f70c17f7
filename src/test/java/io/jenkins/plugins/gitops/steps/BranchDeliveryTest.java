package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.util.List;
import java.util.Map;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.TestExtension;

/**
 * Which branches and change requests may deliver, according to the policy at the changed revision, in every step that
 * writes.
 */
public class BranchDeliveryTest {
    private static final List<String> STEPS = List.of(
            "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')",
            "gitopsPromote(app: 'payments-api', from: 'dev', to: 'staging')",
            "gitopsRollback(app: 'payments-api', env: 'dev', to: 'sha-a1b2c3d', reason: 'try')",
            "gitopsSync(app: 'payments-api', env: 'dev')");
    private static final String SET = STEPS.get(0);

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    /** Determines the head from the end of the job's name, as a multibranch project would. */
    @TestExtension
    public static final class FakeHeadSource extends SCMHead.HeadByItem {
        private static final Map<String, SCMHead> HEADS = Map.of(
                "main", new SCMHead("main"),
                "topic", new SCMHead("topic"),
                "request", new BuildSourcesTest.Request("PR-1", SCMHeadOrigin.DEFAULT),
                "fork", new BuildSourcesTest.Request("PR-2", new SCMHeadOrigin.Fork("mallory")));

        @Override
        public SCMHead getHead(Item item) {
            return HEADS.get(item.getName().replaceFirst(".*-", ""));
        }
    }

    @Before
    public void repository() throws Exception {
        J.agent().live("payments-api/dev", J.repository().tip());
    }

    private int jobs;

    private WorkflowJob job(String head, String script) throws Exception {
        return J.job(name.getMethodName() + jobs++ + "-" + head, script);
    }

    private void refused(String head, String script, String message) throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = J.waitForCompletion(Pipelines.start(job(head, script), "alice"));
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains(message, run);
        assertThat(J.repository().tip(), is(before));
    }

    private void delivers(String head) throws Exception {
        String before = J.repository().tip();
        String script = SET.replace("v2", "v" + jobs);
        J.build(Result.SUCCESS, job(head, script));
        assertThat(head, J.repository().tip(), is(not(before)));
    }

    private void policy(String environment, String lines) throws Exception {
        String policy = J.repository().read("gitops.yaml");
        String name = "- name: " + environment + "\n";
        J.repository().write("gitops.yaml", policy.replace(name, name + lines), "policy");
        J.agent().live("payments-api/dev", J.repository().tip());
    }

    private void requirePolicy() {
        RepositoryConfiguration configuration =
                GitopsConfiguration.get().getRepositories().get(0);
        configuration.setRequirePolicy(true);
        GitopsConfiguration.get().setRepositories(List.of(configuration));
    }

    @Test
    public void aForkDeliversNowhereByDefault() throws Exception {
        for (String step : STEPS) {
            String environment = step.contains("staging") ? "staging" : "dev";
            refused("fork", step, environment + " cannot be changed by this build: change requests from forks may not");
        }
        delivers("main");
        delivers("topic");
        delivers("request");
        delivers("none");
    }

    @Test
    public void aForkDeliversNowhereWithoutAPolicyEither() throws Exception {
        J.repository().remove("gitops.yaml", "no policy");
        refused("fork", SET, "dev cannot be changed by this build: change requests from forks may not deliver there.");
        delivers("topic");
    }

    /** Also through other jobs in between. */
    @Test
    public void aForkStartsNoJobThatDelivers() throws Exception {
        WorkflowJob deploy = job("deploy", SET);
        WorkflowJob middle = job("middle", "echo 'in between'");
        WorkflowJob fork = job("fork", "echo 'hello'");
        WorkflowRun first = J.buildAndAssertSuccess(fork);
        WorkflowRun second = J.assertBuildStatusSuccess(J.waitForCompletion(
                middle.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) first)))
                        .waitForStart()));
        WorkflowRun last = deploy.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) second)))
                .waitForStart();
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(last));
        J.assertLogContains("dev cannot be changed by this build: change requests from forks may not", last);
        J.build(Result.SUCCESS, deploy);
    }

    @Test
    public void branchesOfThePolicyDeliverInEveryStep() throws Exception {
        policy("dev", "  branches: [main]\n");
        policy("staging", "  branches: [main]\n");
        for (String step : STEPS) {
            String place = step.contains("staging") ? "gitops.yaml:14:3: staging" : "gitops.yaml:12:3: dev";
            refused(
                    "topic",
                    step,
                    "ERROR: " + place + " cannot be changed by this build: branch topic is not one of those that may"
                            + " deliver there: main.");
        }
        refused("request", SET, "dev cannot be changed by this build: change requests may not deliver there.");
        delivers("main");
        delivers("none");
    }

    /** An approved change is written according to the policy at that time. */
    @Test
    public void policyOfTheTipCounts() throws Exception {
        String file = ServedConfigRepository.imageFile("payments-api/staging");
        String revision = J.repository().replace(file, "sha-a1b2c3d", "v2", "to v2");
        J.agent().live("payments-api/staging", revision);
        WorkflowRun run = Pipelines.start(
                job("topic", "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')"), "alice");
        J.waitForMessage("Approve or reject", run);
        policy("production", "  branches: [main]\n");
        String before = J.repository().tip();
        TestUsers.as("bob", () -> {
            PendingPromotions pending = PendingPromotions.get();
            return pending.approve(pending.pending().get(0).request().getId(), 0, null);
        });
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("production cannot be changed by this build: branch topic", run);
        assertThat(J.repository().tip(), is(before));
    }

    @Test
    public void aRequiredPolicyThatWasDeletedStopsEveryStep() throws Exception {
        requirePolicy();
        delivers("none");
        J.repository().remove("gitops.yaml", "no policy");
        J.agent().live("payments-api/dev", J.repository().tip());
        for (String step : STEPS) {
            refused("none", step, "There is no gitops.yaml at the root of the config repository, which may not be");
        }
    }
}
