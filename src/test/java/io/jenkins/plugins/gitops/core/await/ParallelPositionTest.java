package io.jenkins.plugins.gitops.core.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Positions are written as {@code p1:a/p2:x}: branch a of parallel p1, in it branch x of p2. */
public class ParallelPositionTest {
    private static ParallelPosition at(String text) {
        List<ParallelPosition.ParallelBranch> branches = new ArrayList<>();
        for (String branch : text.isEmpty() ? new String[0] : text.split("/")) {
            String[] both = branch.split(":");
            branches.add(new ParallelPosition.ParallelBranch(both[0], both[0] + both[1]));
        }
        return new ParallelPosition(branches);
    }

    private static List<String> own(String waiter, String... changes) {
        return at(waiter).ownBranch(List.of(changes), ParallelPositionTest::at);
    }

    @Test
    public void outsideBranchesTheWholeRunCounts() {
        assertThat(own("", "", "p1:a", "p1:b/p2:x"), contains("", "p1:a", "p1:b/p2:x"));
    }

    @Test
    public void insideABranchOnlyThatBranchCounts() {
        assertThat(own("p1:a", "", "p1:a", "p1:b"), contains("p1:a"));
        assertThat(own("p1:a", "p1:b", "p1:a", "", "p1:a"), contains("p1:a", "p1:a"));
    }

    @Test
    public void innermostBranchCounts() {
        assertThat(own("p1:a/p2:x", "p1:a", "p1:a/p2:x", "p1:a/p2:y", "p1:b"), contains("p1:a/p2:x"));
    }

    @Test
    public void nestedBranchesCountAsOwn() {
        assertThat(own("p1:a", "p1:a/p2:x", "p1:a/p2:y", "p1:b/p3:x"), contains("p1:a/p2:x", "p1:a/p2:y"));
    }

    @Test
    public void withoutOwnChangesThoseBeforeTheBranchCountNotSiblings() {
        assertThat(own("p1:a", "", "p1:b"), contains(""));
        assertThat(own("p1:a/p2:x", "", "p1:a", "p1:a/p2:y", "p1:b"), contains("p1:a"));
        assertThat(own("p1:a/p2:x", "", "p1:b"), contains(""));
        assertThat(own("p1:a", "p1:b", "p1:c/p2:x"), empty());
    }

    @Test
    public void earlierParallelCountsAsBeforeTheBranch() {
        assertThat(own("p2:x", "p1:a", "p1:b", "p2:y"), contains("p1:a", "p1:b"));
    }
}
