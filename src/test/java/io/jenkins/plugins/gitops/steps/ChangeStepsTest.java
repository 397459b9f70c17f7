package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.security.AuthorizationStrategy;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.repository.TargetStates;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** What set image and rollback write, return and store. */
public class ChangeStepsTest {
    private static final String FILE = ServedConfigRepository.imageFile("payments-api/dev");
    private static final String IMAGE = "ghcr.io/myorg/payments-api";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private WorkflowRun build(String script) throws Exception {
        return J.build(Result.SUCCESS, script);
    }

    @Test
    public void setImageChangesTheValueAndNothingElse() throws Exception {
        String before = J.repository().read(FILE);
        WorkflowRun run = build("def r = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2', reason: 'try it')\n"
                + "echo \"${r.changed} ${r.revision} ${r.previous} ${r.files} ${r.operation}\"");
        String tip = J.repository().tip();
        assertThat(J.repository().read(FILE), is(before.replace("sha-a1b2c3d", "v2")));
        J.assertLogContains(
                "true " + tip + " " + IMAGE + ":sha-a1b2c3d [" + FILE + "] " + run.getExternalizableId(), run);
        J.assertLogContains(
                "payments-api/dev: " + IMAGE + ":sha-a1b2c3d -> " + IMAGE + ":v2 in commit " + tip.substring(0, 8),
                run);
    }

    @Test
    public void theCommitSaysWhoWhatAndWhy() throws Exception {
        WorkflowRun run = build("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2', reason: 'a\\nb')");
        RevCommit commit = J.repository().commits().get(0);
        Trailers trailers = Trailers.parse(commit.getFullMessage());
        assertThat(commit.getAuthorIdent().getName(), is("Alice Example"));
        assertThat(commit.getAuthorIdent().getEmailAddress(), is("alice@jenkins.invalid"));
        assertThat(trailers.first(Trailers.REQUESTED_BY), is(Optional.of("alice")));
        assertThat(trailers.first(Trailers.TARGET), is(Optional.of("payments-api/dev")));
        assertThat(trailers.first(Trailers.BUILD), is(Optional.of(J.getURL() + run.getUrl())));
        assertThat(trailers.first(Trailers.REASON), is(Optional.of("a b")));
        assertThat(trailers.first(Trailers.OPERATION).orElseThrow(), startsWith(run.getExternalizableId() + "/"));
    }

    @Test
    public void dashboardShowsTheChangeAtOnce() throws Exception {
        build("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
        ThreadPoolTasks.awaitIdle();
        TargetStates.RepositoryState state = TargetStates.get()
                .of(GitopsConfiguration.get().getRepositories().get(0))
                .orElseThrow();
        assertThat(state.revision(), is(J.repository().tip()));
    }

    @Test
    public void theSameValueAgainWritesNothing() throws Exception {
        String before = J.repository().tip();
        WorkflowRun run = build("def r = gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'sha-a1b2c3d')\n"
                + "echo \"${r.changed} ${r.revision} ${r.files}\"");
        assertThat(J.repository().tip(), is(before));
        J.assertLogContains("false " + before + " []", run);
        J.assertLogContains("payments-api/dev already has " + IMAGE + ":sha-a1b2c3d", run);
        J.assertLogContains("If the tag has been pushed again since, its new image is not deployed", run);
    }

    @Test
    public void theRunRemembersItsChanges() throws Exception {
        WorkflowRun run = build("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')\n"
                + "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')");
        run.reload();
        GitopsChangesAction action = run.getAction(GitopsChangesAction.class);
        assertThat(
                action.getChanges().stream().map(ChangeRecord::getTarget).toList(),
                contains("payments-api/dev", "payments-api/staging", "payments-api/dev"));
        assertThat(
                action.getNewest().stream().map(c -> c.getImages().get(0)).toList(),
                contains(IMAGE + ":v2", IMAGE + ":v3"));
        ChangeRecord last = action.getChanges().get(2);
        assertThat(last.getPrevious(), contains(IMAGE + ":v2"));
        assertThat(last.getRevision(), is(J.repository().tip()));
        assertThat(last.getRequestedBy(), is("alice"));
        assertThat(action.getRun(), is(run));
    }

    @Test
    public void whoStartedTheUpstreamBuildIsTheRequester() throws Exception {
        WorkflowJob upstream = J.job("upstream", "echo 'built'");
        WorkflowRun first = J.waitForCompletion(Pipelines.start(upstream, "dave"));
        WorkflowJob job = J.job("downstream", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
        J.assertBuildStatusSuccess(job.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(first))));
        assertThat(J.repository().trailers(J.repository().tip()).first(Trailers.REQUESTED_BY), is(Optional.of("dave")));
    }

