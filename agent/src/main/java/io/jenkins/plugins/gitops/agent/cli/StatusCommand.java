package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.Agent;
import io.jenkins.plugins.gitops.agent.AgentConfigReader;
import io.jenkins.plugins.gitops.agent.AgentMode;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code status --config FILE [APPLICATION]}. */
@Command(
        name = "status",
        description = "Compares the cluster with Git once, and prints what the agent would do. Writes nothing.")
final class StatusCommand implements Callable<Integer> {
    static final int DIFFERENT = 3;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "APPLICATION",
            description = "The application to show, with its resources. By default all are listed.")
    private String application;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The agent's configuration.")
    private Path config;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat output;

    @Option(
            names = "--exit-code",
            description = "Exit with 3 when an application is OutOfSync. By default, exit with 0.")
    private boolean exitCode;

    @Mixin
    private LogOptions log;

    @Override
    public Integer call() throws Exception {
        log.begin(spec.commandLine().getErr());
        List<ApplicationStatus> statuses = selected(read());
        if (output == OutputFormat.json) {
            spec.commandLine().getOut().println(CommandOutput.json(statuses));
        } else {
            StatusTable.lines(statuses, application != null)
                    .forEach(line -> spec.commandLine().getOut().println(line));
        }
        spec.commandLine().getOut().flush();
        String unread = unread(statuses);
        if (unread != null) {
            spec.commandLine().getErr().println(unread);
            return ExitCode.SOFTWARE;
        }
        boolean different = statuses.stream().anyMatch(s -> SyncState.of(s.sync()) == SyncState.OUT_OF_SYNC);
        return exitCode && different ? DIFFERENT : ExitCode.OK;
    }

    private List<ApplicationStatus> read() throws UserErrorException {
        // No progress messages, since the table contains the results.
        try (Agent agent = new Agent(AgentConfigReader.read(config), AgentMode.STATUS, line -> {})) {
            agent.requireCluster();
            return agent.reconcileOnce();
        }
    }

    private List<ApplicationStatus> selected(List<ApplicationStatus> all) throws UserErrorException {
        if (application == null) {
            return all;
        }
        List<ApplicationStatus> found =
                all.stream().filter(status -> status.name().equals(application)).toList();
        if (found.isEmpty()) {
            String names = all.stream().map(ApplicationStatus::name).collect(Collectors.joining(", "));
            throw new UserErrorException(
                    "There is no application " + TextSanitizer.line(application),
                    all.isEmpty() ? "Add its manifest to the folder of applications" : "Name one of " + names);
        }
        return found;
    }

    /** The applications that could not be compared, in one line; null if all could. */
    @CheckForNull
    private static String unread(List<ApplicationStatus> statuses) {
        List<String> names = statuses.stream()
                .filter(status -> SyncState.of(status.sync()) == SyncState.UNKNOWN)
                .map(ApplicationStatus::name)
                .toList();
        return names.isEmpty() ? null : "Could not be compared: " + String.join(", ", names);
    }
}
