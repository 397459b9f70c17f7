package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.testkit.BranchedRepository;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.webhook.WebhookCalls;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** Steps on a repository whose environments are on branches of their own. */
public class EnvironmentBranchStepsTest {
    private static final String FILE = "apps/web/kustomization.yaml";
    private static final String SECRET = "a secret of the Git host";
    private static final String POLICY = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n"
            + "applications: [{path: \"apps/{app}\"}]\n"
            + "environments:\n"
            + "- {name: dev, branch: env/dev}\n"
            + "- {name: production, branch: env/production, promoteFrom: dev, approval: {users: [bob]}}\n";
    private static final String SET = "gitopsSetImage(app: 'web', env: 'dev', tag: 'v2')\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private BranchedRepository remote;
    private String url;
    private RepositoryConfiguration configuration;

    @Before
    public void createBranches() throws Exception {
        String repository = name.getMethodName() + "-branches";
        remote = BranchedRepository.create(J.server().repository(repository).folder());
        remote.commit("main", "ann", Map.of("gitops.yaml", POLICY));
        remote.commit("env/dev", "ann", Map.of(FILE, images("v1")));
        remote.commit("env/production", "ann", Map.of(FILE, images("v1")));
        url = J.server().repository(repository).url();
        configuration = GitopsTestConfiguration.repository(GitopsTestConfiguration.REPOSITORY, url);
        configuration.setWebhookSecret(Secret.fromString(SECRET));
        GitopsConfiguration.get().setRepositories(List.of(configuration));
    }

    private static String images(String tag) {
        return "images: [{name: o/web, newTag: " + tag + "}]\n";
    }

    private Report.ApplicationStatus status(String branch, String revision) {
        return ApplicationStatusBuilder.of(SignedReports.status(url, "apps/web", revision, "Synced", "Healthy", null))
                .branch(branch)
                .build();
    }

    private void live(String branch) throws Exception {
        TestAgent.report(status(branch, remote.tip(branch)));
    }

    @Test
    public void imageIsSetAwaitedAndPromotedAcrossBranches() throws Exception {
        String main = remote.tip("main");
        WorkflowRun run = J.start(SET
                + "def a = gitopsAwaitSync(timeout: '2m')\necho \"${a.outcome} at ${a.revision}\"\n"
                + "def p = gitopsPromote(app: 'web', from: 'dev', to: 'production')\n"
                + "echo \"promoted ${p.revision}\"");
        Polling.until(() -> remote.text("env/dev", FILE).equals(images("v2")));
        String revision = remote.tip("env/dev");
        // The application of the other environment deploys the same folder of another branch.
        TestAgent.report(status("env/production", revision));
        J.waitForMessage("no agent has reported apps/web of branch env/dev yet", run);
        assertThat(run.isBuilding(), is(true));
        live("env/dev");
        J.waitForMessage("live at " + revision, run);

        J.waitForMessage("Approve or reject", run);
        PromotionRequest request = TestUsers.pending("bob").request();
        assertThat(remote.text("env/production", FILE), is(images("v1")));
        TestUsers.as("bob", () -> PendingPromotions.get().approve(request.getId(), request.getVersion(), "fine"));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(remote.text("env/production", FILE), is(images("v2")));
        J.assertLogContains("promoted " + remote.tip("env/production"), run);
        assertThat(remote.tip("main"), is(main));
        ChangeRecord promoted = GitopsChangesAction.find(run).getChanges().get(1);
        assertThat(promoted.getBranch(), is("env/production"));
    }

    @Test
    public void changeOfAnotherBuildIsAwaitedOnItsBranch() throws Exception {
        String revision = remote.commit("env/production", "ann", Map.of(FILE, images("v3")));
        live("env/production");
        WorkflowRun run = J.build(
                Result.SUCCESS,
                "def a = gitopsAwaitSync(app: 'web', env: 'production', timeout: '2m')\n"
                        + "echo \"${a.outcome} at ${a.revision}\"\n"
                        + "gitopsAwaitSync(app: 'web', env: 'production', revision: '" + revision
                        + "', timeout: '2m')");
        J.assertLogContains("live at " + revision, run);
        WorkflowRun wrong = J.build(
                Result.FAILURE,
                J.job("wrong", "gitopsAwaitSync(app: 'web', env: 'dev', revision: '" + revision + "', timeout: '2m')"));
        J.assertLogContains(revision + " is not on branch env/dev of ", wrong);
    }

