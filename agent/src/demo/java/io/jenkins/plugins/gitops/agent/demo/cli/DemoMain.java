package io.jenkins.plugins.gitops.agent.demo.cli;

import io.jenkins.plugins.gitops.agent.cli.Main;
import io.jenkins.plugins.gitops.agent.cli.UsageCommand;
import picocli.CommandLine.Command;

/** Entry of {@code gitops-agent-demo.jar}, which holds what only shows or measures the agent. */
@Command(
        name = "gitops-agent-demo",
        description = "Shows and measures GitOps delivery on embedded parts.",
        subcommands = {DemoCommand.class, BenchCommand.class})
public final class DemoMain extends UsageCommand {
    /** Runs a command and ends the process with its status. */
    public static void main(String[] arguments) {
        Main.run(new DemoMain(), arguments);
    }
}
