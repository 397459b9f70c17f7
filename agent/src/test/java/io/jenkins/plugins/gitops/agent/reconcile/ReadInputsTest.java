package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import io.jenkins.plugins.gitops.core.render.source.SymlinkResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Inputs that were read through symbolic links are unchanged only as long as the links have the same targets. */
public class ReadInputsTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path root;
    private ReadInputs readInputs;

    @Before
    public void read() throws Exception {
        root = temporary.getRoot().toPath();
        Files.createDirectories(root.resolve("one"));
        Files.createDirectories(root.resolve("two"));
        Files.createDirectories(root.resolve("app"));
        Files.writeString(root.resolve("one/file"), "same");
        Files.writeString(root.resolve("two/file"), "same");
        Files.createSymbolicLink(root.resolve("app/link"), Path.of("../one"));
        RecordingTree tree = new RecordingTree(new DirectoryTree(root));
        tree.read(SymlinkResolver.follow(tree, "app/link/file"));
        tree.links("app");
        readInputs = tree.reads();
    }

    @Test
    public void isUnchangedWhileInputsAreUnchanged() throws Exception {
        Files.writeString(root.resolve("two/file"), "changed");
        assertThat(holds(), is(true));
    }

    @Test
    public void isInvalidatedByAnotherLinkTarget() throws Exception {
        Files.delete(root.resolve("app/link"));
        Files.createSymbolicLink(root.resolve("app/link"), Path.of("../two"));
        assertThat(holds(), is(false));
    }

    @Test
    public void isInvalidatedByAnotherLinkInTheFolder() throws Exception {
        Files.createSymbolicLink(root.resolve("app/new"), Path.of("../two"));
        assertThat(holds(), is(false));
    }

    @Test
    public void isInvalidatedWhenAFolderBecomesALink() throws Exception {
        Files.delete(root.resolve("one/file"));
        Files.delete(root.resolve("one"));
        Files.createSymbolicLink(root.resolve("one"), Path.of("two"));
        assertThat(holds(), is(false));
    }

    @Test
    public void isInvalidatedWhenAMissingFolderBecomesALink() throws Exception {
        RecordingTree tree = new RecordingTree(new DirectoryTree(root));
        tree.list(SymlinkResolver.follow(tree, "missing"));
        readInputs = tree.reads();
        Files.createSymbolicLink(root.resolve("missing"), Path.of("two"));
        assertThat(holds(), is(false));
    }

    private boolean holds() throws IOException {
        return readInputs.areUnchangedIn(new DirectoryTree(root));
    }
}
