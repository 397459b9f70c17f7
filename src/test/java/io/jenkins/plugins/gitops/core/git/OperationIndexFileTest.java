package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.git.OperationIndex.OperationKey;
import io.jenkins.plugins.gitops.core.git.OperationScope.OperationKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.Rule;
import org.junit.Test;

/** The operations that one process found are available to the next one without a search. */
public class OperationIndexFileTest {
    private static final ObjectId ONE = ObjectId.fromString("1".repeat(40));
    private static final ObjectId TWO = ObjectId.fromString("2".repeat(40));
    private static final OperationIndexFile.Contents CONTENTS = new OperationIndexFile.Contents(
            TWO,
            Map.of(
                    new OperationKey("release-ä", new OperationScope(OperationKind.ROLLBACK, "api/dev")),
                    List.of(ONE, TWO),
                    new OperationKey("", null),
                    List.of(ONE)),
            Map.of("api/dev", new ArrayDeque<>(List.of(TWO, ONE))));

    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void isReadAsItWasWritten() throws Exception {
        try (Repository repository = repository()) {
            assertThat(OperationIndexFile.read(repository), is(nullValue()));
            OperationIndexFile.write(repository, CONTENTS);
            OperationIndexFile.Contents read = OperationIndexFile.read(repository);
            assertThat(read.walked(), is(TWO));
            assertThat(read.commits(), is(CONTENTS.commits()));
            assertThat(List.copyOf(read.byTarget().get("api/dev")), is(List.of(TWO, ONE)));
        }
    }

    @Test
    public void damagedFileCountsAsMissing() throws Exception {
        try (Repository repository = repository()) {
            OperationIndexFile.write(repository, CONTENTS);
            Path file = file(served.bare());
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < whole.length; i++) {
                byte[] changed = whole.clone();
                changed[i] ^= 1;
                Files.write(file, changed);
                assertThat("byte " + i, OperationIndexFile.read(repository), is(nullValue()));
                Files.write(file, Arrays.copyOf(whole, i));
                assertThat("length " + i, OperationIndexFile.read(repository), is(nullValue()));
            }
        }
    }

    @Test
    public void nextProcessFindsAnOperationOfTheLast() throws Exception {
        for (int i = 0; i < 600; i++) {
            served.commitDirectly("Older " + i);
        }
        ConfigRepository first = served.open();
        first.fetch();
        String written = result(first, write("same", "one.txt", "1\n")).revision();
        first.close();
        Path file = clonesFile();
        ConfigRepository second = served.open();
        assertThat(result(second, write("same", "one.txt", "1\n")).revision(), is(written));
        second.close();
        Files.write(file, new byte[100]);
        assertThat(result(served.open(), write("same", "one.txt", "1\n")).revision(), is(written));
        assertThat(served.tip(), is(written));
    }

    private Repository repository() throws Exception {
        return new FileRepositoryBuilder().setGitDir(served.bare().toFile()).build();
    }

    private static Path file(Path repository) {
        return repository.resolve("gitops-operations");
    }

    private Path clonesFile() throws Exception {
        try (Stream<Path> files = Files.walk(served.cache())) {
            return files.filter(file -> file.endsWith("gitops-operations"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
