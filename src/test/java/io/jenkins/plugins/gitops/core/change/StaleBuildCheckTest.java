package io.jenkins.plugins.gitops.core.change;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class StaleBuildCheckTest {
    private static final String IMAGE = "ghcr.io/myorg/api";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String REVISION = "0123456789012345678901234567890123456789";

    @Test
    public void newerBuildOfTheSameJobIsNotOverwritten() {
        StaleBuildException e = assertThrows(
                StaleBuildException.class, () -> check("deploy#7/5@100", wrote("deploy#8/5@200", IMAGE + ":8")));
        assertThat(
                e.getMessage(),
                is("deploy #7 is older than deploy #8, which wrote ghcr.io/myorg/api:8 to api/dev in 01234567."
                        + " Start it again."));
    }

    @Test
    public void newerBuildStaysNewerDespiteOtherWritersInBetween() {
        assertOvertaken("deploy#7/5@100", wrote("other#1/5@300", IMAGE + ":x"), wrote("deploy#8/5@200", IMAGE + ":8"));
        assertOvertaken("deploy#7/5@100", byHand(), wrote("deploy#8/5@200", IMAGE + ":8"));
        assertOvertaken("deploy#7/5@100", wrote("deploy#6/5@50", IMAGE + ":6"), wrote("deploy#8/5@200", IMAGE + ":8"));
    }

    @Test
    public void rollbackByTheNewerBuildCountsToo() {
        assertOvertaken("deploy#7/5@100", wrote("deploy#8/9@200", IMAGE + ":6"), wrote("deploy#8/5@200", IMAGE + ":8"));
    }

    @Test
    public void jobNamesMayContainAnyCharacter() {
        assertOvertaken("team/c#/a#1#7/5@100", wrote("team/c#/a#1#8/5@200", IMAGE + ":8"));
        assertFree("team/c#/a#1#7/5@100", wrote("team/c#/a#2#8/5@200", IMAGE + ":8"));
    }

    @Test
    public void newerSameAndOtherBuildsMayWrite() {
        assertFree("deploy#8/5@200", wrote("deploy#7/5@100", IMAGE + ":7"));
        assertFree("deploy#8/6@200", wrote("deploy#8/5@200", IMAGE + ":8"));
        assertFree("deploy#7/5@100", wrote("other#8/5@200", IMAGE + ":8"));
        assertFree("deploy#7/5@100", wrote("9f0c2f9e-6a3b", IMAGE + ":8"));
        assertFree("9f0c2f9e-6a3b", wrote("deploy#8/5@200", IMAGE + ":8"));
        assertFree("deploy#7/5@100", byHand());
        assertFree("deploy#7/5@100");
    }

    @Test
    public void anotherImageIsIndependent() {
        assertFree("deploy#7/5@100", wrote("deploy#8/5@200", "ghcr.io/myorg/sidecar:8"));
    }

    @Test
    public void recreatedJobStartsOver() {
        assertFree("deploy#1/5@300", wrote("deploy#8/5@200", IMAGE + ":8"));
        assertFree("deploy#9/5@200", wrote("deploy#1/5@300", IMAGE + ":1"));
    }

    /**
     * Number and start time contradict each other, as with a recreated job: such a build is allowed rather than blocked
     * for good.
     */
    @Test
    public void clockSetBackDoesNotBlock() {
        assertFree("deploy#7/5@200", wrote("deploy#8/5@100", IMAGE + ":8"));
    }

    @Test
    public void buildsStartedTogetherAreOrderedByNumber() {
        assertOvertaken("deploy#7/5@100", wrote("deploy#8/5@100", IMAGE + ":8"));
    }

    @Test
    public void branchesOfOneProjectAreOrderedTogether() {
        assertOvertaken("team/shop/main#7/5@100+", wrote("team/shop/topic#2/5@200+", IMAGE + ":2"));
        assertOvertaken("team/shop/PR-1#7/5@100+", wrote("team/shop/main#8/5@200", IMAGE + ":8"));
        assertFree("team/shop/main#1/5@300+", wrote("team/shop/topic#9/5@200+", IMAGE + ":9"));
        assertFree("team/shop/main#1/5@200+", wrote("team/shop/topic#9/5@200+", IMAGE + ":9"));
        assertFree("team/shop/main#7/5@100+", wrote("team/cart/main#8/5@200+", IMAGE + ":8"));
        assertFree("team/shop/main#7/5@100+", wrote("team/shop/main/x#8/5@200", IMAGE + ":8"));
        assertFree("team/shop#7/5@100", wrote("team/cart#8/5@200", IMAGE + ":8"));
        assertFree("shop#7/5@100+", wrote("cart#8/5@200+", IMAGE + ":8"));
        assertOvertaken("team/shop/main#7/5@100", wrote("team/shop/main#8/5@200+", IMAGE + ":8"));
        assertOvertaken("team/shop/main#7/5@100+", wrote("team/shop/main#8/5@100+", IMAGE + ":8"));
    }

    @Test
    public void commitMessageAloneIsNotTrusted() throws Exception {
        CommitInfo forged = wrote("deploy#999999999/5@100", IMAGE + ":9");
        check("deploy#7/5@100", (commit, written) -> false, forged);
        assertOvertaken("deploy#7/5@100", forged);
    }

    @Test
    public void buildStartedInTheFutureIsNotTrusted() {
        String now = Long.toString(NOW.toEpochMilli() + 200_000, 36);
        String later = Long.toString(NOW.toEpochMilli() + 400_000, 36);
        assertOvertaken("deploy#7/5@100", wrote("deploy#8/5@" + now, IMAGE + ":8"));
        assertFree("deploy#7/5@100", wrote("deploy#8/5@" + later, IMAGE + ":8"));
        assertFree("deploy#7/5@100", wrote("deploy#999999999/5@zzzzzzzzzzzz", IMAGE + ":8"));
    }

    @Test
    public void imageRemovedByANewerBuildIsNotRestored() {
        CommitInfo removed = new CommitInfo(
                REVISION,
                "a",
                "a@b",
                Instant.EPOCH,
                "subject",
                Trailers.none()
                        .with(Trailers.OPERATION, "deploy#8/5@200")
                        .with(Trailers.IMAGE, IMAGE + ":8 -> (none)"));
        assertOvertaken("deploy#7/5@100", removed);
    }

    private static void assertOvertaken(String operation, CommitInfo... newestFirst) {
        assertThrows(StaleBuildException.class, () -> check(operation, newestFirst));
    }

    private static void assertFree(String operation, CommitInfo... newestFirst) {
        try {
            check(operation, newestFirst);
        } catch (StaleBuildException e) {
            throw new AssertionError(e);
        }
    }

    private static void check(String operation, CommitInfo... newestFirst) throws StaleBuildException {
        check(operation, (commit, written) -> true, newestFirst);
    }

    private static void check(
            String operation, StaleBuildCheck.TrailerEvidence trailerEvidence, CommitInfo... newestFirst)
            throws StaleBuildException {
        try {
            StaleBuildCheck.check(
                    operation, "api/dev", List.of(IMAGE), List.of(newestFirst), trailerEvidence, NOW, "Start it again");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CommitInfo wrote(String operation, String... images) {
        Trailers trailers = Trailers.none().with(Trailers.OPERATION, operation).with(Trailers.TARGET, "api/dev");
        for (String image : images) {
            trailers = trailers.with(Trailers.IMAGE, "-> " + image);
        }
        return new CommitInfo(REVISION, "a", "a@b", Instant.EPOCH, "subject", trailers);
    }

    private static CommitInfo byHand() {
        return new CommitInfo(REVISION, "a", "a@b", Instant.EPOCH, "subject", Trailers.none());
    }
}
