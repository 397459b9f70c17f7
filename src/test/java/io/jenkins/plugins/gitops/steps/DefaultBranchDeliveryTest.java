package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.Result;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Steps on a config repository for which no branch is configured. */
public class DefaultBranchDeliveryTest {
    private static final String SET_IMAGE =
            "def set = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\necho \"at ${set.revision}\"\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private static RepositoryConfiguration configuration() {
        return GitopsConfiguration.get().getRepositories().get(0);
    }

    private static void configure(String branch) {
        RepositoryConfiguration configuration = GitopsTestConfiguration.repository(
                GitopsTestConfiguration.REPOSITORY, J.repository().url());
        configuration.setBranch(branch);
        GitopsConfiguration.get().setRepositories(List.of(configuration));
    }

    private static void makeTrunkTheDefaultBranch() throws Exception {
        J.repository().branch("trunk", J.repository().tip());
        J.repository().setDefaultBranch("trunk");
    }

    @Test
    public void imageIsSetAndAwaitedOnTheDefaultBranch() throws Exception {
        makeTrunkTheDefaultBranch();
        String main = J.repository().tip();

        WorkflowRun run = J.start(SET_IMAGE + "echo \"then ${gitopsAwaitSync().outcome}\"");
        J.waitForMessage("payments-api/dev: no agent has reported", run);
        String written = J.repository().tip("trunk");
        J.agent().live("payments-api/dev", written);

        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("at " + written, run);
        J.assertLogContains("then live", run);
        assertThat(J.repository().tip(), is(main));
        assertThat(RepositoryBinding.of(configuration()).getBranch(), is("trunk"));
    }

    @Test
    public void repositoryWithoutADefaultBranchIsRefusedWithTheRemedy() throws Exception {
        J.repository().branch("trunk", J.repository().tip());
        J.repository().setDefaultBranch("gone");

        WorkflowRun run = J.build(Result.FAILURE, SET_IMAGE);

        J.assertLogContains("names no default branch, and has several branches. Name the branch, such as main", run);
        configure("trunk");
        WorkflowRun second = J.build(Result.SUCCESS, J.job("with-branch", SET_IMAGE));
        J.assertLogContains("at " + J.repository().tip("trunk"), second);
    }

    @Test
    public void bindingToAFormerDefaultBranchIsRefused() throws Exception {
        RepositoryBinding unknown = RepositoryBinding.of(configuration());
        assertThat("nothing was fetched yet", unknown.getBranch(), is(nullValue()));
        assertThat(unknown.toString(), containsString("default branch"));
        ConfigRepositories.get().open(configuration()).fetch();
        RepositoryBinding main = unknown.withKnownBranch();
        assertThat(main.getBranch(), is("main"));
        assertThat(main.isSame(unknown), is(true));

        makeTrunkTheDefaultBranch();
        ConfigRepositories.get().open(configuration()).fetch();

        assertThat(main.find().isPresent(), is(false));
        assertThat(unknown.find().isPresent(), is(true));
        configure("main");
        assertThat(main.find().isPresent(), is(true));
        assertThat("which branch was meant is not known", unknown.find().isPresent(), is(false));
    }
}
