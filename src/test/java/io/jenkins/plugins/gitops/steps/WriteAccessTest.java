package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitopsFolderProperty;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.springframework.security.core.Authentication;

/** Which identity of a build may write what, with which permission, below which folder. */
public class WriteAccessTest {
    private static final Map<String, Permission> STEPS = new LinkedHashMap<>();

    static {
        STEPS.put("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')", GitopsPermissions.SET_IMAGE);
        STEPS.put("gitopsPromote(app: 'payments-api', from: 'dev', to: 'staging')", GitopsPermissions.PROMOTE);
        STEPS.put(
                "gitopsRollback(app: 'payments-api', env: 'dev', to: 'sha-a1b2c3d', reason: 'try')",
                GitopsPermissions.ROLLBACK);
    }

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    @Rule
    public final TestName name = new TestName();

    private String url;

    @BeforeClass
    public static void people() throws Exception {
        JenkinsTestKit.users(J);
    }

    @Before
    public void repository() throws Exception {
        url = REPOSITORIES.create(repo());
        JenkinsTestKit.repository(url);
    }

    @After
    public void buildsRunAsTheSystemAgain() throws IOException {
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().clear();
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    private static MockAuthorizationStrategy base() {
        return new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ, Item.BUILD, Item.CANCEL, GitopsPermissions.APPROVE)
                .everywhere()
                .to("alice", "bob", "dave");
    }

    private static void grant(Permission permission, Item item, String user) {
        J.jenkins.setAuthorizationStrategy(
                base().grant(permission).onItems(item).to(user));
    }

    private static void runsAs(WorkflowJob job, Authentication identity) throws IOException {
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .replace(new MockQueueItemAuthenticator().authenticate(job.getFullName(), identity));
    }

    private static Authentication user(String id) {
        return User.getById(id, true).impersonate2();
    }

    private WorkflowRun refused(WorkflowJob job, String message) throws Exception {
        String before = REPOSITORIES.tip(repo());
        WorkflowRun run = J.waitForCompletion(JenkinsTestKit.start(job, "alice"));
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains("ERROR: " + message, run);
        J.assertLogNotContains("Exception", run);
        assertThat(REPOSITORIES.tip(repo()), is(before));
        return run;
    }

    private static String lacks(String who, Permission permission, WorkflowJob job) {
        return "This build runs as " + who + ", who lacks the permission GitOps/" + permission.name + " on job "
                + job.getFullName() + ". Grant it on the job, or run the job as a user who has it.";
    }

    /** A build that may change dev, and a step that finds nothing in its way but the permission. */
    private WorkflowRun allowed(WorkflowJob job) throws Exception {
        JenkinsTestKit.live(url, "payments-api/dev", REPOSITORIES.tip(repo()));
        return J.assertBuildStatusSuccess(J.waitForCompletion(JenkinsTestKit.start(job, "alice")));
    }

    @Test
    public void everyStepNeedsItsOwnPermission() throws Exception {
        int count = 0;
        for (Map.Entry<String, Permission> step : STEPS.entrySet()) {
            WorkflowJob job = JenkinsTestKit.job(J, name.getMethodName() + count++, step.getKey());
            for (Permission granted : STEPS.values()) {
                grant(granted, job, "bob");
                runsAs(job, user("bob"));
                if (granted.equals(step.getValue())) {
                    allowed(job);
                } else {
                    refused(job, lacks("bob", step.getValue(), job));
                }
            }
        }
    }

    @Test
    public void permissionsFollowTheBuildsIdentity() throws Exception {
        int count = 0;
        for (Map.Entry<String, Permission> step : STEPS.entrySet()) {
            WorkflowJob job = JenkinsTestKit.job(J, name.getMethodName() + count++, step.getKey());
            J.jenkins.setAuthorizationStrategy(base());
            allowed(job);
            runsAs(job, ACL.SYSTEM2);
            allowed(job);
            runsAs(job, user("admin"));
            allowed(job);
            runsAs(job, user("eve"));
            refused(job, lacks("eve", step.getValue(), job));
            runsAs(job, Jenkins.ANONYMOUS2);
            refused(job, lacks("anonymous", step.getValue(), job));
        }
    }

