package io.jenkins.plugins.gitops.core.render.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.FileTree.Entry;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DirectoryTreeTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private DirectoryTree tree;
    private Path root;

    @Before
    public void writeFiles() throws IOException {
        root = temporary.newFolder("root").toPath();
        Files.writeString(temporary.getRoot().toPath().resolve("outside"), "secret");
        Files.createDirectories(root.resolve("b/c"));
        Files.writeString(root.resolve("a"), "A");
        Files.writeString(root.resolve("b/c/d"), "D");
        Files.writeString(root.resolve("Z"), "Z");
        tree = new DirectoryTree(root);
    }

    @Test
    public void readsFilesAndOnlyFiles() throws Exception {
        assertThat(text("a"), is(Optional.of("A")));
        assertThat(text("b/c/d"), is(Optional.of("D")));
        assertThat(text("b"), is(Optional.empty()));
        assertThat(text(""), is(Optional.empty()));
        assertThat(text("a/x"), is(Optional.empty()));
        assertThat(text("missing"), is(Optional.empty()));
    }

    @Test
    public void listsInByteOrder() throws Exception {
        assertThat(tree.list(""), contains(new Entry("Z", false), new Entry("a", false), new Entry("b", true)));
        assertThat(tree.list("b"), contains(new Entry("c", true)));
        assertThat(tree.list("a"), is(empty()));
        assertThat(tree.list("missing"), is(empty()));
        assertThat(tree.list(".."), is(empty()));
    }

    @Test
    public void doesNotLeaveTheRoot() {
        for (String path : List.of("../outside", "b/../../outside", "/etc/passwd", "a\0b")) {
            UserErrorException refused = assertThrows(path, UserErrorException.class, () -> tree.read(path));
            assertThat(refused.getMessage(), containsString("is not in the folder"));
        }
    }

    @Test
    public void followsNoSymbolicLink() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), root.resolve("a"));
        Files.createSymbolicLink(root.resolve("folder"), root.resolve("b"));
        for (String path : List.of("link", "folder", "folder/c/d")) {
            UserErrorException refused = assertThrows(path, UserErrorException.class, () -> tree.read(path));
            assertThat(refused.getMessage(), containsString("symbolic link"));
        }
        assertThat(tree.list("folder"), is(empty()));
        assertThat(tree.list(""), contains(new Entry("Z", false), new Entry("a", false), new Entry("b", true)));
    }

    @Test
    public void theRootItselfMayBeALink() throws Exception {
        Path link = temporary.getRoot().toPath().resolve("root-link");
        Files.createSymbolicLink(link, root);
        assertThat(new DirectoryTree(link).read("a").isPresent(), is(true));
    }

    @Test
    public void rootThatIsNotAFolderIsAnError() {
        assertThrows(IOException.class, () -> new DirectoryTree(root.resolve("a")));
        assertThrows(IOException.class, () -> new DirectoryTree(root.resolve("missing")));
    }

    private Optional<String> text(String path) throws Exception {
        return tree.read(path).map(content -> new String(content, StandardCharsets.UTF_8));
    }
}
