package io.jenkins.plugins.gitops.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.treewalk.TreeWalk;
import picocli.CommandLine;

/** A config repository on this machine with given files, and the command line for it. */
final class LocalRepository {
    private final Path folder;
    private final Path bare;
    private String out = "";
    private String err = "";

    private LocalRepository(Path folder, Path bare) {
        this.folder = folder;
        this.bare = bare;
    }

    /** One that is there already. @param folder for the cache */
    static LocalRepository of(Path folder, Path bare) {
        return new LocalRepository(folder, bare);
    }

    /**
     * Creates a repository.
     *
     * @param files texts by path
     */
    static LocalRepository create(Path folder, Map<String, String> files) throws Exception {
        Path source = folder.resolve("source");
        Path bare = folder.resolve("config.git");
        try (Git git = Git.init()
                .setInitialBranch("main")
                .setDirectory(source.toFile())
                .call()) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = source.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage("Import")
                    .setAuthor("Ann", "ann@example.com")
                    .setCommitter("Ann", "ann@example.com")
                    .setSign(false)
                    .call();
            Git.cloneRepository()
                    .setURI(source.toUri().toString())
                    .setBare(true)
                    .setDirectory(bare.toFile())
                    .call()
                    .close();
        }
        return new LocalRepository(folder, bare);
    }

    /** Runs a command on the repository. Returns its exit code. */
    int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--repository",
                bare.toString(),
                "--cache",
                folder.resolve("cache").toString()));
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(outText, true));
        command.setErr(new PrintWriter(errText, true));
        int code = command.execute(all.toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    /** Returns the output of a command that has to succeed. */
    JsonNode json(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        int code = run(all.toArray(String[]::new));
        if (code != 0) {
            throw new AssertionError("exit code " + code + ": " + err);
        }
        return new ObjectMapper().readTree(out);
    }

    String err() {
        return err;
    }

    /** Returns the text of a file at the tip of the branch. */
    String text(String path) throws Exception {
        try (Git git = Git.open(bare.toFile())) {
            ObjectId tree = git.getRepository().resolve("main^{tree}");
            try (TreeWalk walk = TreeWalk.forPath(git.getRepository(), path, tree)) {
                return new String(git.getRepository().open(walk.getObjectId(0)).getBytes(), "UTF-8");
            }
        }
    }

    /** Returns the message of the newest commit. */
    String message() throws Exception {
        try (Git git = Git.open(bare.toFile())) {
            return git.log()
                    .add(git.getRepository().resolve("main"))
                    .setMaxCount(1)
                    .call()
                    .iterator()
                    .next()
                    .getFullMessage();
        }
    }
}
