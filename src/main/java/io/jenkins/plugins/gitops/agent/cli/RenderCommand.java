package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.render.DirectoryTree;
import io.jenkins.plugins.gitops.core.render.KustomizeRenderer;
import io.jenkins.plugins.gitops.core.render.Rendered;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code render PATH [--root FOLDER] [--unsorted]}. */
@Command(name = "render", description = "Prints the manifests that a folder with a kustomization stands for.")
final class RenderCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PATH", description = "A folder with a kustomization, below the root.")
    private String path;

    @Option(
            names = "--root",
            defaultValue = ".",
            paramLabel = "FOLDER",
            description = "The repository; nothing outside of it is read. By default the folder one is in.")
    private Path root;

    @Option(names = "--unsorted", description = "Keep the order of the files instead of the order of kinds.")
    private boolean unsorted;

    @Override
    public Integer call() throws Exception {
        Rendered rendered = KustomizeRenderer.render(new DirectoryTree(root), path, unsorted);
        PrintWriter err = spec.commandLine().getErr();
        rendered.warnings().forEach(err::println);
        PrintWriter out = spec.commandLine().getOut();
        rendered.manifests().forEach(manifest -> out.print(ManifestYaml.dump(manifest)));
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
