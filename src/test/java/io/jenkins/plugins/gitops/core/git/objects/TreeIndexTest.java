package io.jenkins.plugins.gitops.core.git.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.Test;

public class TreeIndexTest {
    private static final ObjectId ID = ObjectId.fromString("0123456789012345678901234567890123456789");

    @Test
    public void findsTheSameAsAFullScan() {
        TreeFormatter formatter = new TreeFormatter();
        for (int i = 0; i < 3_000; i++) {
            // Unsorted, as any client can push it.
            formatter.append("f" + i * 7_919 % 3_000, i % 3 == 0 ? FileMode.TREE : FileMode.REGULAR_FILE, ID);
        }
        byte[] tree = formatter.toByteArray();
        TreeIndex index = new TreeIndex(tree);
        for (int i = 0; i < 3_000; i++) {
            byte[] name = ("f" + i).getBytes(StandardCharsets.UTF_8);
            assertThat(index.find(name).at(), is(RawTree.find(tree, name).at()));
        }
        assertThat(index.find("f".getBytes(StandardCharsets.UTF_8)), nullValue());
        assertThat(index.find("f3000".getBytes(StandardCharsets.UTF_8)), nullValue());
        assertThat(index.find(new byte[0]), nullValue());
    }

    @Test
    public void firstOfTwoEntriesWithOneNameIsFound() {
        TreeFormatter formatter = new TreeFormatter();
        formatter.append("a", FileMode.REGULAR_FILE, ID);
        formatter.append("a", FileMode.REGULAR_FILE, ObjectId.zeroId());
        byte[] tree = formatter.toByteArray();
        byte[] name = "a".getBytes(StandardCharsets.UTF_8);
        assertThat(new TreeIndex(tree).find(name).objectId(), is(ID));
        assertThat(new TreeIndex(new byte[0]).find(name), nullValue());
    }
}
