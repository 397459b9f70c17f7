package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.change.PromotionPlanner;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code promote}: only where no approval is required, since the command line cannot ask for one. */
@Command(
        name = "promote",
        description = "Copies the images of an application to the next environment, if that requires no approval.")
final class PromoteCommand extends ChangeCommand {
    @Option(names = "--from", paramLabel = "ENV", required = true, description = "The environment to copy from.")
    private String from;

    @Option(names = "--to", paramLabel = "ENV", required = true, description = "The environment to copy to.")
    private String to;

    @Option(
            names = "--image",
            paramLabel = "NAME",
            description = "Only this image, without tag; may be repeated. By default all images of the application.")
    private List<String> images = new ArrayList<>();

    @Override
    String environment() {
        return to;
    }

    @Override
    ChangePlanner planner(ConfigRepository repository, OpenBranches branches, ChangeMetadata changeMetadata)
            throws UserErrorException, IOException, InterruptedException {
        ConfigRepository source = branches.repository(branches.branchOf(app(), from));
        String sourceTip = OpenBranches.tip(source);
        FileTree there = source.files(sourceTip);
        FileTree here = source == repository ? there : OpenBranches.newest(repository);
        PromotionPlan promotionPlan = PromotionPlan.prepare(there, sourceTip, here, app(), from, to, images);
        if (promotionPlan.approval() != null) {
            throw new UserErrorException(
                    "Environment " + to + " requires approval in " + Delivery.FILE,
                    "Promote with gitopsPromote, which requests the approvals");
        }
        return new PromotionPlanner(
                promotionPlan,
                List.of(),
                (policy, people) ->
                        new ApprovalGate(policy, Set.of(), UnaryOperator.identity(), UnaryOperator.identity()),
                changeMetadata);
    }
}
