package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.testkit.GitopsSessionRule;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jenkins.model.InterruptedBuildAction;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Jenkins stops after a wait has failed: the failure is kept, and rolled back once. */
public class RollbackRestartTest {
    private static final String DEV = "payments-api/dev";
    private static final String FILE = ServedConfigRepository.imageFile(DEV);

    @Rule
    public final GitopsSessionRule sessions = new GitopsSessionRule();

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);

    private WorkflowRun waiting(JenkinsRule j) throws Exception {
        WorkflowRun run = sessions.start(
                j,
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                        + "gitopsAwaitSync(onFailure: 'rollback')");
        j.waitForMessage("payments-api/dev: no agent has reported", run);
        return run;
    }

    /** Requires that the build failed, and that one commit rolled the change back. */
    private void isRolledBackOnce(JenkinsRule j) throws Exception {
        WorkflowRun run = sessions.run(j);
        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(run));
        NotLiveCause cause = (NotLiveCause)
                run.getAction(InterruptedBuildAction.class).getCauses().get(0);
        assertThat(cause.getOutcome(), is(ChangeRecord.Outcome.FAILED));
        assertThat(cause.getSummary(), containsString("no such tag v2"));
        assertThat(cause.getResources().get(0).getMessage(), is("no such tag v2"));
        assertThat(
                cause.getRollback(),
                containsString("rolled back to ghcr.io/myorg/payments-api:sha-a1b2c3d in commit "));
        assertThat(
                run.getAction(GitopsChangesAction.class).getChanges().stream()
                        .map(ChangeRecord::getKind)
                        .toList(),
                contains(ChangeRecord.ChangeKind.SET_IMAGE, ChangeRecord.ChangeKind.ROLLBACK));
        List<ChangeRecord> changes = run.getAction(GitopsChangesAction.class).getChanges();
        assertThat(changes.get(0).getOutcome(), is(ChangeRecord.Outcome.FAILED));
        assertThat(changes.get(0).getRolledBackBy(), is(changes.get(1).getRevision()));
    }

    @Test
    public void restartBetweenFailureAndRollback() throws Throwable {
        sessions.then(j -> {
            WorkflowRun run = waiting(j);
            String tip = sessions.repository().tip();
            sessions.server().setHook(new GitServerHook() {
                @Override
                public Fault onRequest(GitRequest request) {
                    arrived.countDown();
                    try {
                        leave.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Fault.LOSE_REQUEST;
                }
            });
            sessions.agent().degraded(DEV, tip, "no such tag v2");
            j.waitForMessage("rolling back: ", run);
            arrived.await();
        });
        sessions.server().setHook(GitServerHook.NONE);
        leave.countDown();
        assertThat(sessions.repository().commits().size(), is(2));
        sessions.then(j -> {
            // Meanwhile the agent reports the target as healthy, but the failure is final.
            sessions.agent().live(DEV, sessions.repository().tip());
            isRolledBackOnce(j);
            assertThat(sessions.repository().commits().size(), is(3));
            assertThat(sessions.repository().read(FILE), containsString("\"sha-a1b2c3d\""));
        });
    }

    @Test
    public void restartBetweenRollbackAndItsResult() throws Throwable {
        CountDownLatch pushed = new CountDownLatch(1);
        sessions.then(j -> {
            WorkflowRun run = waiting(j);
            sessions.server().setHook(new GitServerHook() {
                @Override
                public void beforePush(String repository, List<ReceiveCommand> commands) {
                    // From now on, the plugin's pool runs nothing, so the step never learns of its commit.
                    ThreadPoolTasks.occupyPool();
                }

                @Override
                public void onPush(String repository, List<ReceiveCommand> commands) {
                    pushed.countDown();
                }
            });
            sessions.agent().degraded(DEV, sessions.repository().tip(), "no such tag v2");
            pushed.await();
            sessions.server().setHook(GitServerHook.NONE);
            assertThat(run.isBuilding(), is(true));
        });
        String rollback = sessions.repository().tip();
        // A person releases the target and changes it before Jenkins is back; that change is kept.
        sessions.repository().replace(FILE, "sha-a1b2c3d", "v3", "Carol needs v3");
        sessions.then(j -> {
            isRolledBackOnce(j);
            assertThat(sessions.repository().commits().size(), is(4));
            assertThat(sessions.repository().read(FILE), containsString("\"v3\""));
            WorkflowRun run = sessions.run(j);
            assertThat(
                    run.getAction(GitopsChangesAction.class).getChanges().get(1).getRevision(), is(rollback));
        });
    }
}
