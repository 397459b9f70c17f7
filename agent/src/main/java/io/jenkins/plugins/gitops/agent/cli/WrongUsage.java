package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports wrong usage: one line with the error, and the usage line of the command. */
final class WrongUsage {
    private WrongUsage() {}

    /** Returns the exit status of the process. */
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

    /** One line without the optional options. */
    static String usage(CommandLine command) {
        String synopsis = command.getHelp().abbreviatedSynopsis().strip();
        return "Usage: " + synopsis + " (options: " + command.getCommandSpec().qualifiedName() + " --help)";
    }
}
