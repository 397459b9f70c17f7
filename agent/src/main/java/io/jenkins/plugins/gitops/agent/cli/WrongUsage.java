package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said about wrong usage: one line about what is wrong, and the usage line of the command. */
final class WrongUsage {
    private WrongUsage() {}

    /** Gives the status that the process ends with. */
    static int report(ParameterException error, String... arguments) {
        CommandLine command = error.getCommandLine();
        command.getErr().println(TextSanitizer.line(error.getMessage() + suggestion(error)));
        command.getErr().println(usage(command));
        command.getErr().flush();
        return ExitCode.USAGE;
    }

    private static String suggestion(ParameterException error) {
        if (error instanceof UnmatchedArgumentException unmatched) {
            List<String> similar = unmatched.getSuggestions();
            return similar.isEmpty() ? "" : ". Did you mean " + String.join(" or ", similar) + "?";
        }
        return "";
    }

    /** One line without the options that may be left out. */
    static String usage(CommandLine command) {
        String synopsis = command.getHelp().abbreviatedSynopsis().strip();
        return "Usage: " + synopsis + " (options: " + command.getCommandSpec().qualifiedName() + " --help)";
    }
}
