package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.FlagRule;

/** Whatever is wrong with a request, the result is one clear message, and the repository is unchanged. */
public class RejectedChangesTest {
    private static final String FILE = ServedConfigRepository.imageFile("payments-api/dev");

    @ClassRule
    public static final FlagRule<String> RETRY =
            FlagRule.systemProperty("io.jenkins.plugins.gitops.repository.GitSettings.retrySeconds", "0");

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private void scriptedIsRefused(String script, String... messages) throws Exception {
        isRefused("scripted", script, messages);
    }

    private void declarativeIsRefused(String step, String... messages) throws Exception {
        isRefused(
                "declarative", "pipeline { agent none; stages { stage('one') { steps { " + step + " } } } }", messages);
    }

    private void isRefused(String kind, String script, String... messages) throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = Pipelines.start(J.job(name.getMethodName() + "-" + kind, script), "alice");
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        for (String message : messages) {
            J.assertLogContains(message, run);
        }
        J.assertLogNotContains("Exception", run);
        J.assertLogNotContains(GitServerRule.PASSWORD, run);
        assertThat(J.repository().tip(), is(before));
    }

    @Test
    public void unknownApplication() throws Exception {
        String step = "gitopsSetImage(app: 'payment-api', env: 'dev', tag: 'v2')";
        scriptedIsRefused(step, "There is no application \"payment-api\"", "frontend", "my-app", "payments-api");
        declarativeIsRefused(step, "There is no application \"payment-api\"", "frontend", "my-app", "payments-api");
    }

    @Test
    public void unknownEnvironment() throws Exception {
        String step = "gitopsSetImage(app: 'payments-api', env: 'qa', tag: 'v2')";
        scriptedIsRefused(step, "There is no environment \"qa\"", "dev", "staging", "production");
        declarativeIsRefused(step, "There is no environment \"qa\"", "dev", "staging", "production");
    }

    @Test
    public void noEntryForTheImage() throws Exception {
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', image: 'ghcr.io/myorg/other', tag: 'v2')",
                FILE,
                "ghcr.io/myorg/other",
                "ghcr.io/myorg/payments-api");
    }

    @Test
    public void twoEntriesForTheImage() throws Exception {
        String once = J.repository().read(FILE);
        J.repository().write(FILE, once + "- name: ghcr.io/myorg/payments-api\n  newTag: v1\n", "twice");
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', image: 'ghcr.io/myorg/payments-api', tag: 'v2')",
                FILE + ":",
                "ghcr.io/myorg/payments-api");
    }

    @Test
    public void unparsableYaml() throws Exception {
        J.repository().write(FILE, "images:\n- name: [unclosed\n", "break it");
        scriptedIsRefused("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')", FILE + ":");
    }

    @Test
    public void duplicateKeys() throws Exception {
        J.repository()
                .write(
                        FILE,
                        "images:\n- name: ghcr.io/myorg/payments-api\n  newTag: v1\n  newTag: v1\n",
                        "say it twice");
        scriptedIsRefused("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')", FILE + ":4:3", "newTag");
    }

    @Test
    public void unknownKeyInThePolicy() throws Exception {
        String policy = J.repository().read("gitops.yaml");
        J.repository().write("gitops.yaml", policy.replace("approval:", "aproval:"), "a typo");
        String step = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')";
        scriptedIsRefused(step, "gitops.yaml:16:3", "aproval");
        declarativeIsRefused(step, "gitops.yaml:16:3", "aproval");
    }

    @Test
    public void emptyTag() throws Exception {
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: '')",
                "The tag for image ghcr.io/myorg/payments-api is empty");
        declarativeIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: params.NONE ?: '')",
                "The tag for image ghcr.io/myorg/payments-api is empty");
    }

    @Test
    public void neitherTagNorDigest() throws Exception {
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev')",
                "No tag and no digest for image ghcr.io/myorg/payments-api");
    }

    @Test
    public void wrongCredentials() throws Exception {
        GitopsTestConfiguration.setPassword("wrong-one");
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')",
                J.repository().url(),
                "credentials");
    }

    @Test
    public void unreachableRepository() throws Exception {
        GitopsConfiguration.get()
                .setRepositories(List.of(new RepositoryConfiguration("config", "http://127.0.0.1:1/config.git")));
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')", "http://127.0.0.1:1/config.git");
    }

    @Test
    public void missingBranch() throws Exception {
        RepositoryConfiguration configuration =
                GitopsConfiguration.get().getRepositories().get(0);
        configuration.setBranch("trunk");
        GitopsConfiguration.get().setRepositories(List.of(configuration));
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')",
                "trunk",
                J.repository().url());
    }

    @Test
    public void unknownOrMissingNameOfTheRepository() throws Exception {
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2', repository: 'other')",
                "There is no config repository \"other\"",
                "config");
    }

    @Test
    public void environmentThatRequiresApproval() throws Exception {
        scriptedIsRefused(
                "gitopsSetImage(app: 'payments-api', env: 'production', tag: 'v2')", "production", "gitopsPromote");
    }

    @Test
    public void promotionPastAnEnvironment() throws Exception {
        scriptedIsRefused(
                "gitopsPromote(app: 'payments-api', from: 'dev', to: 'production')",
                "production is promoted from staging, not from dev");
    }

    @Test
    public void rollbackWithoutAReason() throws Exception {
        scriptedIsRefused(
                "gitopsRollback(app: 'payments-api', env: 'dev', reason: ' ')",
                "A rollback of payments-api/dev requires a reason");
    }

    @Test
    public void rollbackToAnUnknownState() throws Exception {
        scriptedIsRefused(
                "gitopsRollback(app: 'payments-api', env: 'dev', to: 'v0', reason: 'try')", "payments-api/dev", "v0");
    }

    @Test
    public void awaitOfNothing() throws Exception {
        scriptedIsRefused("gitopsAwaitSync()", "This build has changed nothing. Give app and env");
    }

    @Test
    public void awaitWithAnUnreadableTimeout() throws Exception {
        scriptedIsRefused(
                "gitopsAwaitSync(app: 'payments-api', env: 'dev', timeout: 'soon')", "\"soon\" is not a duration");
    }

    @Test
    public void awaitOfAMissingRevision() throws Exception {
        String never = "0123456789012345678901234567890123456789";
        scriptedIsRefused(
                "gitopsAwaitSync(app: 'payments-api', env: 'dev', revision: '" + never + "')",
                never + " is not on branch main of " + J.repository().url());
        isRefused(
                "short",
                "gitopsAwaitSync(app: 'payments-api', env: 'dev', revision: 'abc')",
                "\"abc\" is not a revision");
    }
}
