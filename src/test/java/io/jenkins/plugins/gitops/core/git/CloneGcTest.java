package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.gitops.core.git.objects.GitFileTree;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.git.remote.RemoteBranch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class CloneGcTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private LocalClone clone;

    @Before
    public void open() throws Exception {
        RemoteBranch remoteBranch = new RemoteBranch(served.url(), "main", access(PASSWORD), ServedRepository.QUICK);
        clone = new LocalClone(CloneDirectory.lock(served.cache(), served.url(), "main", ""), remoteBranch);
    }

    @After
    public void close() {
        clone.close();
    }

    @Test
    public void packsOfManyFetchesBecomeOne() throws Exception {
        WorkTreeClone other = served.other();
        for (int i = 0; i < 4; i++) {
            other.write("count", String.valueOf(i)).commit("commit " + i);
            other.push(false);
            clone.fetch(() -> false);
        }
        assertThat(clone.maintain(100, 10), is(false));
        assertThat(clone.maintain(100, 3), is(true));
        assertThat(files(".pack"), is(1L));
        assertThat(clone.maintain(100, 3), is(false));
        assertReadable(clone.fetch(() -> false), "3");
    }

    @Test
    public void pushedObjectsAreSavedAndPacked() throws Exception {
        GroupPusher groupPusher = writer();
        clone.fetch(() -> false);
        for (int i = 0; i < 5; i++) {
            write(groupPusher, i);
            assertThat("nothing is written to be able to push", files(".pack"), is(1L + i));
            assertThat(clone.save(), is(true));
            assertThat(clone.save(), is(false));
        }
        assertThat(files(".pack"), is(6L));
        assertThat(clone.maintain(0, 5), is(true));
        assertThat(files(".pack"), is(1L));
        assertReadable(clone.tip(), "4");
    }

    @Test
    public void pushedObjectsAreSavedOnClose() throws Exception {
        write(writer(), 7);
        ObjectId pushed = clone.tip();
        clone.close();
        open();
        assertThat(clone.tip(), is(pushed));
        TreeCache treeCache = new TreeCache(clone);
        GitFileTree tree = new GitFileTree(treeCache, new CommitLog(clone).tree(pushed));
        assertThat(new String(tree.read("count").orElseThrow(), StandardCharsets.UTF_8), is("7"));
    }

    @Test
    public void twoThousandChangesLeaveFewFiles() throws Exception {
        GroupPusher groupPusher = writer();
        for (int group = 0; group < 40; group++) {
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                changes.add(ServedRepository.increment("op-" + group + "/" + i, "counters/c" + i % 7));
            }
            groupPusher
                    .write(changes)
                    .outcomes()
                    .values()
                    .forEach(outcome -> assertThat(outcome.failure(), is((Throwable) null)));
            clone.maintainIfDue();
            assertThat(files(""), is(lessThan(40L)));
        }
        assertThat(new CommitLog(clone).log(clone.tip().name(), "", 5000).size(), is(2001));
    }

    private GroupPusher writer() {
        TreeCache treeCache = new TreeCache(clone);
        return new GroupPusher(
                clone,
                treeCache,
                new BranchTrees(() -> "main", null),
                new FileLog(clone, treeCache),
                new RemoteBranch(served.url(), "main", access(PASSWORD), ServedRepository.QUICK),
                ServedRepository.QUICK);
    }

    private void write(GroupPusher groupPusher, int count) {
        Change change = ServedRepository.write("op-" + count, Map.of("count", String.valueOf(count)));
        assertThat(
                groupPusher
                        .write(List.of(change))
                        .outcomes()
                        .get(change)
                        .result()
                        .changed(),
                is(true));
    }

    private void assertReadable(ObjectId revision, String count) throws Exception {
        TreeCache treeCache = new TreeCache(clone);
        GitFileTree tree = new GitFileTree(treeCache, new CommitLog(clone).tree(revision));
        assertThat(new String(tree.read("count").orElseThrow(), StandardCharsets.UTF_8), is(count));
        assertThat(new CommitLog(clone).log(revision.name(), "", 100).size() > 4, is(true));
    }

    private long files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(served.cache())) {
            return files.filter(f -> Files.isRegularFile(f) && f.toString().endsWith(ending))
                    .count();
        }
    }
}
