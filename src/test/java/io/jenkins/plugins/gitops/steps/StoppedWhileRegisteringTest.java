package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.Result;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSource;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.TestExtension;

/** A build that is stopped while its step registers a wait leaves nothing registered. */
public class StoppedWhileRegisteringTest {
    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private WorkflowRun start() throws Exception {
        WorkflowJob job = J.job("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')\n"
                + "gitopsAwaitSync()");
        return Pipelines.start(job, "alice");
    }

    private void stopWhileRegistering(boolean failing) throws Exception {
        BlockedRegistration blockedRegistration =
                J.jenkins.getExtensionList(BlockedRegistration.class).get(0);
        blockedRegistration.arm(failing);
        WorkflowRun run = start();
        assertThat(blockedRegistration.arrived.await(1, TimeUnit.MINUTES), is(true));
        run.doStop();
        // The step is complete and has removed its registrations so far, while it is still registering.
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        Polling.until(() -> WaitRegistry.get().size() == 0);
        blockedRegistration.leave.countDown();
        ThreadPoolTasks.awaitIdle();
        assertThat(WaitRegistry.get().size(), is(0));
        assertThat(run.getExecution().getCauseOfFailure() instanceof IllegalStateException, is(false));
    }

    @Test
    public void registrationAfterTheReleaseIsRemovedToo() throws Exception {
        stopWhileRegistering(false);
    }

    @Test
    public void failedRegistrationIsRemovedToo() throws Exception {
        stopWhileRegistering(true);
    }

    @Test
    public void aKilledBuildAndADeletedJobLeaveNoWait() throws Exception {
        WorkflowRun run = start();
        J.waitForMessage("payments-api/staging: no agent has reported", run);
        Expectation expectation = new Expectation(new Target("a", "dev", "a", null), "1".repeat(40), List.of(), true);
        String other = run.getParent().getFullName() + "#77/5@0#0";
        WaitRegistry.get().register(other, "config", expectation, verdict -> {});
        run.doKill();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        Polling.until(() -> WaitRegistry.get().size() <= 1);
        run.getParent().delete();
        assertThat(WaitRegistry.get().size(), is(0));
        assertThat(J.jenkins.getItem(name.getMethodName()), is(nullValue()));
    }

    /** Blocks the registration of the first wait. */
    @TestExtension
    public static final class BlockedRegistration implements StatusSource {
        private volatile boolean armed;
        private volatile boolean failing;
        private volatile CountDownLatch arrived;
        private volatile CountDownLatch leave;

        void arm(boolean thenFail) {
            arrived = new CountDownLatch(1);
            leave = new CountDownLatch(1);
            failing = thenFail;
            armed = true;
        }

        @Override
        public void awaited(String id, RepositoryConfiguration repository, Expectation expectation) {
            if (!armed) {
                return;
            }
            if (arrived.getCount() == 0) {
                armed = false;
                if (failing) {
                    throw new IllegalStateException("on purpose");
                }
                return;
            }
            arrived.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
            return target -> List.of();
        }

        @Override
        public List<AgentInfo> agents(Instant now) {
            return List.of();
        }
    }
}