    @Test
    public void buildStartedByNobodyHasNoRequester() throws Exception {
        WorkflowJob job = J.job("nobody", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')");
        J.assertBuildStatusSuccess(job.scheduleBuild2(0));
        assertThat(
                J.repository().trailers(J.repository().tip()).first(Trailers.REQUESTED_BY),
                is(Optional.of("anonymous")));
    }

    @Test
    public void manyBranchesOfABuildAllLand() throws Exception {
        build("def branches = [:]\n"
                + "for (app in ['payments-api', 'frontend', 'my-app']) { for (env in ['dev', 'staging']) {\n"
                + "  def a = app; def e = env\n"
                + "  branches[a + e] = { gitopsSetImage(app: a, env: e, tag: 'v7') }\n"
                + "} }\n"
                + "parallel branches");
        assertThat(J.repository().commits().size(), is(7));
    }

    @Test
    public void rollbackRestoresThePreviousImage() throws Exception {
        String before = J.repository().read(FILE);
        WorkflowRun run = build("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "def r = gitopsRollback(app: 'payments-api', env: 'dev', reason: 'broken')\n"
                + "echo \"${r.changed} ${r.previous}\"");
        assertThat(J.repository().read(FILE), is(before));
        J.assertLogContains("true " + IMAGE + ":v2", run);
        Trailers trailers = J.repository().trailers(J.repository().tip());
        assertThat(trailers.first(Trailers.REASON), is(Optional.of("broken")));
        assertThat(trailers.first(Trailers.IMAGE), is(Optional.of(IMAGE + ":v2 -> " + IMAGE + ":sha-a1b2c3d")));
    }

    @Test
    public void rollbackToATag() throws Exception {
        String before = J.repository().read(FILE);
        for (String tag : List.of("v2", "v3")) {
            String content = before.replace("sha-a1b2c3d", tag);
            J.repository().write(FILE, content, "to " + tag);
        }
        build("gitopsRollback(app: 'payments-api', env: 'dev', to: 'sha-a1b2c3d', reason: 'both are broken')");
        assertThat(J.repository().read(FILE), is(before));
    }

    @Test
    public void rollbackKeepsANewerChangeOfSomeoneElse() throws Exception {
        WorkflowJob job = J.job("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "input(id: 'go', message: 'go')\n"
                + "def r = gitopsRollback(app: 'payments-api', env: 'dev', reason: 'broken')\n"
                + "echo \"changed: ${r.changed}\"");
        WorkflowRun run = Pipelines.start(job, "alice");
        J.waitForMessage("Proceed", run);
        String v3 = J.repository().read(FILE).replace("v2", "v3");
        J.repository().write(FILE, v3, "Carol needs v3");
        Pipelines.proceed(run);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(J.repository().read(FILE), is(v3));
        J.assertLogContains("changed: false", run);
        J.assertLogContains("\"Carol needs v3\"; nothing was rolled back", run);
    }

    @Test
    public void recreatedJobIsNotTakenForTheOldOne() throws Exception {
        String script = "gitopsSetImage(app: 'payments-api', env: 'dev', tag: '%s')";
        WorkflowJob job = J.job("again", String.format(script, "v2"));
        J.build(Result.SUCCESS, job);
        job.delete();
        job = J.job("again", String.format(script, "v3"));
        J.build(Result.SUCCESS, job);
        assertThat(J.repository().read(FILE), containsString("\"v3\""));
    }

    @Test
    public void formsKeepTheirInput() throws Exception {
        AuthorizationStrategy strategy = J.jenkins.getAuthorizationStrategy();
        J.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
        try {
            roundTrips(new StepConfigTester(J));
        } finally {
            J.jenkins.setAuthorizationStrategy(strategy);
        }
    }

    private static void roundTrips(StepConfigTester tester) throws Exception {
        GitopsSetImageStep set = new GitopsSetImageStep("dev");
        J.assertEqualDataBoundBeans(set, tester.configRoundTrip(set));
        set.setApp("payments-api");
        set.setTag("v2");
        GitopsSetImageStep setAgain = tester.configRoundTrip(set);
        J.assertEqualDataBoundBeans(set, setAgain);
        set.setDigest("sha256:0");
        set.setImage("ghcr.io/myorg/payments-api");
        set.setReason("why");
        set.setRepository("config");
        set.setCreate(true);
        set.setForce(true);
        J.assertEqualDataBoundBeans(set, tester.configRoundTrip(set));
        set = new GitopsSetImageStep("dev");
        set.setImages(List.of("ghcr.io/myorg/api:1", "ghcr.io/myorg/worker@sha256:0"));
        J.assertEqualDataBoundBeans(set, tester.configRoundTrip(set));

        GitopsAwaitSyncStep await = new GitopsAwaitSyncStep();
        J.assertEqualDataBoundBeans(await, tester.configRoundTrip(await));
        await.setApp("payments-api");
        await.setEnv("dev");
        await.setTimeout("30m");
        await.setStableFor("2m");
        await.setOnFailure("rollback");
        await.setHealthy(false);
        await.setRevision("0123456789012345678901234567890123456789");
        await.setRepository("config");
        J.assertEqualDataBoundBeans(await, tester.configRoundTrip(await));

        GitopsPromoteStep promote = new GitopsPromoteStep("staging", "production");
        J.assertEqualDataBoundBeans(promote, tester.configRoundTrip(promote));
        promote.setApp("payments-api");
        promote.setReason("release");
        promote.setImages(List.of("ghcr.io/myorg/api", "ghcr.io/myorg/worker"));
        promote.setRepository("config");
        J.assertEqualDataBoundBeans(promote, tester.configRoundTrip(promote));

        GitopsSyncStep sync = new GitopsSyncStep("dev");
        J.assertEqualDataBoundBeans(sync, tester.configRoundTrip(sync));
        sync.setApp("payments-api");
        sync.setRepository("config");
        J.assertEqualDataBoundBeans(sync, tester.configRoundTrip(sync));

        GitopsRollbackStep rollback = new GitopsRollbackStep("dev", "broken");
        J.assertEqualDataBoundBeans(rollback, tester.configRoundTrip(rollback));
        rollback.setApp("payments-api");
        rollback.setTo("v1");
        rollback.setHold(false);
        rollback.setImage("ghcr.io/myorg/api");
        rollback.setRepository("config");
        J.assertEqualDataBoundBeans(rollback, tester.configRoundTrip(rollback));
    }

    @Test
    public void noStepNeedsAnExecutor() throws Exception {
        assertThat(J.jenkins.getNumExecutors(), is(0));
        for (GitopsStepDescriptor descriptor : J.jenkins.getExtensionList(GitopsStepDescriptor.class)) {
            assertThat(descriptor.getRequiredContext().toString(), not(containsString("FilePath")));
        }
    }
}
