package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class MaintenanceTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private LocalClone clone;

    @Before
    public void open() throws Exception {
        Remote remote = new Remote(served.url(), "main", access(PASSWORD), ServedRepository.QUICK);
        clone = new LocalClone(
                CacheFolder.lock(served.cache(), served.url(), "main", ""), remote, Constants.R_HEADS + "main");
    }

    @After
    public void close() {
        clone.close();
    }

    @Test
    public void packsOfManyFetchesBecomeOne() throws Exception {
        OtherGit other = served.other();
        for (int i = 0; i < 4; i++) {
            other.write("count", String.valueOf(i)).commit("commit " + i);
            other.push(false);
            clone.fetch();
        }
        assertThat(clone.maintain(100, 10), is(false));
        assertThat(clone.maintain(100, 3), is(true));
        assertThat(files(".pack"), is(1L));
        assertThat(clone.maintain(100, 3), is(false));
        assertReadable(clone.fetch(), "3");
    }

    @Test
    public void whatWasPushedIsSavedAndPacked() throws Exception {
        Writer writer = writer();
        clone.fetch();
        for (int i = 0; i < 5; i++) {
            write(writer, i);
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
    public void whatWasPushedIsSavedWhenClosed() throws Exception {
        write(writer(), 7);
        ObjectId pushed = clone.tip();
        clone.close();
        open();
        assertThat(clone.tip(), is(pushed));
        Trees trees = new Trees(clone);
        GitTree tree = new GitTree(trees, new History(clone).tree(pushed));
        assertThat(new String(tree.read("count").orElseThrow(), StandardCharsets.UTF_8), is("7"));
    }

    @Test
    public void twoThousandChangesLeaveFewFiles() throws Exception {
        Writer writer = writer();
        for (int group = 0; group < 40; group++) {
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                changes.add(ServedRepository.increment("op-" + group + "/" + i, "counters/c" + i % 7));
            }
            writer.write(changes)
                    .outcomes()
                    .values()
                    .forEach(outcome -> assertThat(outcome.failure(), is((Throwable) null)));
            clone.maintainNowAndThen();
            assertThat(files(""), is(lessThan(40L)));
        }
        assertThat(new History(clone).log(clone.tip().name(), "", 5000).size(), is(2001));
    }

    private Writer writer() {
        Trees trees = new Trees(clone);
        return new Writer(
                clone,
                trees,
                new FileHistory(clone, trees),
                new Remote(served.url(), "main", access(PASSWORD), ServedRepository.QUICK),
                ServedRepository.QUICK);
    }

    private void write(Writer writer, int count) {
        Change change = ServedRepository.write("op-" + count, Map.of("count", String.valueOf(count)));
        assertThat(writer.write(List.of(change)).outcomes().get(change).result().changed(), is(true));
    }

    private void assertReadable(ObjectId revision, String count) throws Exception {
        Trees trees = new Trees(clone);
        GitTree tree = new GitTree(trees, new History(clone).tree(revision));
        assertThat(new String(tree.read("count").orElseThrow(), StandardCharsets.UTF_8), is(count));
        assertThat(new History(clone).log(revision.name(), "", 100).size() > 4, is(true));
    }

    private long files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(served.cache())) {
            return files.filter(f -> Files.isRegularFile(f) && f.toString().endsWith(ending))
                    .count();
        }
    }
}
