package io.jenkins.plugins.gitops.agent.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * A command that only has subcommands, all of which have {@code --help}. Without a subcommand it prints its usage, as
 * for a wrong one.
 */
public abstract class UsageCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows the options of the command.")
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** The classes of its commands, in the order of the help. */
    protected abstract List<Class<?>> subcommands();

    @Override
    public final Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
