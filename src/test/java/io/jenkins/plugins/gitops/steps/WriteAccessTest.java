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
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.util.LinkedHashMap;
import java.util.Map;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.springframework.security.core.Authentication;

/** Which identity of a build may change what, with which permission, in which folder. */
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
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

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

    private static Authentication user(String id) {
        return User.getById(id, true).impersonate2();
    }

    private WorkflowRun refused(WorkflowJob job, String message) throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = J.waitForCompletion(Pipelines.start(job, "alice"));
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains("ERROR: " + message, run);
        J.assertLogNotContains("Exception", run);
        assertThat(J.repository().tip(), is(before));
        return run;
    }

    private static String lacks(String who, Permission permission, WorkflowJob job) {
        return "This build runs as " + who + ", who lacks the permission GitOps/" + permission.name + " on job "
                + job.getFullName() + ". Grant it on the job, or run the job as a user who has it.";
    }

    /** Runs a build that has to succeed. Dev is live, so that only a missing permission could fail a step. */
    private WorkflowRun allowed(WorkflowJob job) throws Exception {
        J.agent().live("payments-api/dev", J.repository().tip());
        return J.build(Result.SUCCESS, job);
    }

    @Test
    public void everyStepNeedsItsOwnPermission() throws Exception {
        int count = 0;
        for (Map.Entry<String, Permission> step : STEPS.entrySet()) {
            WorkflowJob job = J.job(name.getMethodName() + count++, step.getKey());
            for (Permission granted : STEPS.values()) {
                grant(granted, job, "bob");
                Pipelines.runAs(job, user("bob"));
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
            WorkflowJob job = J.job(name.getMethodName() + count++, step.getKey());
            J.jenkins.setAuthorizationStrategy(base());
            allowed(job);
            Pipelines.runAs(job, ACL.SYSTEM2);
            allowed(job);
            Pipelines.runAs(job, user("admin"));
            allowed(job);
            Pipelines.runAs(job, user("eve"));
            refused(job, lacks("eve", step.getValue(), job));
            Pipelines.runAs(job, Jenkins.ANONYMOUS2);
            refused(job, lacks("anonymous", step.getValue(), job));
        }
    }

    @Test
    public void folderGrantsApplyToItsJobs() throws Exception {
        Folder team = J.createProject(Folder.class, name.getMethodName());
        WorkflowJob job = Pipelines.job(team, "deploy", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
        J.jenkins.setAuthorizationStrategy(
                base().grant(GitopsPermissions.SET_IMAGE).onFolders(team).to("bob"));
        Pipelines.runAs(job, user("bob"));
        allowed(job);
        WorkflowJob beside =
                J.job(name.getMethodName() + "-beside", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')");
        Pipelines.runAs(beside, user("bob"));
        refused(beside, lacks("bob", GitopsPermissions.SET_IMAGE, beside));
    }

    @Test
    public void permissionRevokedDuringApprovalPreventsTheWrite() throws Exception {
        WorkflowJob job = J.job("gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')");
        grant(GitopsPermissions.PROMOTE, job, "dave");
        Pipelines.runAs(job, user("dave"));
        String file = ServedConfigRepository.imageFile("payments-api/staging");
        J.agent().live("payments-api/staging", J.repository().replace(file, "sha-a1b2c3d", "v2", "to v2"));
        String before = J.repository().tip();
        WorkflowRun run = Pipelines.start(job, "alice");
        J.waitForMessage("Approve or reject", run);
        J.jenkins.setAuthorizationStrategy(base());
        TestUsers.as("bob", () -> {
            PendingPromotions pending = PendingPromotions.get();
            return pending.approve(pending.pending().get(0).request().getId(), 0, null);
        });
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        J.assertLogContains("ERROR: " + lacks("dave", GitopsPermissions.PROMOTE, job), run);
        assertThat(J.repository().tip(), is(before));
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
            WorkflowJob job = Pipelines.job(inner, "job" + count++, step);
            String target = step.contains("gitopsPromote") ? "payments-api/staging" : "payments-api/dev";
            refused(
                    job,
                    "Folder " + outer.getFullName() + " does not allow its jobs to change " + target
                            + " of repository config (allowed: applications frontend, my-*)."
                            + " Ask an administrator to extend the folder's GitOps restrictions.");
        }
        WorkflowJob job = Pipelines.job(inner, "allowed", "gitopsSetImage(app: 'frontend', env: 'dev', tag: 'v2')");
        J.build(Result.SUCCESS, job);
    }

    @Test
    public void folderMayDenyARepositoryToItsJobs() throws Exception {
        Folder team = J.createProject(Folder.class, name.getMethodName());
        GitopsFolderProperty limits = new GitopsFolderProperty();
        limits.setRepositories("other");
        team.addProperty(limits);
        WorkflowJob job = Pipelines.job(team, "job", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
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
