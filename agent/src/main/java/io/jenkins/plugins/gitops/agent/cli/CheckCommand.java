package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.BranchFiles;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.PolicyCheck;
import io.jenkins.plugins.gitops.core.delivery.PolicyOverlay;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check}. */
@Command(
        name = "check",
        description = "Checks a gitops.yaml against the files that it is about. Exits with 1 when it has an error.")
final class CheckCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private TreeOptionsMixin tree;

    @CheckForNull
    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "Checks this local file instead of the one of the repository or folder. Without --repository and"
                            + " --folder, the folder that it is in.")
    private Path file;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat output;

    @Override
    public Integer call() throws Exception {
        if (file == null) {
            return tree.read(spec.commandLine(), this::check);
        }
        if (!Files.isRegularFile(file)) {
            throw new UserErrorException("There is no file " + file, "Correct the path");
        }
        byte[] policy = Files.readAllBytes(file);
        if (tree.isMissing()) {
            Path folder = file.toAbsolutePath().normalize().getParent();
            return check(new PolicyOverlay(TreeOptionsMixin.directory(folder), policy), BranchFiles.NONE);
        }
        return tree.read(
                spec.commandLine(),
                (files, others) -> check(
                        new PolicyOverlay(files, policy), branch -> new PolicyOverlay(others.of(branch), policy)));
    }

    private Integer check(FileTree files, BranchFiles others) throws Exception {
        PolicyCheck check = PolicyCheck.of(files, others);
        if (!check.hasFile()) {
            throw new UserErrorException(
                    "There is no " + Delivery.FILE,
                    "The command init proposes one, and targets shows what is found without");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("valid", check.errors().isEmpty());
            fields.put("errors", check.errors());
            fields.put("warnings", check.warnings());
            fields.put(
                    "targets",
                    check.survey() == null ? null : check.survey().targets().size());
            out.println(CommandOutput.json(fields));
        } else {
            print(check, out);
        }
        out.flush();
        return check.errors().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void print(PolicyCheck check, PrintWriter out) {
        check.errors().forEach(error -> spec.commandLine().getErr().println(error));
        spec.commandLine().getErr().flush();
        check.warnings().forEach(warning -> out.println("warning: " + TextSanitizer.line(warning)));
        if (check.survey() != null) {
            out.println(Delivery.FILE + " is valid: " + check.survey().targets().size() + " targets, "
                    + check.warnings().size() + " warnings");
        }
    }
}
