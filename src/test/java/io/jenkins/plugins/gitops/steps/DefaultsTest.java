package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import hudson.security.AuthorizationStrategy;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsJobProperty;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** The options that a job sets once for all its steps. */
public class DefaultsTest {
    private static final String FILE = ServedConfigRepository.imageFile("payments-api/dev");

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private ServedConfigRepository other;

    @Before
    public void twoRepositories() throws Exception {
        other = J.server().create(name.getMethodName() + "-other");
        GitopsConfiguration.get()
                .setRepositories(List.of(
                        GitopsTestConfiguration.repository(
                                "config", J.repository().url()),
                        GitopsTestConfiguration.repository("other", other.url())));
    }

    private WorkflowRun build(String script) throws Exception {
        return J.waitForCompletion(J.start(script));
    }

    @Test
    public void declarativeOptions() throws Exception {
        J.assertBuildStatusSuccess(build("pipeline { agent none\n"
                + "options { gitopsDefaults(repository: 'config', app: 'payments-api') }\n"
                + "stages { stage('one') { steps { gitopsSetImage(env: 'dev', tag: 'v2') } } } }"));
        assertThat(J.repository().read(FILE), containsString("\"v2\""));
        assertThat(other.commits().size(), is(1));
    }

    @Test
    public void scriptedPropertiesForEveryStep() throws Exception {
        WorkflowRun run = build("properties([gitopsDefaults(repository: 'other', app: 'payments-api')])\n"
                + "gitopsSetImage(env: 'dev', tag: 'v2')\n"
                + "gitopsRollback(env: 'dev', reason: 'try')\n"
                + "gitopsPromote(from: 'dev', to: 'staging')");
        J.assertBuildStatusSuccess(run);
        assertThat(
                run.getAction(GitopsChangesAction.class).getChanges().stream()
                        .map(c -> c.getRepository() + " " + c.getTarget() + " " + c.isChanged())
                        .toList(),
                is(List.of(
                        "other payments-api/dev true",
                        "other payments-api/dev true",
                        "other payments-api/staging false")));
        assertThat(J.repository().commits().size(), is(1));
    }

    @Test
    public void argumentOverridesTheDefault() throws Exception {
        J.assertBuildStatusSuccess(build("properties([gitopsDefaults(repository: 'other', app: 'payments-api')])\n"
                + "gitopsSetImage(app: 'frontend', env: 'dev', tag: 'v2', repository: 'config')"));
        assertThat(other.commits().size(), is(1));
        assertThat(J.repository().commits().size(), is(2));
        assertThat(J.repository().commits().get(0).getShortMessage(), containsString("frontend/dev"));
    }

    @Test
    public void emptyArgumentIsNotReplacedByTheDefault() throws Exception {
        WorkflowRun run = build("properties([gitopsDefaults(repository: 'config', app: 'payments-api')])\n"
                + "gitopsSetImage(app: '', env: 'dev', tag: 'v2')");
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains("\"\" is not a valid application name", run);
        assertThat(J.repository().commits().size(), is(1));
    }

    @Test
    public void missingArgumentAndDefaultIsRejected() throws Exception {
        WorkflowRun run = build("gitopsSetImage(env: 'dev', tag: 'v2', repository: 'config')");
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains(
                "ERROR: No application was named. Give app, or set it for the whole job with gitopsDefaults.", run);
    }

    @Test
    public void awaitUsesThemToNameATarget() throws Exception {
        String tip = J.repository().tip();
        new TestAgent(J.repository().url()).live("payments-api/dev", tip);
        WorkflowRun run = build("properties([gitopsDefaults(repository: 'config', app: 'payments-api')])\n"
                + "def live = gitopsAwaitSync(env: 'dev')\n"
                + "echo \"${live.app} at ${live.syncedRevision}\"");
        J.assertBuildStatusSuccess(run);
        J.assertLogContains("payments-api at " + tip, run);
    }

    @Test
    public void awaitOfOwnChangesIsNotLimitedByThem() throws Exception {
        WorkflowRun run = J.start("properties([gitopsDefaults(repository: 'config', app: 'payments-api')])\n"
                + "gitopsSetImage(app: 'frontend', env: 'dev', tag: 'v2', repository: 'other')\n"
                + "gitopsAwaitSync()");
        J.waitForMessage("Waiting for frontend/dev", run);
        run.doStop();
        J.assertBuildStatus(Result.ABORTED, J.waitForCompletion(run));
    }

    @Test
    public void formKeepsItsInput() throws Exception {
        AuthorizationStrategy strategy = J.jenkins.getAuthorizationStrategy();
        J.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
        try {
            WorkflowJob job = J.job("echo 'hello'");
            GitopsJobProperty property = new GitopsJobProperty();
            property.setRepository("config");
            property.setApp("payments-api");
            job.addProperty(property);
            J.configRoundtrip(job);
            J.assertEqualDataBoundBeans(property, job.getProperty(GitopsJobProperty.class));
        } finally {
            J.jenkins.setAuthorizationStrategy(strategy);
        }
    }
}
