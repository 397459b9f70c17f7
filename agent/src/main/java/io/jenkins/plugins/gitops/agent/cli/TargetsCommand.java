package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.delivery.BranchFiles;
import io.jenkins.plugins.gitops.core.delivery.TargetSurvey;
import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code targets}. */
@Command(
        name = "targets",
        description =
                "Prints the targets of a config repository with their files, images and rules; and what looks like a"
                        + " target and is not one, with the reason.")
final class TargetsCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private TreeOptionsMixin tree;

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat output;

    @Override
    public Integer call() throws Exception {
        return tree.read(spec.commandLine(), this::print);
    }

    private Integer print(FileTree files, BranchFiles others) throws Exception {
        TargetSurvey survey = TargetSurvey.of(files, others);
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.json) {
            out.println(CommandOutput.json(SurveyOutput.json(survey)));
        } else {
            SurveyOutput.lines(survey).forEach(out::println);
        }
        out.flush();
        survey.problems().forEach(problem -> CommandOutput.progress(spec.commandLine(), problem));
        if (!survey.complete()) {
            CommandOutput.progress(spec.commandLine(), SurveyOutput.INCOMPLETE);
        }
        return ExitCode.OK;
    }
}
