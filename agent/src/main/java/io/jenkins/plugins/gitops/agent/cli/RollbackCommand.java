package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.RollbackPlanner;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rollback}. */
@Command(
        name = "rollback",
        description = "Rolls an application in one environment back to earlier images, and holds it.")
final class RollbackCommand extends ChangeCommand {
    @Option(names = "--env", paramLabel = "ENV", required = true, description = "The environment.")
    private String env;

    @CheckForNull
    @Option(
            names = "--to",
            paramLabel = "REVISION|TAG",
            description = "An entry of its history. By default the one before the current images.")
    private String to;

    @Option(
            names = "--image",
            paramLabel = "NAME",
            description = "Only this image, without tag; may be repeated. By default all images of the application.")
    private List<String> images = new ArrayList<>();

    @Option(names = "--no-hold", description = "Do not hold it.")
    private boolean noHold;

    @Override
    String environment() {
        return env;
    }

    @Override
    ChangePlanner planner(ConfigRepository repository, OpenBranches branches, ChangeMetadata changeMetadata)
            throws UserErrorException {
        if (!hasReason()) {
            throw new UserErrorException(
                    "A rollback of " + app() + "/" + env + " requires a reason", "Give one with --reason");
        }
        return new RollbackPlanner(app(), env, new RollbackPlanner.Options(to, images, !noHold), changeMetadata);
    }
}
