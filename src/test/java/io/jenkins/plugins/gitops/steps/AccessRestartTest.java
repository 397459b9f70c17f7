package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.config.GitopsFolderProperty;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.testkit.GitopsSessionRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.xml.transform.stream.StreamSource;
import jenkins.model.Jenkins;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Write access after a restart. */
public class AccessRestartTest {

    private static String beyond(String target) {
        return "Folder team does not allow its jobs to change " + target
                + " of repository config (allowed: applications frontend)";
    }

    @Rule
    public final GitopsSessionRule sessions = new GitopsSessionRule();

    private static Folder team(JenkinsRule j) {
        return j.jenkins.getItemByFullName("team", Folder.class);
    }

    private static WorkflowRun run(JenkinsRule j) {
        return j.jenkins.getItemByFullName("team/p", WorkflowJob.class).getBuildByNumber(1);
    }

    private static void allowFrontendOnly(JenkinsRule j) throws Exception {
        GitopsFolderProperty limits = new GitopsFolderProperty();
        limits.setApplications("frontend");
        team(j).addProperty(limits);
        team(j).save();
    }

    @Test
    public void restrictionsSurviveARestartAndStillCannotBeWidened() throws Throwable {
        sessions.then(j -> {
            Pipelines.job(
                    j.createProject(Folder.class, "team"),
                    "p",
                    "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
            allowFrontendOnly(j);
        });
        sessions.then(j -> {
            j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.READ, Item.READ, Item.CONFIGURE)
                    .everywhere()
                    .to("owner"));
            String wide = team(j).getConfigFile().asString().replace(">frontend<", ">*<");
            try (ACLContext ignored = ACL.as2(User.getById("owner", true).impersonate2())) {
                team(j).updateByXml(new StreamSource(new ByteArrayInputStream(wide.getBytes(StandardCharsets.UTF_8))));
            }
            WorkflowJob job = j.jenkins.getItemByFullName("team/p", WorkflowJob.class);
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(Pipelines.start(job, "alice")));
            j.assertLogContains(beyond("payments-api/dev"), run(j));
            assertThat(sessions.repository().commits().size(), is(1));
        });
    }

    @Test
    public void restrictionAddedDuringTheDecisionApplies() throws Throwable {
        sessions.then(j -> {
            String file = ServedConfigRepository.imageFile("payments-api/staging");
            sessions.agent()
                    .live("payments-api/staging", sessions.repository().replace(file, "sha-a1b2c3d", "v2", "to v2"));
            WorkflowRun run = Pipelines.start(
                    Pipelines.job(
                            j.createProject(Folder.class, "team"),
                            "p",
                            "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')"),
                    "alice");
            j.waitForMessage("Approve or reject", run);
            allowFrontendOnly(j);
        });
        sessions.then(j -> {
            Polling.until(
                    () -> !TestUsers.as("bob", () -> PendingPromotions.get().pending())
                            .isEmpty());
            String id = TestUsers.pending("bob").request().getId();
            TestUsers.as("bob", () -> PendingPromotions.get().approve(id, 0, null));
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run(j)));
            j.assertLogContains(beyond("payments-api/production"), run(j));
            assertThat(sessions.repository().commits().size(), is(2));
        });
    }

    @Test
    public void existingCommitIsReportedEvenIfNoLongerAllowed() throws Throwable {
        sessions.then(j -> {
            CountDownLatch pushed = new CountDownLatch(1);
            sessions.server().setHook(new GitServerHook() {
                @Override
                public void beforePush(String repository, List<ReceiveCommand> commands) {
                    ThreadPoolTasks.occupyPool();
                }

                @Override
                public void onPush(String repository, List<ReceiveCommand> commands) {
                    pushed.countDown();
                }
            });
            Pipelines.start(
                    Pipelines.job(
                            j.createProject(Folder.class, "team"),
                            "p",
                            "def r = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                                    + "echo \"${r.changed} ${r.revision}\"\n"
                                    + "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')"),
                    "alice");
            pushed.await();
            sessions.server().setHook(GitServerHook.NONE);
            allowFrontendOnly(j);
        });
        sessions.then(j -> {
            WorkflowRun run = run(j);
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run));
            j.assertLogContains("true " + sessions.repository().tip(), run);
            j.assertLogContains(beyond("payments-api/dev"), run);
            assertThat(sessions.repository().commits().size(), is(2));
        });
    }
}
