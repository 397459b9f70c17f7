package io.jenkins.plugins.gitops.testkit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * A Jenkins and a Git server for a test class, with a rule for its tests:
 *
 * <pre>
 * &#64;ClassRule
 * public static final GitopsJenkinsRule J = new GitopsJenkinsRule();
 *
 * &#64;Rule
 * public final TestRule each = J.eachTest();
 * </pre>
 *
 * Each test begins with the users of {@link TestUsers}, a new copy of the example repository that is configured as
 * {@link GitopsTestConfiguration#REPOSITORY}, and an agent that has not reported on it. Builds run as SYSTEM, and Jenkins
 * has no executors. After each test no step may be waiting for a sync any more.
 */
public final class GitopsJenkinsRule extends JenkinsRule {
    private final GitServerRule server = new GitServerRule();
    private String test;
    private ServedConfigRepository repository;

    @Override
    public Statement apply(Statement base, Description description) {
        return server.apply(super.apply(base, description), description);
    }

    /** Returns a rule that sets up a test, checks its end, and cleans up. */
    public TestRule eachTest() {
        return (base, description) -> new Statement() {
            @Override
            public void evaluate() throws Throwable {
                begin(description.getMethodName());
                try {
                    base.evaluate();
                } finally {
                    server.setHook(GitServerHook.NONE);
                    QueueItemAuthenticatorConfiguration.get()
                            .getAuthenticators()
                            .clear();
                }
                assertThat("waits that are left", WaitRegistry.get().size(), is(0));
            }
        };
    }

    private void begin(String method) throws Exception {
        test = method;
        repository = server.create(method);
        jenkins.setNumExecutors(0);
        TestUsers.apply(this);
        // Removing an agent also removes its reports.
        GitopsConfiguration.get().setAgents(null);
        GitopsConfiguration.get().setFluxReceivers(null);
        GitopsConfiguration.get().setArgocdServers(null);
        GitopsTestConfiguration.apply(repository.url());
    }

    public GitServerRule server() {
        return server;
    }

    /** Returns the config repository of the current test. */
    public ServedConfigRepository repository() {
        return repository;
    }

    /** Returns the agent that deploys the current test's repository. */
    public TestAgent agent() {
        return new TestAgent(repository.url());
    }

    /** Creates a Pipeline job with the name of the current test. */
    public WorkflowJob job(String script) throws Exception {
        return job(test, script);
    }

    public WorkflowJob job(String name, String script) throws Exception {
        return Pipelines.job(jenkins, name, script);
    }

    /** Starts a new job as alice; returns when the build runs. */
    public WorkflowRun start(String script) throws Exception {
        return Pipelines.start(job(script), "alice");
    }

    /** Builds a new job as alice; returns when the build is complete. */
    public WorkflowRun build(Result expected, String script) throws Exception {
        return build(expected, job(script));
    }

    /** Builds a job as alice; returns when the build is complete. */
    public WorkflowRun build(Result expected, WorkflowJob job) throws Exception {
        return assertBuildStatus(expected, waitForCompletion(Pipelines.start(job, "alice")));
    }
}
