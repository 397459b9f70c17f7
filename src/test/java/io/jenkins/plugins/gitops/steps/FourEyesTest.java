package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.HudsonPrivateSecurityRealm;
import hudson.tasks.Mailer;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.promotion.ExcludedPerson;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.branch.BranchSource;
import jenkins.model.Jenkins;
import jenkins.scm.impl.SingleSCMSource;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.ErrorCollector;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * Who may approve a request of a build, by how the build was really started, who wrote its changes, and who brought the
 * images into the source environment.
 */
public class FourEyesTest {
    private static final String STAGING = "payments-api/staging";
    private static final String PROMOTE = "gitopsPromote(app: 'payments-api', from: 'staging', to: 'production')\n";
    private static final Set<String> APPROVERS = Set.of("alice", "bob", "carol", "dave");
    private static final String BY_MAIL = "Robert <bob@corp.example>";
    private static final String BY_ID = "somebody <carol@elsewhere.example>";
    private static final String BY_NAME = "Dave Example <d@elsewhere.example>";
    private static final String STRANGER = "Mallory <mallory@elsewhere.example>";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final ErrorCollector rows = new ErrorCollector();

    /** How a build is started. */
    private enum Start {
        PUSH,
        TIMER,
        TOKEN,
        USER,
        UPSTREAM_OF_USER,
        UPSTREAM_OF_PUSH,
        REPLAY
    }

    /**
     * One row of the table.
     *
     * @param starter who starts a build that a person starts
     * @param commits author and committer, in turn
     * @param excluded the approvers whose approval does not count; null if the build is rejected, since no contributor
     *     is known
     * @param unknown authors that the card shows as unknown
     */
    private record StarterCase(
            Start start, String starter, List<String> commits, Set<String> excluded, List<String> unknown) {
        StarterCase by(String... authorsAndCommitters) {
            return new StarterCase(start, starter, List.of(authorsAndCommitters), excluded, unknown);
        }

        StarterCase excludes(String... approvers) {
            return new StarterCase(start, starter, commits, Set.of(approvers), unknown);
        }

        StarterCase unknown(String... names) {
            return new StarterCase(start, starter, commits, excluded, List.of(names));
        }

        StarterCase isRefused() {
            return new StarterCase(start, starter, commits, null, unknown);
        }

        @Override
        public String toString() {
            return start + " by " + starter + ", commits of " + commits;
        }
    }

