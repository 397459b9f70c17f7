package io.jenkins.plugins.gitops.testkit;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.model.ModifiableTopLevelItemGroup;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.springframework.security.core.Authentication;

/** Pipeline jobs with an inline script, and builds that people start. */
public final class Pipelines {
    private static final String TAG = "TAG";

    private Pipelines() {}

    /**
     * Creates a job.
     *
     * @param parent the Jenkins, or a folder
     */
    public static WorkflowJob job(ModifiableTopLevelItemGroup parent, String name, String script) throws Exception {
        WorkflowJob job = (WorkflowJob)
                parent.createProject(Jenkins.get().getDescriptorByType(WorkflowJob.DescriptorImpl.class), name, true);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** Creates a job with an unchanged Jenkinsfile of the documentation. */
    public static WorkflowJob exampleJob(String name, String file) throws Exception {
        Path examples = Path.of(System.getProperty("gitops.root", "."), "docs", "examples");
        WorkflowJob job = job(Jenkins.get(), name, Files.readString(examples.resolve(file)));
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition(TAG, "")));
        return job;
    }

    /** Starts a build; returns when it runs. */
    public static WorkflowRun start(WorkflowJob job, String user) throws Exception {
        return job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause(user)))
                .waitForStart();
    }

    /** Starts a build of an {@link #exampleJob}. */
    public static WorkflowRun start(WorkflowJob job, String user, String tag) throws Exception {
        return job.scheduleBuild2(
                        0,
                        new CauseAction(new Cause.UserIdCause(user)),
                        new ParametersAction(new StringParameterValue(TAG, tag)))
                .waitForStart();
    }

    /** Makes builds of a job run as a user instead of SYSTEM. */
    public static void runAs(WorkflowJob job, String user) {
        runAs(job, User.getById(user, true).impersonate2());
    }

    public static void runAs(WorkflowJob job, Authentication identity) {
        try {
            QueueItemAuthenticatorConfiguration.get()
                    .getAuthenticators()
                    .replace(new MockQueueItemAuthenticator().authenticate(job.getFullName(), identity));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Approves the {@code input} step that is waiting. */
    public static void proceed(WorkflowRun run) throws Exception {
        run.getAction(InputAction.class).getExecutions().get(0).proceed(Map.of());
    }
}
