package io.jenkins.plugins.gitops.agent.demo.cli;

import io.jenkins.plugins.gitops.agent.cli.Main;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Entry of {@code gitops-agent-demo.jar}, which holds what only shows or measures the agent. */
@Command(
        name = "gitops-agent-demo",
        description = "Shows and measures GitOps delivery on embedded parts.",
        mixinStandardHelpOptions = true,
        subcommands = {DemoCommand.class, BenchCommand.class})
public final class DemoMain implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs a command and ends the process with its status. */
    public static void main(String[] arguments) {
        Main.run(new CommandLine(new DemoMain()), arguments);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
