package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitSettings;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A command that writes one commit to a config repository. */
abstract class ChangeCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private GitOptionsMixin git;

    @Mixin
    private CommitOptionsMixin commit;

    @CheckForNull
    @Option(names = "--app", paramLabel = "APP", description = "The application.")
    private String app;

    @CheckForNull
    @Option(names = "--reason", paramLabel = "TEXT", description = "The reason; recorded in the commit.")
    private String reason;

    @CheckForNull
    @Option(
            names = "--operation",
            paramLabel = "ID",
            description = "Identifies this operation: another call with the same ID does not commit again, but reports"
                    + " what the first one did. By default each call is a new operation.")
    private String operation;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat output;

    /** The environment that is changed; never null while the command runs on a repository. */
    abstract String environment();

    /**
     * Creates the planner of the change; called once, with the repository in its current state.
     *
     * @param repository the branch of the target
     * @param branches all branches of the repository
     */
    abstract ChangePlanner planner(ConfigRepository repository, OpenBranches branches, ChangeMetadata origin)
            throws Exception;

    /** A note about the result for the user, one line; null if it is as expected. */
    @CheckForNull
    String note(ChangeResult result) {
        return null;
    }

    @Override
    public Integer call() throws Exception {
        require("--repository", git.isGiven() ? "" : null);
        require("--app", app);
        GitUserConfig config = git.userConfig();
        Author author = commit.author(config);
        CommitSettings settings = commit.settings(config, author, reason, this::progress);
        ChangeMetadata changeMetadata = new ChangeMetadata(
                operation == null ? UUID.randomUUID().toString() : operation, null, author.name(), reason);
        return git.open(
                branches -> {
                    ConfigRepository repository = branches.repository(branches.branchOf(app, environment()));
                    ChangePlanner planner = planner(repository, branches, changeMetadata);
                    print(changeMetadata, write(repository, change(changeMetadata, author, planner, settings)));
                    return ExitCode.OK;
                },
                this::progress);
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void progress(String line) {
        CommandOutput.progress(spec.commandLine(), line);
    }

    final boolean isJson() {
        return output == OutputFormat.json;
    }

    final GitOptionsMixin git() {
        return git;
    }

    /** The application; not null when the command uses a repository. */
    final String app() {
        return app;
    }

    final boolean hasCommitOptions() {
        return commit.isGiven();
    }

    final boolean hasReason() {
        return reason != null;
    }

    final boolean hasOperation() {
        return operation != null;
    }

    /** The value of a mandatory option; a missing one is wrong usage. */
    final String require(String option, @CheckForNull String value) {
        if (value == null) {
            throw wrongUsage("Missing required option: '" + option + "'");
        }
        return value;
    }

    final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Change change(
            ChangeMetadata changeMetadata, Author author, ChangePlanner planner, CommitSettings settings) {
        try {
            return new Change(changeMetadata.operationId(), author, planner, settings);
        } catch (IllegalArgumentException e) {
            throw wrongUsage("Invalid value for option '--operation': " + e.getMessage());
        }
    }

    private ChangeResult write(ConfigRepository repository, Change change) throws Exception {
        try {
            return repository.submit(change, this::progress).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void print(ChangeMetadata changeMetadata, ChangeResult result) {
        String target = result.trailers().first(Trailers.TARGET).orElse("");
        PrintWriter out = out();
        if (isJson()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("changed", result.changed());
            fields.put("revision", result.revision());
            fields.put("target", target);
            fields.put("images", CommandOutput.images(ImageChange.of(result.trailers())));
            fields.put("files", result.files());
            fields.put("operation", changeMetadata.operationId());
            out.println(CommandOutput.json(fields));
        } else {
            out.println((result.changed() ? "changed " : "unchanged ") + target + " " + result.revision());
            ImageChange.of(result.trailers()).forEach(change -> out.println("  " + CommandOutput.line(change)));
        }
        out.flush();
        result.warnings().forEach(this::progress);
        String note = note(result);
        if (note != null) {
            progress(note);
        }
    }
}
