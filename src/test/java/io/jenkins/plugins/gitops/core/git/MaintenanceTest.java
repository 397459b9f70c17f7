package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.demo.OtherGit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        Remote remote = new Remote(served.url(), "main", access(PASSWORD), Duration.ofSeconds(10));
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
    public void looseObjectsOfChangesArePacked() throws Exception {
        Trees trees = new Trees(clone);
        Writer writer = new Writer(
                clone,
                trees,
                new Remote(served.url(), "main", access(PASSWORD), Duration.ofSeconds(10)),
                Duration.ofSeconds(30));
        for (int i = 0; i < 5; i++) {
            Change change = ServedRepository.write("op-" + i, Map.of("count", String.valueOf(i)));
            assertThat(writer.write(List.of(change)).get(change).result().changed(), is(true));
        }
        assertThat(clone.maintain(2, 100), is(true));
        assertThat(files(".pack"), is(1L));
        assertThat(clone.maintain(2, 100), is(false));
        assertReadable(clone.tip(), "4");
    }

    private void assertReadable(ObjectId revision, String count) throws Exception {
        Trees trees = new Trees(clone);
        GitTree tree = new GitTree(trees, new History(clone).tree(revision));
        assertThat(new String(tree.read("count").orElseThrow(), StandardCharsets.UTF_8), is(count));
        assertThat(new History(clone).log(revision.name(), "", 100).size() > 4, is(true));
    }

    private long files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(served.cache())) {
            return files.filter(f -> f.toString().endsWith(ending)).count();
        }
    }
}
