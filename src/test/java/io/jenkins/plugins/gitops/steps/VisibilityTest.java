package io.jenkins.plugins.gitops.steps;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import hudson.model.Result;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsFolderProperty;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What a build can see of names, and of targets that it may not change. */
public class VisibilityTest {
    private static final String AWAIT = "gitopsAwaitSync(app: 'payments-api', env: 'dev')";
    private static final String UNKNOWN = "gitopsSetImage(app: 'payment-api', env: 'dev', tag: 'v2')";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private Folder team;

    @Before
    public void repository() throws Exception {
        J.agent().live("payments-api/dev", J.repository().tip());
        team = J.createProject(Folder.class, name.getMethodName());
    }

    /** Gives these permissions to bob, who may also change images. */
    private static void bobMay(Permission... permissions) {
        J.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD, GitopsPermissions.SET_IMAGE)
                .everywhere()
                .to("bob")
                .grant(permissions)
                .everywhere()
                .to("bob"));
    }

    private WorkflowJob job(String job, String script) throws Exception {
        return Pipelines.job(team, job, script);
    }

    private static WorkflowRun run(WorkflowJob job) throws Exception {
        return J.waitForCompletion(Pipelines.start(job, "bob"));
    }

    private static WorkflowRun refused(WorkflowJob job, String message) throws Exception {
        WorkflowRun run = run(job);
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains("ERROR: " + message, run);
        return run;
    }

    @Test
    public void awaitingChangesOfOthersRequiresView() throws Exception {
        WorkflowJob job = job("await", AWAIT);
        Pipelines.runAs(job, "bob");
        bobMay();
        refused(
                job,
                "This build did not change payments-api/dev, and runs as bob, who lacks the permission GitOps/View.");
        bobMay(GitopsPermissions.VIEW);
        J.assertBuildStatusSuccess(run(job));
    }

    @Test
    public void awaitingARevisionOfAnOwnTargetNeedsNoView() throws Exception {
        WorkflowJob job = job(
                "own",
                "def c = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                        + "gitopsAwaitSync(app: 'payments-api', env: 'dev', revision: c.revision, timeout: '1h')");
        Pipelines.runAs(job, "bob");
        bobMay();
        WorkflowRun run = Pipelines.start(job, "bob");
        J.waitForMessage("Waiting for payments-api/dev", run);
        J.agent().live("payments-api/dev", J.repository().tip());
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
    }

    @Test
    public void awaitObeysFolderRestrictions() throws Exception {
        GitopsFolderProperty restrictions = new GitopsFolderProperty();
        restrictions.setApplications("frontend");
        team.addProperty(restrictions);
        refused(
                job("await", AWAIT),
                "Folder " + team.getFullName() + " does not allow its jobs to change payments-api/dev");
    }

    @Test
    public void namesAreListedForThoseWhoMayView() throws Exception {
        WorkflowJob job = job("unknown", UNKNOWN);
        Pipelines.runAs(job, "bob");
        bobMay();
        WorkflowRun blind =
                refused(job, "gitops.yaml: There is no application \"payment-api\". Add a folder that matches");
        for (String known : List.of("payments-api", "frontend", "my-app")) {
            J.assertLogNotContains("Use one of", blind);
            J.assertLogNotContains(known + ",", blind);
        }
        bobMay(GitopsPermissions.VIEW);
        refused(
                job,
                "gitops.yaml: There is no application \"payment-api\". Use one of frontend, my-app, payments-api.");
    }

    @Test
    public void namesAreListedAsFarAsFoldersAllow() throws Exception {
        GitopsFolderProperty restrictions = new GitopsFolderProperty();
        restrictions.setApplications("payment*");
        restrictions.setEnvironments("dev, stag*, qa");
        team.addProperty(restrictions);
        refused(job("app", UNKNOWN), "gitops.yaml: There is no application \"payment-api\". Use one of payments-api.");
        refused(
                job("env", UNKNOWN.replace("'dev'", "'qa'")),
                "gitops.yaml: There is no environment \"qa\". Use one of dev, staging.");
    }

    @Test
    public void disallowedRepositoryIsUnknownInTheFolder() throws Exception {
        RepositoryConfiguration configuration =
                GitopsConfiguration.get().getRepositories().get(0);
        configuration.setFolders(team.getFullName());
        GitopsConfiguration.get().setRepositories(List.of(configuration));
        WorkflowJob inside = job("inside", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
        J.assertBuildStatusSuccess(run(inside));
        for (String step : List.of(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')",
                "gitopsPromote(app: 'payments-api', from: 'dev', to: 'staging')",
                "gitopsRollback(app: 'payments-api', env: 'dev', to: 'sha-a1b2c3d', reason: 'try')",
                "gitopsSync(app: 'payments-api', env: 'dev')",
                AWAIT)) {
            WorkflowJob outside = J.job(
                    name.getMethodName() + "-" + step.replaceAll("\\W.*", ""),
                    step.replace("(", "(repository: 'config', "));
            refused(outside, "There is no config repository \"config\"");
        }
    }
}
