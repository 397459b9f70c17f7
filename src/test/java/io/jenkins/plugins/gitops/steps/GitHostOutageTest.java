package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;

/** A Git host that cannot take a change for a moment costs the build that moment, and its log says so. */
public class GitHostOutageTest {
    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ServedConfigRepositories REPOSITORIES = new ServedConfigRepositories();

    private static final String STEP = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'sha-later')";

    @Rule
    public final TestName name = new TestName();

    @Before
    public void repository() throws Exception {
        JenkinsTestKit.repository(REPOSITORIES.create(repo()));
    }

    @After
    public void heal() {
        REPOSITORIES.server().setHook(GitServerHook.NONE);
    }

    private String repo() {
        return name.getMethodName() + ".git";
    }

    @Test
    public void theChangeIsWrittenWhenTheHostIsBack() throws Exception {
        AtomicInteger troubles = new AtomicInteger(2);
        answerPushes(troubles);
        WorkflowRun run = JenkinsTestKit.start(JenkinsTestKit.job(J, name.getMethodName(), STEP), "alice");
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains(" answers with HTTP status 503. The host says: Injected fault; trying again in ", run);
        assertThat(REPOSITORIES.commits(repo()).size(), is(2));
    }

    @Test
    public void stoppedStepDoesNotWriteLater() throws Exception {
        AtomicInteger troubles = new AtomicInteger(Integer.MAX_VALUE);
        answerPushes(troubles);
        WorkflowRun run = JenkinsTestKit.start(JenkinsTestKit.job(J, name.getMethodName(), STEP), "alice");
        J.waitForMessage("; trying again in ", run);
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        troubles.set(0);
        // The next change of the same repository goes after whatever still waits there.
        WorkflowRun next = JenkinsTestKit.start(
                JenkinsTestKit.job(J, name.getMethodName() + "-next", STEP.replace("'dev'", "'staging'")), "alice");
        J.assertBuildStatusSuccess(J.waitForCompletion(next));
        assertThat(REPOSITORIES.commits(repo()).size(), is(2));
    }

    private static void answerPushes(AtomicInteger troubles) {
        REPOSITORIES.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                boolean sent = request.push() && !request.advertisement();
                return sent && troubles.getAndDecrement() > 0 ? Fault.answer(503) : Fault.NONE;
            }
        });
    }
}
