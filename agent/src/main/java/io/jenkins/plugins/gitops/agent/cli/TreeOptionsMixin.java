package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.BranchFiles;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of commands that only read a tree: a branch of a repository, or a local folder. */
final class TreeOptionsMixin {
    @Mixin
    private GitOptionsMixin git;

    @CheckForNull
    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Reads this local folder, such as a work tree, instead of a repository.")
    private Path folder;

    /** A task with the files. */
    interface TreeTask {
        /**
         * @param tree with the {@code gitops.yaml} that counts
         * @param others the other branches that it may name
         */
        Integer with(FileTree tree, BranchFiles others) throws Exception;
    }

    /** Whether neither a repository nor a folder was given. */
    boolean isMissing() {
        return folder == null && !git.isGiven();
    }

    /**
     * Runs the task on the newest revision of the branch, or on the folder.
     *
     * @throws ParameterException if not exactly one of the two was given
     * @throws UserErrorException if it cannot be read
     * @throws Exception any exception of the task
     */
    Integer read(CommandLine command, TreeTask task) throws Exception {
        if (isMissing()) {
            throw new ParameterException(command, "Missing required option: '--repository' or '--folder'");
        }
        if (folder == null) {
            return git.open(
                    branches -> task.with(OpenBranches.newest(branches.policy()), branches),
                    line -> CommandOutput.progress(command, line));
        }
        if (git.isGiven()) {
            throw new ParameterException(command, "--repository and --folder cannot be combined");
        }
        return task.with(directory(folder), BranchFiles.NONE);
    }

    /** A local folder. */
    static FileTree directory(Path folder) throws UserErrorException, IOException {
        if (!Files.isDirectory(folder)) {
            throw new UserErrorException("There is no folder " + folder, "Correct the path");
        }
        return new DirectoryTree(folder);
    }
}