    @Test
    public void rollbackStaysOnTheBranch() throws Exception {
        WorkflowRun run = J.build(
                Result.SUCCESS,
                SET + "def r = gitopsRollback(app: 'web', env: 'dev', reason: 'bad')\necho \"${r.previous}\"");
        assertThat(remote.text("env/dev", FILE), is(images("v1")));
        assertThat(remote.text("env/production", FILE), is(images("v1")));
        J.assertLogContains("o/web:v2", run);
    }

    @Test
    public void changeFollowsThePolicyToAnotherBranch() throws Exception {
        J.build(Result.SUCCESS, J.job("first", SET));
        remote.commit("develop", "ann", Map.of(FILE, images("v1")));
        remote.commit("main", "ann", Map.of("gitops.yaml", POLICY.replace("env/dev", "develop")));
        J.build(Result.SUCCESS, J.job("second", SET.replace("v2", "v3")));
        assertThat(remote.text("develop", FILE), is(images("v3")));
        assertThat(remote.text("env/dev", FILE), is(images("v2")));
    }

    @Test
    public void missingBranchFailsOnlyItsOwnChanges() throws Exception {
        remote.delete("env/dev");
        WorkflowRun run = J.build(Result.FAILURE, J.job("missing", SET));
        J.assertLogContains("gitops.yaml:5:23: There is no branch \"env/dev\" in " + url, run);
        assertThat(remote.has("env/dev"), is(false));
        remote.commit("main", "ann", Map.of("gitops.yaml", POLICY.replace(", approval: {users: [bob]}", "")));
        J.build(Result.SUCCESS, J.job("other", SET.replace("dev", "production")));
        assertThat(remote.text("env/production", FILE), is(images("v2")));
    }

    @Test
    public void syncIsRequestedForTheTipOfTheBranch() throws Exception {
        live("env/dev");
        WorkflowRun run =
                J.build(Result.SUCCESS, "def s = gitopsSync(app: 'web', env: 'dev')\necho \"requested ${s.revision}\"");
        J.assertLogContains("requested " + remote.tip("env/dev"), run);
    }

    @Test
    public void pushToTheBranchOfAnEnvironmentFetchesIt() throws Exception {
        ConfigRepositories.get().open(configuration).fetch();
        List<RepositoryConfiguration> branches = RepositoryBranches.all(configuration);
        assertThat(branches.size(), is(3));
        RepositoryConfiguration production = RepositoryBranches.of(configuration, "web", "production");
        assertThat(production.getBranch(), is("env/production"));
        ConfigRepositories.get().open(production).fetch();
        String pushed = remote.commit("env/production", "carol", Map.of(FILE, images("v4")));
        String fullName = url.substring(url.lastIndexOf('/') + 1).replace(".git", "");
        byte[] body = ("{\"ref\":\"refs/heads/env/production\",\"after\":\"" + pushed
                        + "\",\"repository\":{\"full_name\":\"" + fullName + "\",\"clone_url\":\"" + url + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers =
                Map.of("X-Gitea-Event", "push", "X-Gitea-Signature", Hmac.sign("sha256", SECRET, body));
        assertThat(
                WebhookCalls.post(J, "gitops-webhook/git/config", body, headers).statusCode(), is(202));
        Polling.until(() ->
                ConfigRepositories.get().open(production).tip().orElseThrow().equals(pushed));
        assertThat(ConfigRepositories.get().open(configuration).tip().orElseThrow(), is(not(pushed)));
        assertThat(
                new String(
                        ConfigRepositories.get()
                                .open(production)
                                .files(pushed)
                                .read(FILE)
                                .orElseThrow(),
                        StandardCharsets.UTF_8),
                containsString("v4"));
    }
}
