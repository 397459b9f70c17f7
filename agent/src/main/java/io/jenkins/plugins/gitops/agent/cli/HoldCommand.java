package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.HoldPlanner;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hold}. */
@Command(
        name = "hold",
        description = "Holds an application in one environment: its images cannot be changed until it is released.")
final class HoldCommand extends ChangeCommand {
    @Option(names = "--env", paramLabel = "ENV", required = true, description = "The environment.")
    private String env;

    @Override
    String environment() {
        return env;
    }

    @Override
    ChangePlanner planner(ConfigRepository repository, OpenBranches branches, ChangeMetadata changeMetadata) {
        return new HoldPlanner(app(), env, changeMetadata);
    }
}
