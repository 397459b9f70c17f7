package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.PromotedImage;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.promotion.ExcludedPeople;
import io.jenkins.plugins.gitops.promotion.ExcludedPerson;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jvnet.hudson.test.JenkinsRule;

/** Builds that run until ended, and promotions that they request. */
final class PromotionTestKit {
    static final String URL = "https://git.example.com/platform/config.git";
    private static final RepositoryBinding BINDING = RepositoryBinding.of(configuration());

    private PromotionTestKit() {}

    private static RepositoryConfiguration configuration() {
        RepositoryConfiguration configuration = new RepositoryConfiguration("platform", URL);
        configuration.setBranch("main");
        return configuration;
    }

    /** Starts a build that runs until {@link #end}. */
    static WorkflowRun running(JenkinsRule j, String job) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class, job);
        project.setDefinition(new CpsFlowDefinition("input 'wait'", true));
        WorkflowRun run = project.scheduleBuild2(0).waitForStart();
        j.waitForMessage("Proceed or Abort", run);
        return run;
    }

    static void end(JenkinsRule j, WorkflowRun run) throws Exception {
        run.getAction(InputAction.class).getExecutions().get(0).proceed(Map.of());
        j.waitForCompletion(run);
    }

    static PromotionRequest request(WorkflowRun run, ApprovalPolicy policy, String requester, String reason)
            throws Exception {
        return request(run, policy, requester, reason, "1.0");
    }

    static PromotionRequest request(WorkflowRun run, ApprovalPolicy policy, String requester, String reason, String tag)
            throws Exception {
        PromotionPlan promotionPlan = new PromotionPlan(
                new Target("shop", "staging", ConfigServer.path("shop", "staging"), null),
                new Target("shop", "production", ConfigServer.path("shop", "production"), null),
                List.of(PromotedImage.of(
                        new ImageReference("ghcr.io/myorg/shop", tag, null),
                        new ImageReference("ghcr.io/myorg/shop", "0.9", null))),
                "1".repeat(40),
                policy);
        PromotionRequest request = new PromotionRequest(
                run.getExternalizableId() + System.nanoTime(),
                BINDING,
                promotionPlan,
                requester,
                new ExcludedPeople.Builder()
                        .add(requester, ExcludedPerson.Role.REQUESTER, null)
                        .add("carol", ExcludedPerson.Role.AUTHOR, null)
                        .addUnknown("Mallory <mallory@example.com>")
                        .build(true),
                reason);
        PromotionAction.add(run, request);
        return request;
    }
}
