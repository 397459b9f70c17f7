package io.jenkins.plugins.gitops.agent.demo.cli;

import io.jenkins.plugins.gitops.agent.cli.Main;
import io.jenkins.plugins.gitops.agent.cli.UsageCommand;
import java.util.List;
import picocli.CommandLine.Command;

/** Entry point of {@code gitops-agent-demo.jar}, which contains the demo and the benchmarks of the agent. */
@Command(name = "gitops-agent-demo", description = "Shows and measures GitOps delivery on embedded parts.")
public final class DemoMain extends UsageCommand {
    @Override
    protected List<Class<?>> subcommands() {
        return List.of(DemoCommand.class, BenchCommand.class);
    }

    /** Runs a command and exits with its exit code. */
    public static void main(String[] arguments) {
        Main.run(new DemoMain(), arguments);
    }
}
