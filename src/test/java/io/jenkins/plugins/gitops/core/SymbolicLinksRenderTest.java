package io.jenkins.plugins.gitops.core;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.KustomizeRenderer;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import io.jenkins.plugins.gitops.core.render.source.SymlinkResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Symbolic links are followed as by kustomize 5.8.1, both from a folder and from a commit of it. */
public class SymbolicLinksRenderTest {
    private static final GitOptions OPTIONS = new GitOptions(Duration.ofMinutes(1), Duration.ofMinutes(1), true);
    private static final String CONFIG_MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}\n";

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path root;

    @Before
    public void writeFiles() throws Exception {
        root = temporary.newFolder("work").toPath();
        Files.writeString(temporary.getRoot().toPath().resolve("outside.yaml"), CONFIG_MAP);
        write("base/web.yaml", CONFIG_MAP);
        write("base/kustomization.yaml", "resources: [web.yaml]\n");
        write("plain.txt", "text");
    }

    @Test
    public void linkToABaseIsFollowed() throws Exception {
        write("app/kustomization.yaml", "resources: [base]\nnamePrefix: a-\n");
        link("app/base", "../base");
        assertNames("app", "a-web");
    }

    @Test
    public void linkedFolderIsRendered() throws Exception {
        link("app", "base");
        assertNames("app", "web");
    }

    @Test
    public void pathsOfALinkedBaseBeginAtItsRealFolder() throws Exception {
        write("deep/real/kustomization.yaml", "resources: [../../base]\n");
        write("app/kustomization.yaml", "resources: [link]\n");
        link("app/link", "../deep/real");
        assertNames("app", "web");
    }

    @Test
    public void linkToAFileInTheFolderIsFollowed() throws Exception {
        write("app/kustomization.yaml", "resources: [link.yaml]\nconfigMapGenerator:\n- files: [text]\n  name: t\n");
        write("app/in/web.yaml", CONFIG_MAP);
        link("app/link.yaml", "./other.yaml");
        link("app/other.yaml", "in/web.yaml");
        write("app/in/real", "content");
        link("app/text", "in/real");
        for (FileTree tree : trees()) {
            List<Map<String, Object>> manifests =
                    KustomizeRenderer.render(tree, "app").manifests();
            assertThat(manifests.toString(), manifests.size(), is(2));
            assertThat(manifests.toString(), containsString("data={text=content}"));
        }
    }

    @Test
    public void fileOutsideTheFolderIsRejected() throws Exception {
        write("app/kustomization.yaml", "resources: [web.yaml]\n");
        link("app/web.yaml", "../base/web.yaml");
        assertRefused("app", "the file base/web.yaml is not in the folder of the kustomization");
    }

    @Test
    public void kustomizationOutsideTheFolderIsRejected() throws Exception {
        link("app/kustomization.yaml", "../base/kustomization.yaml");
        assertRefused("app", "the file base/kustomization.yaml is not in the folder of the kustomization");
    }

    @Test
    public void cyclesThroughLinksAreFound() throws Exception {
        write("app/kustomization.yaml", "resources: [self]\n");
        link("app/self", "../app");
        assertRefused("app", "app is, or contains, a kustomization that includes this one");
    }

    @Test
    public void linksOutOfTheRepositoryAreRejected() throws Exception {
        write("up/kustomization.yaml", "resources: [web.yaml]\n");
        link("up/web.yaml", "../../outside.yaml");
        write("absolute/kustomization.yaml", "resources: [web.yaml]\n");
        link("absolute/web.yaml", root.resolve("base/web.yaml").toString());
        assertRefused("up", "is absolute or leaves the repository");
        assertRefused("absolute", "is absolute or leaves the repository");
    }

    @Test
    public void loopsOfLinksAreRejected() throws Exception {
        write("app/kustomization.yaml", "resources: [one]\n");
        link("app/one", "two");
        link("app/two", "one");
        assertRefused("app", "app/one: there are more than 40 symbolic links");
    }

    @Test
    public void fortyLinksAreFollowed() throws Exception {
        link("l1", "base");
        for (int i = 2; i <= 41; i++) {
            link("l" + i, "l" + (i - 1));
        }
        for (FileTree tree : trees()) {
            assertThat(SymlinkResolver.follow(tree, "l40/web.yaml"), is("base/web.yaml"));
            assertThrows(UserErrorException.class, () -> SymlinkResolver.follow(tree, "l41/web.yaml"));
        }
    }

    @Test
    public void treesListLinksApartFromFiles() throws Exception {
        link("b", "base");
        link("a", "nowhere");
        for (FileTree tree : trees()) {
            assertThat(tree.links(""), is(List.of("a", "b")));
            assertThat(tree.links("b"), is(List.of()));
            assertThat(tree.links("missing"), is(List.of()));
            assertThat(tree.linkTarget("a").orElseThrow(), is("nowhere"));
            assertThat(tree.linkTarget("b/web.yaml").isEmpty(), is(true));
            assertThat(tree.linkTarget("base").isEmpty(), is(true));
            assertThat(tree.linkTarget("").isEmpty(), is(true));
            assertThat(SymlinkResolver.follow(tree, "a/x"), is("nowhere/x"));
            assertThat(tree.list("").stream().map(FileTree.Entry::name).toList(), is(List.of("base", "plain.txt")));
        }
    }

    private void assertNames(String path, String... names) throws Exception {
        for (FileTree tree : trees()) {
            List<Object> found = KustomizeRenderer.render(tree, path).manifests().stream()
                    .map(manifest -> ((Map<?, ?>) manifest.get("metadata")).get("name"))
                    .map(Object.class::cast)
                    .toList();
            assertThat(found, is(List.of((Object[]) names)));
        }
    }

    private void assertRefused(String path, String message) throws Exception {
        for (FileTree tree : trees()) {
            UserErrorException refused =
                    assertThrows(UserErrorException.class, () -> KustomizeRenderer.render(tree, path));
            assertThat(refused.getMessage(), containsString(message));
        }
    }

    private List<FileTree> trees() throws Exception {
        Path folder = temporary.newFolder().toPath();
        try (Git git = Git.init()
                .setDirectory(root.toFile())
                .setGitDir(folder.resolve("git").toFile())
                .setInitialBranch("main")
                .call()) {
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage("Add files")
                    .setAuthor("a", "a@example.com")
                    .setCommitter("a", "a@example.com")
                    .setSign(false)
                    .call();
        }
        Files.deleteIfExists(root.resolve(".git"));
        ConfigRepository clone = ConfigRepository.open(
                folder.resolve("clone"),
                folder.resolve("git").toUri().toString(),
                "main",
                "",
                GitCredentials.ANONYMOUS,
                Runnable::run,
                OPTIONS);
        return List.of(new DirectoryTree(root), clone.files(clone.fetch()));
    }

    private void write(String path, String content) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void link(String path, String target) throws Exception {
        Path link = root.resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }
}
