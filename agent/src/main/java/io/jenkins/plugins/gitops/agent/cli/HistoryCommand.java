package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.HistoryEntry;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code history}. */
@Command(
        name = "history",
        description = "Prints who changed the images of an application in an environment, newest first.")
final class HistoryCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private GitOptionsMixin git;

    @Option(names = "--app", paramLabel = "APP", required = true, description = "The application.")
    private String app;

    @Option(names = "--env", paramLabel = "ENV", required = true, description = "The environment.")
    private String env;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "The maximum number of entries. By default 20.")
    private int limit;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat output;

    @Override
    public Integer call() throws Exception {
        if (!git.isGiven()) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--repository'");
        }
        if (limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--limit': it must be 1 or more");
        }
        return git.open(this::print, line -> CommandOutput.progress(spec.commandLine(), line));
    }

    private Integer print(OpenBranches branches) throws Exception {
        ConfigRepository repository = branches.repository(branches.branchOf(app, env));
        String tip = OpenBranches.tip(repository);
        Target target = Delivery.load(repository.files(tip)).target(app, env);
        Hold hold = Hold.find(repository.files(tip), target).orElse(null);
        TargetHistory.RecentHistory history = TargetHistory.newest(repository, target, tip, limit);
        List<HistoryEntry> entries = history.entries();
        if (history.cut()) {
            CommandOutput.progress(
                    spec.commandLine(),
                    "Older history is not shown: only the newest 50,000 commits are searched, and 16 MiB of versions of the file");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("target", target.id());
            fields.put("revision", tip);
            fields.put("hold", hold == null ? null : json(hold));
            fields.put("entries", entries.stream().map(HistoryCommand::json).toList());
            out.println(CommandOutput.json(fields));
        } else {
            if (hold != null) {
                out.println(target.id() + " is held by " + hold.by() + ": " + hold.reason());
            }
            entries.forEach(entry -> print(out, entry));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(PrintWriter out, HistoryEntry entry) {
        out.println(String.join(
                "  ",
                ShortRevision.of(entry.revision()),
                entry.when().toString(),
                displayName(entry),
                entry.requestedBy() == null ? entry.author() : entry.requestedBy()));
        entry.images().forEach(change -> out.println("  " + CommandOutput.line(change)));
        line(out, "subject", entry.subject());
        if (!entry.writtenBy().isEmpty()) {
            line(out, "written by", String.join(", ", entry.writtenBy()));
        }
        line(out, "reason", entry.reason());
        line(out, "build", entry.build());
        line(out, "promoted from", entry.promotedFrom());
        if (!entry.approvedBy().isEmpty()) {
            line(out, "approved by", String.join(", ", entry.approvedBy()));
        }
    }

    private static void line(PrintWriter out, String what, @CheckForNull String text) {
        if (text != null) {
            out.println("  " + what + ": " + text);
        }
    }

    /** The name of the kind, with a mark for commits that this program did not make. */
    private static String displayName(HistoryEntry entry) {
        String kind = entry.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return entry.external() && entry.kind() != HistoryEntry.EntryKind.EXTERNAL ? kind + " (external)" : kind;
    }

    private static Map<String, Object> json(Hold hold) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("by", hold.by());
        fields.put("since", hold.since().toString());
        fields.put("reason", hold.reason());
        fields.put("operation", hold.operation());
        return fields;
    }

    private static Map<String, Object> json(HistoryEntry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("revision", entry.revision());
        fields.put("when", entry.when().toString());
        fields.put("author", entry.author());
        fields.put("subject", entry.subject());
        fields.put("writtenBy", entry.writtenBy());
        fields.put("kind", entry.kind().name());
        fields.put("external", entry.external());
        fields.put("images", CommandOutput.images(entry.images()));
        fields.put("requestedBy", entry.requestedBy());
        fields.put("reason", entry.reason());
        fields.put("build", entry.build());
        fields.put("approvedBy", entry.approvedBy());
        fields.put("promotedFrom", entry.promotedFrom());
        return fields;
    }
}
