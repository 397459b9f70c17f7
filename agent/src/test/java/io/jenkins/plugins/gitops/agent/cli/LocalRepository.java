package io.jenkins.plugins.gitops.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
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

    /**
     * A copy of one of the folders in {@code repositories} beside this class.
     *
     * @param changed texts of files that the copy has instead, by path
     */
    static LocalRepository copyOf(Path folder, String name, Map<String, String> changed) throws Exception {
        URL resource = LocalRepository.class.getResource("repositories/" + name);
        Path original = Path.of(Objects.requireNonNull(resource, name).toURI());
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(original)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(original.relativize(path).toString().replace('\\', '/'), Files.readString(path));
            }
        }
        files.putAll(changed);
        return create(folder, files);
    }

    Path bare() {
        return bare;
    }

    /** The work tree that the repository was made from, for commits of other people. */
    Path source() {
        return folder.resolve("source");
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

    String out() {
        return out;
    }

    String err() {
        return err;
    }

    /** Commits on the branch. */
    int commits() throws Exception {
        int count = 0;
        try (Git git = Git.open(bare.toFile())) {
            for (RevCommit ignored :
                    git.log().add(git.getRepository().resolve("main")).call()) {
                count++;
            }
        }
        return count;
    }

    /**
     * What the newest commit changed, byte for byte: the path of each file, then the lines that went with {@code -} and those
     * that came with {@code +}. A file that is new or gone is only named.
     */
    String diff() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Git git = Git.open(bare.toFile());
                DiffFormatter formatter = new DiffFormatter(bytes)) {
            formatter.setRepository(git.getRepository());
            formatter.setContext(0);
            for (DiffEntry entry : formatter.scan(
                    git.getRepository().resolve("main~1"), git.getRepository().resolve("main"))) {
                boolean edited = entry.getChangeType() == DiffEntry.ChangeType.MODIFY;
                String path = edited
                        ? entry.getNewPath()
                        : entry.getChangeType() + " "
                                + entry.getPath(
                                        entry.getChangeType() == DiffEntry.ChangeType.DELETE
                                                ? DiffEntry.Side.OLD
                                                : DiffEntry.Side.NEW);
                bytes.writeBytes((path + "\n").getBytes(StandardCharsets.UTF_8));
                if (edited) {
                    formatter.format(
                            formatter.toFileHeader(entry).toEditList(),
                            text(git, entry.getOldId()),
                            text(git, entry.getNewId()));
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8).replaceAll("(?m)^@@ .*\n", "");
    }

    private static RawText text(Git git, AbbreviatedObjectId id) throws Exception {
        return new RawText(git.getRepository().open(id.toObjectId()).getBytes());
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
