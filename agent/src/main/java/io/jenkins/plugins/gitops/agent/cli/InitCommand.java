package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.PolicyProposal;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code init}. */
@Command(name = "init", description = "Prints a gitops.yaml for what is in a config repository. Nothing is pushed.")
final class InitCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private TreeOptionsMixin tree;

    @CheckForNull
    @Option(names = "--write", paramLabel = "FILE", description = "Writes it to this new local file.")
    private Path write;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat output;

    @Override
    public Integer call() throws Exception {
        return tree.read(spec.commandLine(), (files, others) -> propose(files));
    }

    private Integer propose(FileTree files) throws Exception {
        String proposal = PolicyProposal.of(files);
        if (write != null) {
            write(write, proposal);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("policy", proposal);
            fields.put("file", write == null ? null : write.toString());
            out.println(CommandOutput.json(fields));
        } else if (write == null) {
            out.print(proposal);
        } else {
            out.println("wrote " + write);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void write(Path file, String text) throws Exception {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new UserErrorException(file + " exists already", "Name a new file with --write").causedBy(e);
        }
    }
}