    @Test
    public void folderGrantsApplyToItsJobs() throws Exception {
        Folder team = J.createProject(Folder.class, name.getMethodName());
        WorkflowJob job =
                JenkinsTestKit.job(team, "deploy", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
        J.jenkins.setAuthorizationStrategy(
                base().grant(GitopsPermissions.SET_IMAGE).onFolders(team).to("bob"));
        runsAs(job, user("bob"));
        allowed(job);
        WorkflowJob beside = JenkinsTestKit.job(
                J, name.getMethodName() + "-beside", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')");
        runsAs(beside, user("bob"));
        refused(beside, lacks("bob", GitopsPermissions.SET_IMAGE, beside));
    }

    @Test
    public void permissionRevokedDuringApprovalPreventsTheWrite() throws Exception {
        WorkflowJob job = JenkinsTestKit.job(
                J, name.getMethodName(), "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')");
        grant(GitopsPermissions.PROMOTE, job, "dave");
        runsAs(job, user("dave"));
        String file = JenkinsTestKit.imageFile("payments-api/staging");
        JenkinsTestKit.live(
                url,
                "payments-api/staging",
                REPOSITORIES.write(
                        repo(), file, REPOSITORIES.read(repo(), file).replace("sha-a1b2c3d", "v2"), "to v2"));
        String before = REPOSITORIES.tip(repo());
        WorkflowRun run = JenkinsTestKit.start(job, "alice");
        J.waitForMessage("Approve or reject", run);
        J.jenkins.setAuthorizationStrategy(base());
        JenkinsTestKit.as("bob", () -> {
            PendingPromotions pending = PendingPromotions.get();
            return pending.approve(pending.pending().get(0).request().getId(), 0, null);
        });
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("ERROR: " + lacks("dave", GitopsPermissions.PROMOTE, job), run);
        assertThat(REPOSITORIES.tip(repo()), is(before));
    }

    @Test
    public void folderRestrictionsApplyToEveryStepAndIdentity() throws Exception {
        Folder outer = J.createProject(Folder.class, name.getMethodName());
        GitopsFolderProperty limits = new GitopsFolderProperty();
        limits.setApplications("frontend, my-*");
        outer.addProperty(limits);
        Folder inner = outer.createProject(Folder.class, "inner");
        GitopsFolderProperty all = new GitopsFolderProperty();
        all.setApplications("*");
        inner.addProperty(all);
        int count = 0;
        for (String step : STEPS.keySet()) {
            WorkflowJob job = JenkinsTestKit.job(inner, "job" + count++, step);
            String target = step.contains("gitopsPromote") ? "payments-api/staging" : "payments-api/dev";
            refused(
                    job,
                    "Folder " + outer.getFullName() + " does not allow its jobs to change " + target
                            + " of repository config (allowed: applications frontend, my-*)."
                            + " Ask an administrator to extend the folder's GitOps restrictions.");
        }
        WorkflowJob job =
                JenkinsTestKit.job(inner, "allowed", "gitopsSetImage(app: 'frontend', env: 'dev', tag: 'v2')");
        J.assertBuildStatusSuccess(J.waitForCompletion(JenkinsTestKit.start(job, "alice")));
    }

    @Test
    public void folderMayDenyARepositoryToItsJobs() throws Exception {
        Folder team = J.createProject(Folder.class, name.getMethodName());
        GitopsFolderProperty limits = new GitopsFolderProperty();
        limits.setRepositories("other");
        team.addProperty(limits);
        WorkflowJob job = JenkinsTestKit.job(team, "job", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
        refused(
                job,
                "Folder " + team.getFullName()
                        + " does not allow its jobs to change payments-api/dev of repository config"
                        + " (allowed: repositories other).");
    }

    @Test
    public void permissionsAreInOneGroup() {
        assertThat(
                GitopsPermissions.GROUP.getPermissions().stream()
                        .map(GitopsPermissions::name)
                        .toList(),
                containsInAnyOrder(
                        "GitOps/View",
                        "GitOps/Approve",
                        "GitOps/SetImage",
                        "GitOps/Promote",
                        "GitOps/Rollback",
                        "GitOps/Sync",
                        "GitOps/Configure"));
    }
}
