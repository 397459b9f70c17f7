package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.FlagRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Whatever happens to a write while Jenkins restarts, the decision becomes one commit. */
public class FaultsAndRestartTest {
    private static final String DEV = "payments-api/dev";
    private static final String STAGING = "payments-api/staging";

    /** The repository gives up at once, so that the test sees the retries of the step itself. */
    @Rule
    public final FlagRule<String> retry =
            FlagRule.systemProperty("io.jenkins.plugins.gitops.repository.GitSettings.retrySeconds", "0");

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final GitServerRule server = new GitServerRule();

    /** The host of the repositories whose pushes are rejected; it is unavailable for a while. */
    @Rule
    public final GitServerRule refused = new GitServerRule();

    private final CountDownLatch healed = new CountDownLatch(1);

    private enum InjectedFault {
        UNAVAILABLE,
        RESET,
        LOST_ANSWER,
        SILENCE,
        REFUSED
    }

    private enum TestedDecision {
        PROMOTION,
        ROLLBACK
    }

    /** One decision whose write meets one fault, with a separate repository and job of this name. */
    private record FaultScenario(TestedDecision decision, InjectedFault fault) {
        String name() {
            return (decision + "-" + fault).toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static List<FaultScenario> cases() {
        List<FaultScenario> cases = new ArrayList<>();
        for (TestedDecision decision : TestedDecision.values()) {
            for (InjectedFault fault : InjectedFault.values()) {
                cases.add(new FaultScenario(decision, fault));
            }
        }
        return cases;
    }

    private ServedConfigRepository repository(FaultScenario one) {
        return (one.fault() == InjectedFault.REFUSED ? refused : server).repository(one.name());
    }

    @Test
    public void everyDecisionBecomesOneCommit() throws Throwable {
        List<FaultScenario> cases = cases();
        List<RepositoryConfiguration> configurations = new ArrayList<>();
        for (FaultScenario one : cases) {
            ServedConfigRepository created =
                    (one.fault() == InjectedFault.REFUSED ? refused : server).create(one.name());
            configurations.add(GitopsTestConfiguration.repository(one.name(), created.url()));
        }
        sessions.then(j -> {
            j.jenkins.setNumExecutors(0);
            TestUsers.apply(j);
            GitopsTestConfiguration.setPassword(GitServerRule.PASSWORD);
            GitopsConfiguration.get().setAgents(List.of(TestAgent.configuration()));
            GitopsConfiguration.get().setRepositories(configurations);
            for (FaultScenario one : cases) {
                begin(j, one);
            }
            disturb();
            for (FaultScenario one : cases) {
                decide(j, one);
            }
        });
        sessions.then(j -> {
            heal();
            for (FaultScenario one : cases) {
                WorkflowRun run = j.waitForCompletion(run(j, one));
                boolean promotion = one.decision() == TestedDecision.PROMOTION;
                j.assertBuildStatus(promotion ? Result.SUCCESS : Result.FAILURE, run);
                j.assertLogContains(promotion ? "in commit " : "rolled back to ghcr.io/myorg/payments-api:", run);
                assertThat(one.name(), repository(one).commits().size(), is(3));
            }
        });
    }

    private static WorkflowRun run(JenkinsRule j, FaultScenario one) {
        return j.jenkins.getItemByFullName(one.name(), WorkflowJob.class).getBuildByNumber(1);
    }

    /** Runs up to the point before the decision. */
    private void begin(JenkinsRule j, FaultScenario one) throws Exception {
        String of = "repository: '" + one.name() + "', app: 'payments-api', ";
        if (one.decision() == TestedDecision.PROMOTION) {
            String file = ServedConfigRepository.imageFile(STAGING);
            ServedConfigRepository repository = repository(one);
            new TestAgent(repository.url()).live(STAGING, repository.replace(file, "sha-a1b2c3d", "v2", "to v2"));
            WorkflowJob job =
                    Pipelines.job(j.jenkins, one.name(), "gitopsPromote(" + of + "from: 'staging', to: 'production')");
            j.waitForMessage("Approve or reject", Pipelines.start(job, "alice"));
        } else {
            String script = "gitopsSetImage(" + of + "env: 'dev', tag: 'v2')\ngitopsAwaitSync(onFailure: 'rollback')";
            j.waitForMessage(
                    DEV + ": no agent has reported",
                    Pipelines.start(Pipelines.job(j.jenkins, one.name(), script), "alice"));
        }
    }

    private void decide(JenkinsRule j, FaultScenario one) throws Exception {
        WorkflowRun run = run(j, one);
        if (one.decision() == TestedDecision.PROMOTION) {
            PromotionRequest request =
                    run.getAction(PromotionAction.class).getRequests().get(0);
            PendingPromotions.DecisionResult decisionResult =
                    TestUsers.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, null));
            assertThat(decisionResult.isDone(), is(true));
        } else {
            ServedConfigRepository repository = repository(one);
            new TestAgent(repository.url()).degraded(DEV, repository.tip(), "no such tag v2");
            j.waitForMessage("rolling back", run);
        }
    }

    private void disturb() {
        Set<String> lost = ConcurrentHashMap.newKeySet();
        server.setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                if (!request.push() || request.advertisement() || healed.getCount() == 0) {
                    return Fault.NONE;
                }
                String repo = request.repository();
                if (repo.contains("silence")) {
                    awaitHealing();
                    return Fault.LOSE_REQUEST;
                }
                if (repo.contains("lost-answer")) {
                    return lost.add(repo) ? Fault.LOSE_ANSWER : Fault.NONE;
                }
                return repo.contains("reset") ? Fault.LOSE_REQUEST : Fault.answer(503);
            }
        });
        refused.stop();
    }

    private void awaitHealing() {
        try {
            healed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heal() throws Exception {
        healed.countDown();
        refused.setPassword(GitServerRule.PASSWORD);
    }
}
