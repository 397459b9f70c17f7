package io.jenkins.plugins.gitops.steps;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import jenkins.model.ModifiableTopLevelItemGroup;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** A Jenkins with people, credentials, config repositories and agents that say what a test wants them to say. */
public final class JenkinsTestKit {
    public static final String AGENT = "everywhere";
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    public static final String CREDENTIALS = "config-repository";
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private JenkinsTestKit() {}

    /** Nobody needs an executor here, so there is none. */
    public static void users(JenkinsRule j) throws IOException {
        j.jenkins.setNumExecutors(0);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ, Item.BUILD, Item.CANCEL, GitopsPermissions.APPROVE)
                .everywhere()
                .to("alice", "bob", "dave")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("eve"));
        User.getById("alice", true).setFullName("Alice Example");
    }

    public static void credentials(String id, String password) throws IOException {
        try {
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new UsernamePasswordCredentialsImpl(
                            CredentialsScope.GLOBAL, id, null, ServedConfigRepositories.USER, password));
            SystemCredentialsProvider.getInstance().save();
        } catch (Descriptor.FormException e) {
            throw new IOException(e);
        }
    }

    /** The same credentials with another password, as an administrator would save them. */
    static void rotate(String id, String password) throws IOException {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .removeIf(c -> c instanceof UsernamePasswordCredentialsImpl
                        && ((UsernamePasswordCredentialsImpl) c).getId().equals(id));
        credentials(id, password);
    }

    /** One repository, and one agent that may speak for all environments. */
    public static void repository(String url) throws IOException {
        credentials(CREDENTIALS, ServedConfigRepositories.PASSWORD);
        GitopsConfiguration.get().setAgents(List.of(new AgentConfiguration(AGENT, Secret.fromString(SECRET))));
        GitopsConfiguration.get().setRepositories(List.of(configuration("config", url, CREDENTIALS)));
    }

    public static RepositoryConfiguration configuration(String name, String url, String credentialsId) {
        RepositoryConfiguration configuration = new RepositoryConfiguration(name, url);
        configuration.setCredentialsId(credentialsId);
        return configuration;
    }

    static WorkflowJob job(JenkinsRule j, String name, String script) throws Exception {
        return job(j.jenkins, name, script);
    }

    static WorkflowJob job(ModifiableTopLevelItemGroup parent, String name, String script) throws Exception {
        WorkflowJob job = (WorkflowJob)
                parent.createProject(Jenkins.get().getDescriptorByType(WorkflowJob.DescriptorImpl.class), name, true);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** The file that the documentation shows, as it is. */
    static WorkflowJob exampleJob(JenkinsRule j, String name, String file) throws Exception {
        WorkflowJob job = job(
                j, name, Files.readString(Path.of(System.getProperty("gitops.root", "."), "docs", "examples", file)));
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("TAG", "")));
        return job;
    }

    static WorkflowRun start(WorkflowJob job, String user) throws Exception {
        return job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause(user)))
                .waitForStart();
    }

    static WorkflowRun start(WorkflowJob job, String user, String tag) throws Exception {
        return job.scheduleBuild2(
                        0,
                        new CauseAction(new Cause.UserIdCause(user)),
                        new ParametersAction(new StringParameterValue("TAG", tag)))
                .waitForStart();
    }

    static <T> T as(String user, Supplier<T> work) {
        try (ACLContext context = ACL.as2(User.getById(user, true).impersonate2())) {
            return work.get();
        }
    }

    /** The one promotion that waits, as this user sees it. */
    static PendingPromotions.PendingPromotion pending(String user) {
        List<PendingPromotions.PendingPromotion> all =
                as(user, () -> PendingPromotions.get().pending());
        if (all.size() != 1) {
            throw new AssertionError("pending: " + all);
        }
        return all.get(0);
    }

    /** Says that a target is Synced and Healthy at a revision. */
    public static void live(String url, String target, String revision) throws ReportVerifier.ReportRejectedException {
        report(SignedReports.live(url, path(target), revision));
    }

    /** Says that a target is Synced at a revision and not healthy yet. */
    public static void progressing(String url, String target, String revision)
            throws ReportVerifier.ReportRejectedException {
        report(SignedReports.status(url, path(target), revision, "Synced", "Progressing", null));
    }

    static void degraded(String url, String target, String revision, String message)
            throws ReportVerifier.ReportRejectedException {
        unready(url, target, revision, "Degraded", message);
    }

    /** The agent has applied a revision, and its Deployment is not ready. */
    static void unready(String url, String target, String revision, String health, String message)
            throws ReportVerifier.ReportRejectedException {
        report(unreadyStatus(url, target, revision, health, message));
    }

    /** Of an agent that has applied a revision of which a Deployment is not ready. */
    static Report.ApplicationStatus unreadyStatus(
            String url, String target, String revision, String health, String message) {
        return ApplicationStatusBuilder.of(SignedReports.status(url, path(target), revision, "Synced", health, null))
                .resources(List.of(
                        new Report.ResourceStatus("Deployment", "payments", "payments-api", "Synced", health, message)))
                .build();
    }

    /** An agent that may speak for everything, too. */
    static void secondAgent() {
        GitopsConfiguration.get()
                .setAgents(List.of(
                        new AgentConfiguration(AGENT, Secret.fromString(SECRET)),
                        new AgentConfiguration("other", Secret.fromString(SECRET + "f"))));
    }

    /** Answers the input step that waits. */
    static void proceed(WorkflowRun run) throws Exception {
        InputAction inputs = run.getAction(InputAction.class);
        inputs.getExecutions().get(0).proceed(Map.of());
    }

    /** Waits until the plugin's threads have done what they were given so far, and what came of it. */
    public static void awaitIdle() throws Exception {
        do {
            ThreadPoolTasks.drain(ConfigRepositories.get().pool());
        } while (!SignedReports.isIdle());
        // What the others handed over last.
        ThreadPoolTasks.drain(ConfigRepositories.get().pool());
    }

    /** One application only; the others of the agent are gone, which no test minds. */
    public static void report(Report.ApplicationStatus status) throws ReportVerifier.ReportRejectedException {
        SignedReports.accept(AGENT, report(3600, status));
    }

    /** The next report of the agent. */
    public static Report report(int intervalSeconds, Report.ApplicationStatus status) {
        return new Report(
                "instance", SignedReports.STARTED, SEQUENCE.incrementAndGet(), intervalSeconds, List.of(status));
    }

    /** {@code payments-api/dev} stands in {@code services/payments-api/overlays/dev}. */
    public static String path(String target) {
        return "services/" + target.replace("/", "/overlays/");
    }

    public static String imageFile(String target) {
        return path(target) + "/image-tag.yaml";
    }
}
