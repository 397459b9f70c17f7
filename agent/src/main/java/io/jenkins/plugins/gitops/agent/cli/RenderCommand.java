package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.agent.FolderRenderer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.RenderResult;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import io.jenkins.plugins.gitops.core.render.source.OutsideTreeException;
import io.jenkins.plugins.gitops.core.render.yaml.ManifestYaml;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code render PATH [--root FOLDER] [--unsorted]}. */
@Command(name = "render", description = "Prints the manifests that a folder with a kustomization renders to.")
final class RenderCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PATH", description = "A folder with a kustomization or with plain YAML.")
    private Path path;

    @Option(
            names = "--root",
            paramLabel = "FOLDER",
            description =
                    "Nothing outside of it is read. By default the Git work tree around PATH, or the folder one is"
                            + " in.")
    private Path root;

    @Option(names = "--unsorted", description = "Keep the order of the files instead of the order of kinds.")
    private boolean unsorted;

    @Override
    public Integer call() throws Exception {
        Path folder = path.toAbsolutePath().normalize();
        Path top = root == null ? around(folder) : root.toAbsolutePath().normalize();
        if (!folder.startsWith(top)) {
            throw new UserErrorException(path + " is not below " + top, "Name a folder around it with --root");
        }
        String below = top.relativize(folder).toString().replace(File.separatorChar, '/');
        RenderResult renderResult = render(top, below);
        PrintWriter err = spec.commandLine().getErr();
        renderResult.warnings().forEach(err::println);
        PrintWriter out = spec.commandLine().getOut();
        out.print(ManifestYaml.write(renderResult.manifests()));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private RenderResult render(Path top, String below) throws UserErrorException, IOException {
        if (!Files.isDirectory(top.resolve(below))) {
            throw new UserErrorException("There is no folder " + path, "Correct the path");
        }
        try {
            return FolderRenderer.renderWithWarnings(new DirectoryTree(top), below, unsorted);
        } catch (OutsideTreeException e) {
            String problem = e.getMessage().substring(0, e.getMessage().length() - 1);
            throw new UserErrorException(
                    problem, "Nothing outside of " + top + " is read; name a folder that contains both with --root");
        }
    }

    private static Path around(Path folder) {
        for (Path parent = folder; parent != null; parent = parent.getParent()) {
            if (Files.exists(parent.resolve(".git"))) {
                return parent;
            }
        }
        Path here = Path.of("").toAbsolutePath();
        return folder.startsWith(here) ? here : folder;
    }
}