    @Before
    public void people() throws Exception {
        // A build of a multibranch project would otherwise wait for five seconds.
        J.jenkins.setQuietPeriod(0);
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        J.jenkins.setSecurityRealm(realm);
        for (String id : List.of("alice", "bob", "carol", "dave", "erin")) {
            realm.createAccount(id, id);
        }
        User.getById("bob", false).addProperty(new Mailer.UserProperty("Bob@corp.example"));
        User.getById("dave", false).setFullName("Dave Example");
        J.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD, Item.CONFIGURE, GitopsPermissions.APPROVE)
                .everywhere()
                .toEveryone());
    }

    /** The images were brought to staging by a timer, so no person is known. */
    @Before
    public void timerBringsImagesToStaging() throws Exception {
        String policy = J.repository().read("gitops.yaml");
        J.repository()
                .write(
                        "gitops.yaml",
                        policy.replace("    groups: [payments-leads]\n", "")
                                .replace("users: [bob]", "users: [alice, bob, carol, dave]"),
                        "policy");
        bring(job("gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')"), timer());
    }

    private void bring(WorkflowJob job, CauseAction by) throws Exception {
        J.assertBuildStatusSuccess(job.scheduleBuild2(0, by));
        J.agent().live(STAGING, J.repository().tip());
    }

    private static CauseAction timer() {
        return new CauseAction(new TimerTrigger.TimerTriggerCause());
    }

    private static CauseAction user(String id) {
        return new CauseAction(new Cause.UserIdCause(id));
    }

    private static WorkflowJob job(String script) throws Exception {
        return J.job("job-" + System.nanoTime(), script);
    }

    private static WorkflowJob job(PushedScm scm) throws Exception {
        WorkflowJob job = J.job("job-" + System.nanoTime(), "");
        CpsScmFlowDefinition definition = new CpsScmFlowDefinition(scm, "Jenkinsfile");
        definition.setLightweight(false);
        job.setDefinition(definition);
        return job;
    }

    private static PushedScm scm(String script, List<String> commits) {
        PushedScm scm = new PushedScm(script);
        for (int i = 0; i + 1 < commits.size(); i += 2) {
            scm.commit(commits.get(i), commits.get(i + 1));
        }
        return scm;
    }

    /** Starts a build as indexing after a push does. */
    private static WorkflowRun push(String script, List<String> commits) throws Exception {
        WorkflowMultiBranchProject project =
                J.createProject(WorkflowMultiBranchProject.class, "project-" + System.nanoTime());
        project.getSourcesList().add(new BranchSource(new SingleSCMSource("main", scm(script, commits))));
        project.scheduleBuild2(0).getFuture().get();
        return build(project.getItem("main"), 1);
    }

    /** Returns the build once the queue has started it. */
    private static WorkflowRun build(WorkflowJob job, int number) {
        Polling.until(() -> job.getBuildByNumber(number) != null);
        return job.getBuildByNumber(number);
    }

    private static WorkflowRun start(StarterCase starterCase) throws Exception {
        PushedScm scm = scm(PROMOTE, starterCase.commits());
        return switch (starterCase.start()) {
            case PUSH -> push(PROMOTE, starterCase.commits());
            case TIMER -> start(job(scm), timer());
            case TOKEN -> start(job(scm), new CauseAction(new Cause.RemoteCause("ci.example.com", "token")));
            case USER -> start(job(scm), user(starterCase.starter()));
            case UPSTREAM_OF_USER -> start(job(scm), upstream(start(job("echo 'up'"), user(starterCase.starter()))));
            case UPSTREAM_OF_PUSH -> start(job(PROMOTE), upstream(push("echo 'up'", starterCase.commits())));
            case REPLAY -> replay(starterCase);
        };
    }

    private static WorkflowRun start(WorkflowJob job, CauseAction cause) throws Exception {
        return job.scheduleBuild2(0, cause).waitForStart();
    }

    private static CauseAction upstream(WorkflowRun run) throws Exception {
        return new CauseAction(new Cause.UpstreamCause(J.waitForCompletion(run)));
    }

    /** Replays with another script, so that the sources are not checked out again. */
    private static WorkflowRun replay(StarterCase starterCase) throws Exception {
        WorkflowRun original = J.waitForCompletion(push("echo 'first'", starterCase.commits()));
        try (ACLContext context =
                ACL.as2(User.getById(starterCase.starter(), true).impersonate2())) {
            original.getAction(ReplayAction.class).run(PROMOTE, Map.of());
        }
        return build(original.getParent(), 2);
    }

    private static final List<StarterCase> ROWS = List.of(
            row(Start.PUSH, null).by(BY_MAIL, BY_MAIL).excludes("bob"),
            row(Start.PUSH, null).by(BY_ID, BY_ID).excludes("carol"),
            row(Start.PUSH, null).by(BY_NAME, BY_NAME).excludes("dave"),
            // Author and committer are two people, and both are contributors.
            row(Start.PUSH, null).by(BY_MAIL, BY_ID).excludes("bob", "carol"),
            row(Start.PUSH, null)
                    .by(BY_MAIL, BY_MAIL, BY_ID, BY_ID, BY_NAME, BY_NAME)
                    .excludes("bob", "carol", "dave"),
            row(Start.PUSH, null).by(STRANGER, BY_ID).excludes("carol").unknown(STRANGER),
            row(Start.PUSH, null)
                    .by("Alice <alice@x.example>", "GitHub <noreply@github.com>")
                    .excludes("alice"),
            row(Start.PUSH, null)
                    .by("A <1234+bob@users.noreply.github.com>", BY_MAIL)
                    .excludes("bob"),
            row(Start.PUSH, null).by(STRANGER, STRANGER).isRefused(),
            row(Start.PUSH, null).isRefused(),
            row(Start.TIMER, null).isRefused(),
            row(Start.TIMER, null).by(BY_ID, BY_ID).excludes("carol"),
            row(Start.TIMER, null)
                    .by("SYSTEM <SYSTEM@x>", "anonymous <anonymous@x>")
                    .isRefused(),
            row(Start.TOKEN, null).isRefused(),
            row(Start.TOKEN, null).by(BY_MAIL, STRANGER).excludes("bob").unknown(STRANGER),
            row(Start.USER, "alice").excludes("alice"),
            row(Start.USER, "SYSTEM").isRefused(),
            row(Start.USER, "erin").by(BY_MAIL, BY_ID).excludes("bob", "carol"),
            row(Start.USER, "alice").by(STRANGER, STRANGER).excludes("alice").unknown(STRANGER),
            row(Start.UPSTREAM_OF_USER, "alice").excludes("alice"),
            row(Start.UPSTREAM_OF_USER, "alice").by(BY_MAIL, BY_MAIL).excludes("alice", "bob"),
            row(Start.UPSTREAM_OF_PUSH, null).by(BY_MAIL, BY_ID).excludes("bob", "carol"),
            row(Start.UPSTREAM_OF_PUSH, null).by(STRANGER, STRANGER).isRefused(),
            row(Start.REPLAY, "dave").by(BY_MAIL, BY_MAIL).excludes("bob", "dave"),
            row(Start.REPLAY, "erin").by(STRANGER, BY_ID).excludes("carol").unknown(STRANGER));

    private static StarterCase row(Start start, String starter) {
        return new StarterCase(start, starter, List.of(), Set.of(), List.of());
    }

    @Test
    public void starterAndAuthorCannotApprove() throws Exception {
        for (StarterCase starterCase : ROWS) {
            WorkflowRun run = start(starterCase);
            if (starterCase.excluded() == null) {
                rows.checkThat(starterCase.toString(), refusal(run), is(true));
            } else {
                rows.checkThat(starterCase.toString(), excluded(run), is(new TreeSet<>(starterCase.excluded())));
                rows.checkThat(starterCase.toString(), unknown(run), is(starterCase.unknown()));
                end(run);
            }
        }
        rows.checkThat("made while looking", User.getById("made-by-looking", false), is(nullValue()));
    }

    /** Whether the build fails because no contributor is known, and names a remedy. */
    private static boolean refusal(WorkflowRun run) throws Exception {
        J.assertBuildStatus(Result.FAILURE, J.waitForCompletion(run));
        String log = JenkinsRule.getLog(run);
        return log.contains("no person is known who started this build or wrote its changes")
                && log.contains("approval.unknownRequester: allow")
                && !log.contains("\tat ");
    }

    private static PendingPromotions.PendingPromotion pending(WorkflowRun run) throws Exception {
        J.waitForMessage("Approve or reject", run);
        return TestUsers.as("erin", () -> PendingPromotions.get().pending()).stream()
                .filter(p -> p.run().equals(run))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the approvers whose approval does not count, as shown to each of them. */
    private static Set<String> excluded(WorkflowRun run) throws Exception {
        PendingPromotions.PendingPromotion pendingPromotion = pending(run);
        Set<String> excluded = new TreeSet<>();
        for (String id : APPROVERS) {
            if (TestUsers.as(id, () -> PendingPromotions.get().refusal(pendingPromotion))
                    .isPresent()) {
                excluded.add(id);
            }
        }
        return excluded;
    }

    private static List<String> unknown(WorkflowRun run) throws Exception {
        return pending(run).request().getUnknownAuthors();
    }

    private static void end(WorkflowRun run) throws Exception {
        run.doStop();
        J.waitForCompletion(run);
        ThreadPoolTasks.awaitIdle();
    }

    @Test
    public void promoterToTheSourceIsExcludedToo() throws Exception {
        bring(job("gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v3')"), user("alice"));
        WorkflowRun run = start(job(PROMOTE), user("erin"));
        assertThat(excluded(run), is(Set.of("alice")));
        assertThat(roles(run).get("alice"), is(ExcludedPerson.Role.EARLIER_CHANGE));
        end(run);
    }

    @Test
    public void authorOfChangesPromotedToTheSourceIsExcludedToo() throws Exception {
        WorkflowJob job = job(scm(
                "gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v3')",
                List.of(BY_MAIL, BY_ID, STRANGER, STRANGER)));
        bring(job, timer());
        Trailers trailers = J.repository().trailers(J.repository().tip());
        assertThat(trailers.all("Gitops-Author"), is(List.of(BY_MAIL, BY_ID, STRANGER)));
        WorkflowRun run = start(job(PROMOTE), timer());
        assertThat(excluded(run), is(Set.of("bob", "carol")));
        assertThat(unknown(run), is(List.of(STRANGER)));
        end(run);
    }

    @Test
    public void changesOfAFailedBuildCarryOver() throws Exception {
        WorkflowJob job = job(scm("error 'broken'", List.of(BY_MAIL, BY_MAIL)));
        J.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0, timer()));
        job.setDefinition(new CpsFlowDefinition(PROMOTE, true));
        WorkflowRun run = start(job, user("alice"));
        assertThat(excluded(run), is(Set.of("alice", "bob")));
        end(run);
    }

    @Test
    public void policyMayAllowUnknownContributors() throws Exception {
        String policy = J.repository().read("gitops.yaml");
        String tip = J.repository()
                .write("gitops.yaml", policy.replace("count: 1", "count: 1\n    unknownRequester: allow"), "allow");
        J.agent().live(STAGING, tip);
        WorkflowRun run = start(job(PROMOTE), timer());
        assertThat(excluded(run), is(Set.of()));
        assertThat(pending(run).request().isRequestedByPerson(), is(false));
        end(run);
    }

    @Test
    public void cardNamesExcludedPeopleAndTheReason() throws Exception {
        WorkflowRun run = start(new StarterCase(Start.USER, "alice", List.of(BY_MAIL, STRANGER), Set.of(), List.of()));
        Map<String, ExcludedPerson.Role> roles = roles(run);
        assertThat(roles, is(Map.of("alice", ExcludedPerson.Role.REQUESTER, "bob", ExcludedPerson.Role.AUTHOR)));
        String page = WebClients.login(J, "carol")
                .goTo(run.getUrl() + PromotionAction.URL + "/")
                .asNormalizedText();
        assertThat(page, containsString("alice (requested this promotion)"));
        assertThat(page, containsString("bob (wrote or committed source code of this build)"));
        assertThat(page, containsString(STRANGER));
        end(run);
    }

    private static Map<String, ExcludedPerson.Role> roles(WorkflowRun run) throws Exception {
        PromotionRequest request = pending(run).request();
        return request.getExcluded().stream().collect(Collectors.toMap(ExcludedPerson::getId, ExcludedPerson::getRole));
    }
}
