package io.jenkins.plugins.gitops.agent.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ExampleRepositoryTest {
    private static final Path EXAMPLE =
            Path.of(System.getProperty("gitops.root", ".")).resolve("docs/examples/config-repo");

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void containsTheDocumentedExampleByteForByte() throws Exception {
        Path bare = temporary.getRoot().toPath().resolve("config.git");
        String revision = ExampleRepository.create(bare);
        assertThat(files(bare, revision), equalTo(files(EXAMPLE)));
    }

    @Test
    public void containsTheFilesOfAFolder() throws Exception {
        Path folder = temporary.newFolder("files").toPath();
        Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(folder.resolve("a/b/c.yaml"), "x: 1\r\n");
        Files.writeString(folder.resolve("a.yaml"), "");
        Path bare = temporary.getRoot().toPath().resolve("other.git");
        String revision = ExampleRepository.create(bare, folder);
        assertThat(files(bare, revision), equalTo(Map.of("a/b/c.yaml", "x: 1\r\n", "a.yaml", "")));
        assertThat(Files.readString(bare.resolve("HEAD")), is("ref: refs/heads/main\n"));
    }

    private static Map<String, String> files(Path bare, String revision) throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
                RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(commits.parseCommit(repository.resolve(revision)).getTree());
            walk.setRecursive(true);
            while (walk.next()) {
                byte[] bytes = repository.open(walk.getObjectId(0)).getBytes();
                files.put(walk.getPathString(), new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private static Map<String, String> files(Path folder) throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(file).toString().replace('\\', '/'),
                        Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }
}
