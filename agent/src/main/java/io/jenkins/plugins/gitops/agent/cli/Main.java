package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** Entry point of {@code gitops-agent.jar}. */
@Command(name = "gitops-agent", description = "Syncs a Kubernetes cluster with Git, and reports to Jenkins.")
public final class Main extends UsageCommand {
    private static final Logger LOGGER = Logger.getLogger(Main.class.getName());

    /**
     * Connection errors are reported once, with our own messages. Kept in a field, since unreferenced loggers are
     * garbage-collected.
     */
    private static final List<Logger> LIBRARIES =
            List.of(Logger.getLogger("org.apache.sshd"), Logger.getLogger("org.eclipse.jgit"));

    /**
     * The HTTP client of the cluster: all its errors, such as a bare "Connection reset", also reach the request, which
     * reports them.
     */
    private static final Logger HTTP_CLIENT = Logger.getLogger("io.vertx");

    private static final List<Class<?>> COMMANDS = List.of(
            AgentCommand.class,
            StatusCommand.class,
            ObserveCommand.class,
            SetImageCommand.class,
            PromoteCommand.class,
            RollbackCommand.class,
            HoldCommand.class,
            ReleaseCommand.class,
            HistoryCommand.class,
            TargetsCommand.class,
            CheckCommand.class,
            InitCommand.class,
            RenderCommand.class);

    private static final String LOG_LINE = "java.util.logging.SimpleFormatter.format";

    @Override
    protected List<Class<?>> subcommands() {
        return COMMANDS;
    }

    /** Runs a command and exits the process with its status. */
    public static void main(String[] arguments) {
        run(new Main(), arguments);
    }

    /** Runs a command of any jar and exits the process with its status. */
    public static void run(UsageCommand command, String... arguments) {
        LIBRARIES.forEach(logger -> logger.setLevel(Level.SEVERE));
        HTTP_CLIENT.setLevel(Level.OFF);
        logOneLineEach();
        JGitDefaults.install();
        System.exit(execute(commandLine(command, arguments), arguments));
    }

    /** Logs messages without time and stack trace, unless logging is configured on Java's command line. */
    private static void logOneLineEach() {
        if (System.getProperty("java.util.logging.config.file") == null && System.getProperty(LOG_LINE) == null) {
            System.setProperty(LOG_LINE, "%5$s%n");
        }
    }

    /** Runs a command. Any failure is reported as one line on standard error. */
    static int execute(CommandLine command, String... arguments) {
        try {
            return command.execute(arguments);
        } catch (StackOverflowError e) {
            command.getErr().println("The input is nested too deeply. Reduce its nesting.");
        } catch (OutOfMemoryError e) {
            command.getErr()
                    .println("There is not enough memory. Make the input smaller, or give Java more with -Xmx.");
        } catch (LinkageError e) {
            command.getErr().println(line(e));
        }
        return ExitCode.SOFTWARE;
    }

    static CommandLine commandLine() {
        return commandLine(new Main());
    }

    /**
     * The command line of a jar.
     *
     * @param arguments if the first is the name of a command, the others are left out, since reading all their options
     *     takes longer than most commands
     */
    static CommandLine commandLine(UsageCommand command, String... arguments) {
        CommandLine commandLine = new CommandLine(command);
        List<Class<?>> all = command.subcommands();
        List<Class<?>> named = all.stream()
                .filter(one -> arguments.length > 0
                        && one.getAnnotation(Command.class).name().equals(arguments[0]))
                .toList();
        (named.isEmpty() ? all : named).forEach(commandLine::addSubcommand);
        return commandLine.setExecutionExceptionHandler(Main::failed).setParameterExceptionHandler(WrongUsage::report);
    }

    /** A user error is complete in one line; for any other error, the stack trace can be logged. */
    private static int failed(Exception error, CommandLine command, ParseResult parsed) {
        if (error instanceof UserErrorException) {
            command.getErr().println(error.getMessage());
        } else {
            LOGGER.log(Level.FINE, "The command failed", error);
            command.getErr().println(line(error));
        }
        return ExitCode.SOFTWARE;
    }

    private static String line(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        String where = error instanceof IOException || trace.length == 0 ? "" : " (at " + trace[0] + ")";
        return TextSanitizer.line(error + where);
    }
}
