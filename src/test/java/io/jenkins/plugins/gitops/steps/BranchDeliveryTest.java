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
import java.util.List;
import java.util.Map;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

/** Which branches and change requests deliver: policy of the revision that is changed, in every step that writes. */
public class BranchDeliveryTest {
    private static final List<String> STEPS = List.of(
            "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')",
            "gitopsPromote(app: 'payments-api', from: 'dev', to: 'staging')",
            "gitopsRollback(app: 'payments-api', env: 'dev', to: 'sha-a1b2c3d', reason: 'try')",
            "gitopsSync(app: 'payments-api', env: 'dev')");
    private static final String SET = STEPS.get(0);

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    @Rule
    public final TestName name = new TestName();

    private String url;

    /** As a multibranch project would say it, by the end of the job's name. */
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

    @BeforeClass
    public static void people() throws Exception {
        JenkinsTestKit.users(J);
    }

    @Before
    public void repository() throws Exception {
        url = REPOSITORIES.create(repo());
        JenkinsTestKit.repository(url);
        JenkinsTestKit.live(url, "payments-api/dev", REPOSITORIES.tip(repo()));
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    private int jobs;

    private WorkflowJob job(String head, String script) throws Exception {
        return JenkinsTestKit.job(J, name.getMethodName() + jobs++ + "-" + head, script);
    }

    private void refused(String head, String script, String message) throws Exception {
        String before = REPOSITORIES.tip(repo());
        WorkflowRun run = J.waitForCompletion(JenkinsTestKit.start(job(head, script), "alice"));
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains(message, run);
        assertThat(REPOSITORIES.tip(repo()), is(before));
    }

    private void delivers(String head) throws Exception {
        String before = REPOSITORIES.tip(repo());
        String script = SET.replace("v2", "v" + jobs);
        J.assertBuildStatusSuccess(J.waitForCompletion(JenkinsTestKit.start(job(head, script), "alice")));
        assertThat(head, REPOSITORIES.tip(repo()), is(not(before)));
    }

    private void policy(String environment, String lines) throws Exception {
        String policy = REPOSITORIES.read(repo(), "gitops.yaml");
        String name = "- name: " + environment + "\n";
        REPOSITORIES.write(repo(), "gitops.yaml", policy.replace(name, name + lines), "policy");
        JenkinsTestKit.live(url, "payments-api/dev", REPOSITORIES.tip(repo()));
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
        REPOSITORIES.remove(repo(), "gitops.yaml", "no policy");
        refused("fork", SET, "dev cannot be changed by this build: change requests from forks may not deliver there.");
        delivers("topic");
    }

    /** Also by way of jobs in between. */
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
        J.assertBuildStatusSuccess(J.waitForCompletion(JenkinsTestKit.start(deploy, "alice")));
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

    /** What people approved is written by the policy of that moment. */
    @Test
    public void policyOfTheTipCounts() throws Exception {
        String file = JenkinsTestKit.imageFile("payments-api/staging");
        String revision =
                REPOSITORIES.write(repo(), file, REPOSITORIES.read(repo(), file).replace("sha-a1b2c3d", "v2"), "to v2");
        JenkinsTestKit.live(url, "payments-api/staging", revision);
        WorkflowRun run = JenkinsTestKit.start(
                job("topic", "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')"), "alice");
        J.waitForMessage("Approve or reject", run);
        policy("production", "  branches: [main]\n");
        String before = REPOSITORIES.tip(repo());
        JenkinsTestKit.as("bob", () -> {
            PendingPromotions pending = PendingPromotions.get();
            return pending.approve(pending.pending().get(0).request().getId(), 0, null);
        });
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("production cannot be changed by this build: branch topic", run);
        assertThat(REPOSITORIES.tip(repo()), is(before));
    }

    @Test
    public void aRequiredPolicyThatWasDeletedStopsEveryStep() throws Exception {
        requirePolicy();
        delivers("none");
        REPOSITORIES.remove(repo(), "gitops.yaml", "no policy");
        JenkinsTestKit.live(url, "payments-api/dev", REPOSITORIES.tip(repo()));
        for (String step : STEPS) {
            refused("none", step, "There is no gitops.yaml at the root of the config repository, which may not be");
        }
    }
}
