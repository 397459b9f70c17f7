package io.jenkins.plugins.gitops.core.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.registry.SameTagCheck.MovedTag;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** When a tag that was set again refers to another image than the running one. */
public class SameTagCheckTest {
    private static final String A = "sha256:" + "a".repeat(64);
    private static final String B = "sha256:" + "b".repeat(64);
    private static final String INDEX = "sha256:" + "c".repeat(64);
    private static final String WEB = "ghcr.io/org/web:1";

    /** A registry with one digest for the tag. */
    private record FakeRegistry(RegistryAnswer newest, RegistryAnswer platforms) implements TagRegistry {
        @Override
        public CompletableFuture<RegistryAnswer> digest(String tag) {
            assertThat(tag, is("1"));
            return CompletableFuture.completedFuture(newest);
        }

        @Override
        public CompletableFuture<RegistryAnswer> platformDigests(String digest) {
            assertThat(Set.of(digest), is(newest.digests()));
            return CompletableFuture.completedFuture(platforms);
        }
    }

    private static TagRegistry means(String digest, String... platforms) {
        return new FakeRegistry(RegistryAnswer.of(Set.of(digest)), RegistryAnswer.of(Set.of(platforms)));
    }

    private static Optional<MovedTag> check(Set<String> running, @CheckForNull TagRegistry registry) throws Exception {
        return SameTagCheck.check(ImageReference.parse(WEB), running, registry).get();
    }

    private static Optional<MovedTag> moved(@CheckForNull String newest, String... running) {
        return Optional.of(new MovedTag(WEB, newest, List.of(running)));
    }

    @Test
    public void whatRunsIsWhatTheTagMeans() throws Exception {
        assertThat(check(Set.of(A), means(A)), is(Optional.empty()));
        assertThat(check(Set.of(INDEX), means(INDEX, A, B)), is(Optional.empty()));
    }

    @Test
    public void manifestOfAPlatformIsWhatItsIndexMeans() throws Exception {
        assertThat(check(Set.of(A), means(INDEX, A)), is(Optional.empty()));
        assertThat(check(Set.of(A, B, INDEX), means(INDEX, A, B)), is(Optional.empty()));
    }

    @Test
    public void tagThatWasPushedAgainIsFound() throws Exception {
        assertThat(check(Set.of(A), means(B)), is(moved(B, A)));
        assertThat(check(Set.of(A), means(INDEX, B)), is(moved(INDEX, A)));
        assertThat(check(Set.of(A, B), means(INDEX, B)), is(moved(INDEX, A)));
    }

    @Test
    public void withoutARegistryOnlyADifferenceBetweenPodsIsFound() throws Exception {
        TagRegistry silent = new FakeRegistry(RegistryAnswer.unknown("away"), RegistryAnswer.unknown("away"));
        TagRegistry half = new FakeRegistry(RegistryAnswer.of(Set.of(INDEX)), RegistryAnswer.unknown("too large"));
        for (TagRegistry registry : new TagRegistry[] {null, silent, half}) {
            assertThat(check(Set.of(A), registry), is(Optional.empty()));
            assertThat(check(Set.of(B, A), registry), is(moved(null, A, B)));
        }
    }

    @Test
    public void whatDoesNotRunIsNotAskedFor() throws Exception {
        assertThat(check(Set.of(), new FakeRegistry(null, null)), is(Optional.empty()));
    }

    private static Set<String> running(String image, RunningImage... running) throws Exception {
        return SameTagCheck.running(ImageReference.parse(image), List.of(running));
    }

    private static RunningImage runs(String image, String... digests) {
        return new RunningImage(image, "Deployment shop/web", true, null, List.of(digests));
    }

    @Test
    public void onlyTheSameTagOfTheSameRepositoryCounts() throws Exception {
        assertThat(running(WEB, runs(WEB, A)), is(Set.of(A)));
        assertThat(running("nginx:1", runs("docker.io/library/nginx:1", A)), is(Set.of(A)));
        assertThat(running("nginx:latest", runs("nginx", A)), is(Set.of(A)));
        for (String other :
                List.of("ghcr.io/org/web:2", "ghcr.io/org/web:1@" + A, "ghcr.io/org/api:1", "quay.io/org/web:1")) {
            assertThat(other, running(WEB, runs(other, A)), is(empty()));
        }
    }

    @Test
    public void pinnedImageIsNeverCompared() throws Exception {
        assertThat(running(WEB + "@" + A, runs(WEB, B)), is(empty()));
    }

    @Test
    public void reportedTextsThatAreNoDigestsAreIgnored() throws Exception {
        assertThat(running(WEB, runs(WEB, "sha256:x", "../../x", A)), is(Set.of(A)));
    }
}
