package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Result;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RegistryConfiguration;
import io.jenkins.plugins.gitops.core.registry.ScriptedRegistry;
import io.jenkins.plugins.gitops.core.registry.ScriptedRegistry.Protection;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** What a build is warned of if a tag is set that is already set. */
public class SameTagWarningTest {
    private static final String DEV = "payments-api/dev";
    private static final String TAG = "sha-a1b2c3d";
    private static final String SET = "def r = gitopsSetImage(app: 'payments-api', env: 'dev', tag: '" + TAG + "')\n"
            + "echo \"changed: ${r.changed}\"";
    private static final String OLD = "sha256:" + "a".repeat(64);
    private static final String OTHER = "sha256:" + "b".repeat(64);
    private static final String WARNING = "Warning: ";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final ScriptedRegistry registry = new ScriptedRegistry();

    private String image;
    private String newest;

    @Before
    public void push() throws Exception {
        image = registry.host() + "/myorg/payments-api:" + TAG;
        newest = registry.push("myorg/payments-api", TAG, "{\"schemaVersion\":2}");
        J.repository()
                .replace(
                        ServedConfigRepository.imageFile(DEV),
                        "ghcr.io/myorg/payments-api",
                        registry.host() + "/myorg/payments-api",
                        "Use another registry");
    }

    @After
    public void forget() {
        GitopsConfiguration.get().setRegistries(null);
    }

    private RegistryConfiguration allow() {
        RegistryConfiguration allowed = new RegistryConfiguration(registry.host());
        GitopsConfiguration.get().setRegistries(List.of(allowed));
        return allowed;
    }

    private void runs(String... digests) throws Exception {
        Report.RunningImage running =
                new Report.RunningImage(image, "Deployment payments/payments-api", true, null, List.of(digests));
        TestAgent.report(SignedReports.live(
                        J.repository().url(),
                        ServedConfigRepository.path(DEV),
                        J.repository().tip())
                .withDetails(new Report.Details(null, null, null, List.of(running), List.of())));
    }

    private WorkflowRun set() throws Exception {
        WorkflowRun run = J.build(Result.SUCCESS, SET);
        J.assertLogContains("changed: false", run);
        J.assertLogContains("payments-api/dev already has " + image, run);
        return run;
    }

    @Test
    public void tagThatWasPushedAgainIsReportedWithBothDigests() throws Exception {
        allow();
        runs(OLD);
        WorkflowRun run = set();
        J.assertLogContains(WARNING + image + " now means " + newest + ", but " + OLD + " is running.", run);
        J.assertLogContains("Set the digest (digest: ...), or use a new tag", run);
    }

    @Test
    public void nothingIsReportedIfTheTagMeansWhatRuns() throws Exception {
        allow();
        runs(newest);
        J.assertLogNotContains(WARNING, set());
        assertThat(registry.requests(), hasItem("HEAD /v2/myorg/payments-api/manifests/" + TAG));
    }

    @Test
    public void onlyListedRegistriesAreAsked() throws Exception {
        runs(OLD);
        J.assertLogNotContains(WARNING, set());
        GitopsConfiguration.get().setRegistries(List.of(new RegistryConfiguration("ghcr.io")));
        J.assertLogNotContains(WARNING, J.build(Result.SUCCESS, J.job("unlisted", SET)));
        assertThat(registry.requests(), is(empty()));
    }

    @Test
    public void registryIsNotAskedIfNothingIsKnownToRun() throws Exception {
        allow();
        runs();
        J.assertLogNotContains(WARNING, set());
        assertThat(registry.requests(), is(empty()));
    }

    @Test
    public void podsThatDifferAreReportedWithoutARegistry() throws Exception {
        runs(OLD, OTHER);
        J.assertLogContains(
                WARNING + "pods with " + image + " run different digests: " + OLD + ", " + OTHER + ".", set());
    }

    @Test
    public void changedTagIsNotCompared() throws Exception {
        allow();
        runs(OLD);
        WorkflowRun run = J.build(Result.SUCCESS, SET.replace(TAG, "v2"));
        J.assertLogContains("changed: true", run);
        J.assertLogNotContains(WARNING, run);
        assertThat(registry.requests(), is(empty()));
    }

    @Test
    public void credentialsOfTheSystemAreUsed() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(
                        CredentialsScope.SYSTEM, "pull", null, ScriptedRegistry.USER, ScriptedRegistry.PASSWORD));
        registry.protect(Protection.TOKEN);
        allow().setCredentialsId("pull");
        runs(OLD);
        WorkflowRun run = set();
        J.assertLogContains(" now means " + newest, run);
        J.assertLogNotContains(ScriptedRegistry.PASSWORD, run);
        assertThat(registry.requests(), hasItem(startsWith("GET /token?")));
    }

    @Test
    public void registryThatDoesNotAnswerIsNotReported() throws Exception {
        allow();
        registry.protect(Protection.BASIC);
        runs(OLD);
        J.assertLogNotContains(WARNING, set());
        allow().setCredentialsId("missing");
        WorkflowRun run = J.build(Result.SUCCESS, J.job("withoutCredentials", SET));
        J.assertLogNotContains(WARNING, run);
        assertThat(registry.requests(), not(hasItem(startsWith("GET"))));
    }
}
