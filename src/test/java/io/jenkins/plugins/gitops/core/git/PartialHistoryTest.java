package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A clone with only the newest part of the history, as the command line creates it. */
public class PartialHistoryTest {
    private static final int DEPTH = 8;
    private static final int OLDER = 20;

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
        assertThat(clone.log(written, "", 10 * OLDER), hasSize(DEPTH + 1 + 3 + 1));
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
