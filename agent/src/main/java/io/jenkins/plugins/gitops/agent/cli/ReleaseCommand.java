package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ReleasePlanner;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code release}. */
@Command(name = "release", description = "Releases an application in one environment that is held.")
final class ReleaseCommand extends ChangeCommand {
    @Option(names = "--env", paramLabel = "ENV", required = true, description = "The environment.")
    private String env;

    @Override
    String environment() {
        return env;
    }

    @Override
    ChangePlanner planner(ConfigRepository repository, OpenBranches branches, ChangeMetadata changeMetadata) {
        return new ReleasePlanner(app(), env, changeMetadata);
    }
}
