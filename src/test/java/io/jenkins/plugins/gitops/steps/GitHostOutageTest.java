package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** A short outage of a Git host only delays the build, and the log reports it. */
public class GitHostOutageTest {
    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private static final String STEP = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'sha-later')";

    @Rule
    public final TestName name = new TestName();

    @Test
    public void theChangeIsWrittenWhenTheHostIsBack() throws Exception {
        AtomicInteger troubles = new AtomicInteger(2);
        answerPushes(troubles);
        WorkflowRun run = J.start(STEP);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains(" answers with HTTP status 503. The host says: Injected fault; trying again in ", run);
        assertThat(J.repository().commits().size(), is(2));
    }

    @Test
    public void stoppedStepDoesNotWriteLater() throws Exception {
        AtomicInteger troubles = new AtomicInteger(Integer.MAX_VALUE);
        answerPushes(troubles);
        WorkflowRun run = J.start(STEP);
        J.waitForMessage("; trying again in ", run);
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
        troubles.set(0);
        // The next change of the same repository would be pushed after any change that is still pending.
        WorkflowRun next =
                Pipelines.start(J.job(name.getMethodName() + "-next", STEP.replace("'dev'", "'staging'")), "alice");
        J.assertBuildStatusSuccess(J.waitForCompletion(next));
        assertThat(J.repository().commits().size(), is(2));
    }

    private static void answerPushes(AtomicInteger troubles) {
        J.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                boolean sent = request.push() && !request.advertisement();
                return sent && troubles.getAndDecrement() > 0 ? Fault.answer(503) : Fault.NONE;
            }
        });
    }
}
