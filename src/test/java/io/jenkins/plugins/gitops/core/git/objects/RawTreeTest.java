package io.jenkins.plugins.gitops.core.git.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.Test;

public class RawTreeTest {
    private static final ObjectId ID = ObjectId.fromString("0123456789012345678901234567890123456789");

    @Test
    public void listsOnlyFilesAndFoldersByName() {
        TreeFormatter tree = new TreeFormatter();
        tree.append("a.b", FileMode.REGULAR_FILE, ID);
        // Git sorts a folder as if its name ended with a slash, which is greater than a dot.
        tree.append("a", FileMode.TREE, ID);
        tree.append("link", FileMode.SYMLINK, ID);
        tree.append("module", FileMode.GITLINK, ID);
        tree.append("run", FileMode.EXECUTABLE_FILE, ID);
        tree.append("\u00e4", FileMode.TREE, ID);

        List<FileTree.Entry> entries = RawTree.list(tree.toByteArray());
        assertThat(
                entries,
                is(List.of(
                        new FileTree.Entry("a", true),
                        new FileTree.Entry("a.b", false),
                        new FileTree.Entry("run", false),
                        new FileTree.Entry("\u00e4", true))));
        assertThat(RawTree.list(new byte[0]), is(List.of()));
    }

    @Test
    public void findsEachOfManyEntriesAndNoOther() {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(3));
        byte[] tree = new byte[0];
        for (int number : numbers) {
            tree = RawTree.insert(tree, name(number), number % 3 == 0 ? FileMode.TREE : FileMode.REGULAR_FILE, ID);
        }
        for (int number : numbers) {
            RawTree.TreeEntry entry = RawTree.find(tree, name(number));
            assertThat(entry.rawName(), is(name(number)));
            assertThat(entry.isFolder(), is(number % 3 == 0));
            assertThat(entry.objectId(), is(ID));
        }
        assertThat(RawTree.find(tree, name(500)), is(nullValue()));
        assertThat(RawTree.find(tree, "entry".getBytes(StandardCharsets.UTF_8)), is(nullValue()));
        assertThat(RawTree.list(tree).size(), is(500));
    }

    private static byte[] name(int number) {
        return ("entry-" + number).getBytes(StandardCharsets.UTF_8);
    }
}
