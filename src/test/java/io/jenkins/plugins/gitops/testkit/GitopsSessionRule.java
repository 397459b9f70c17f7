package io.jenkins.plugins.gitops.testkit;

import java.io.File;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/**
 * A Jenkins that each test can restart, and a Git server that keeps running. The first session begins with the users of
 * {@link TestUsers}, a copy of the example repository, and an agent that has not reported on it.
 */
public final class GitopsSessionRule implements TestRule {
    private static final String JOB = "p";

    private final JenkinsSessionRule sessions = new JenkinsSessionRule();
    private final GitServerRule server = new GitServerRule();
    private ServedConfigRepository repository;
    private boolean configured;

    @Override
    public Statement apply(Statement base, Description description) {
        return server.apply(
                new Statement() {
                    @Override
                    public void evaluate() throws Throwable {
                        repository = server.create("config");
                        sessions.apply(base, description).evaluate();
                    }
                },
                description);
    }

    /** Starts Jenkins, runs the step, and stops Jenkins. */
    public void then(JenkinsSessionRule.Step step) throws Throwable {
        sessions.then(j -> {
            if (!configured) {
                configured = true;
                j.jenkins.setNumExecutors(0);
                TestUsers.apply(j);
                GitopsTestConfiguration.apply(repository.url());
            }
            step.run(j);
        });
    }

    /** Returns the home folder of Jenkins in all sessions. */
    public File getHome() {
        return sessions.getHome();
    }

    public GitServerRule server() {
        return server;
    }

    public ServedConfigRepository repository() {
        return repository;
    }

    /** Returns the agent that deploys the repository. */
    public TestAgent agent() {
        return new TestAgent(repository.url());
    }

    /** Starts a new Pipeline job as alice; returns when the build runs. */
    public WorkflowRun start(JenkinsRule j, String script) throws Exception {
        return Pipelines.start(Pipelines.job(j.jenkins, JOB, script), "alice");
    }

    /** Returns the build that was started in this session or in an earlier one. */
    public WorkflowRun run(JenkinsRule j) {
        return j.jenkins.getItemByFullName(JOB, WorkflowJob.class).getBuildByNumber(1);
    }
}
