package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A clone with only the newest part of the history, as the command line creates it. */
public class PartialHistoryTest {
    private static final int DEPTH = 8;
    private static final int OLDER = 20;
    private static final String FILE = "services/payments-api/overlays/dev/image-tag.yaml";

    @Rule
    public final ServedRepository served = new ServedRepository();

    private String oldest;

    @Before
    public void makeHistory() throws Exception {
        oldest = served.tip();
        for (int i = 0; i < OLDER; i++) {
            served.commitDirectly("Older " + i);
        }
    }

    @Test
    public void bringsTheNewestCommitsOnly() throws Exception {
        ConfigRepository clone = partialClone();
        assertThat(clone.fetch(), is(served.tip()));
        assertThat(clone.log(served.tip(), "", 2 * OLDER), hasSize(DEPTH));
        assertThat(clone.contains(oldest), is(false));
    }

    @Test
    public void isWrittenAndKeepsItsHistoryWhenOthersPush() throws Exception {
        ConfigRepository clone = partialClone();
        clone.fetch();
        assertThat(result(clone, write("one", "one.txt", "1\n")).revision(), is(served.tip()));
        for (int i = 0; i < 3; i++) {
            served.commitDirectly("Newer " + i);
        }
        String written = result(clone, write("two", "two.txt", "2\n")).revision();
        assertThat(written, is(served.tip()));
        assertThat(clone.log(written, "", 10 * OLDER), hasSize(1 + OLDER + 1 + 3 + 1));
    }

    @Test
    public void fetchesOlderCommitsToFindAnOperation() throws Exception {
        String first = result(served.openAs("another"), write("same", "one.txt", "1\n"))
                .revision();
        for (int i = 0; i < OLDER; i++) {
            served.commitDirectly("Newer " + i);
        }
        ConfigRepository clone = partialClone();
        clone.fetch();
        assertThat(clone.contains(first), is(false));
        assertThat(result(clone, write("same", "one.txt", "1\n")).revision(), is(first));
    }

    @Test
    public void fetchesOlderCommitsForTheHistoryOfAFile() throws Exception {
        ConfigRepository complete = served.openAs("complete");
        complete.fetch();
        ConfigRepository clone = partialClone();
        String tip = clone.fetch();
        assertThrows(ShallowHistoryException.class, () -> clone.fileLog(tip, FILE, 10));
        List<FileVersion> log = clone.deepening(() -> clone.fileLog(tip, FILE, 10));
        assertThat(revisions(log), is(revisions(complete.fileLog(tip, FILE, 10))));
        assertThat(revisions(log), is(List.of(oldest)));
        assertThat(log.get(0).created(), is(true));
    }

    @Test
    public void fetchesOlderCommitsWhileAChangeIsPlanned() throws Exception {
        served.commitDirectly(ConfigRepository.INITIAL_DEPTH);
        ConfigRepository clone = served.open(QUICK.withDepth(ConfigRepository.INITIAL_DEPTH));
        clone.fetch();
        result(clone, write("recent", "one.txt", "0\n"));
        assertThat(clone.contains(oldest), is(false));
        AtomicReference<List<FileVersion>> log = new AtomicReference<>();
        ChangePlanner planner = tip -> {
            log.set(tip.fileLog(FILE, 10));
            return new ChangePlan(Map.of("one.txt", new byte[] {'1'}), "Write", Trailers.none());
        };
        result(clone, new Change("op", ServedRepository.AUTHOR, planner));
        assertThat(revisions(log.get()), is(List.of(oldest)));
    }

    @Test
    public void reportsThatOlderCommitsCannotBeFetched() throws Exception {
        ConfigRepository clone = partialClone();
        String tip = clone.fetch();
        served.server().close();
        assertThrows(GitRemoteException.class, () -> clone.deepening(() -> clone.fileLog(tip, FILE, 10)));
    }

    private static List<String> revisions(List<FileVersion> log) {
        return log.stream().map(version -> version.commit().revision()).toList();
    }

    @Test
    public void findsAnOperationOfItsPart() throws Exception {
        String first = result(served.openAs("another"), write("same", "one.txt", "1\n"))
                .revision();
        served.commitDirectly("Newer");
        ConfigRepository clone = partialClone();
        clone.fetch();
        ChangeResult again = result(clone, write("same", "one.txt", "1\n"));
        assertThat(again.revision(), is(first));
        assertThat(again.files(), is(List.of("one.txt")));
    }

    @Test
    public void isOpenedAgain() throws Exception {
        ConfigRepository clone = partialClone();
        clone.fetch();
        clone.close();
        served.commitDirectly("Newer");
        ConfigRepository reopened = partialClone();
        assertThat(reopened.fetch(), is(served.tip()));
        assertThat(reopened.log(served.tip(), "", 2 * OLDER), hasSize(DEPTH + 1));
    }

    @Test
    public void hasEverythingOfAShortHistory() throws Exception {
        ConfigRepository clone = served.open(QUICK.withDepth(10 * OLDER));
        clone.fetch();
        assertThat(clone.contains(oldest), is(true));
        assertThat(clone.isAncestor(oldest, served.tip()), is(true));
    }

    private ConfigRepository partialClone() throws Exception {
        return served.open(QUICK.withDepth(DEPTH));
    }
}
