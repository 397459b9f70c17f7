package io.jenkins.plugins.gitops.core.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageDigest;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Checks whether a tag was pushed again since it was deployed, so that pods run another image than it means now. */
public final class SameTagCheck {
    /** The maximum number of digests in one finding. */
    private static final int MAX_NAMED = 3;

    private SameTagCheck() {}

    /**
     * A tag that was pushed again.
     *
     * @param image name and tag
     * @param newest the digest that the tag means now; null if unknown, then pods run several digests
     * @param running the digests that ready pods run instead
     */
    public record MovedTag(String image, @CheckForNull String newest, List<String> running) {
        public MovedTag {
            running = List.copyOf(running);
        }
    }

    /**
     * Returns the digests that ready pods run for a tag; empty if unknown, or if the image has a digest.
     *
     * @param running the running images of the target as reported by agents
     */
    public static Set<String> running(ImageReference image, Collection<RunningImage> running) {
        Set<String> found = new TreeSet<>();
        NormalizedImage wanted = NormalizedImage.of(image);
        if (wanted.digest() != null) {
            return found;
        }
        for (RunningImage candidate : running) {
            NormalizedImage live = NormalizedImage.of(candidate.image());
            boolean same = live.digest() == null
                    && live.hasNameOf(wanted)
                    && live.tagOrLatest().equals(wanted.tagOrLatest());
            if (same) {
                candidate.digests().stream().filter(ImageDigest::isValid).forEach(found::add);
            }
        }
        return found;
    }

    /**
     * Compares running digests with the registry.
     *
     * @param running the digests from {@link #running}
     * @param registry the image's repository; null if it may not be asked
     * @return empty if they agree, or it is not known
     */
    public static CompletableFuture<Optional<MovedTag>> check(
            ImageReference image, Set<String> running, @CheckForNull TagRegistry registry) {
        if (running.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (registry == null) {
            return CompletableFuture.completedFuture(several(image, running));
        }
        return registry.digest(NormalizedImage.of(image).tagOrLatest()).thenCompose(answer -> {
            if (answer.problem() != null) {
                return CompletableFuture.completedFuture(several(image, running));
            }
            Set<String> others = without(running, answer.digests());
            if (others.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            String newest = answer.digests().iterator().next();
            // A runtime may report the digest of its platform's manifest instead of the index.
            return registry.platformDigests(newest)
                    .thenApply(platforms -> platforms.problem() == null
                            ? moved(image, newest, without(others, platforms.digests()))
                            : several(image, running));
        });
    }

    private static Set<String> without(Set<String> digests, Set<String> removed) {
        Set<String> left = new TreeSet<>(digests);
        left.removeAll(removed);
        return left;
    }

    private static Optional<MovedTag> moved(ImageReference image, String newest, Set<String> others) {
        return others.isEmpty() ? Optional.empty() : Optional.of(finding(image, newest, others));
    }

    private static Optional<MovedTag> several(ImageReference image, Set<String> running) {
        return running.size() < 2 ? Optional.empty() : Optional.of(finding(image, null, running));
    }

    private static MovedTag finding(ImageReference image, @CheckForNull String newest, Set<String> digests) {
        return new MovedTag(
                image.toString(),
                newest,
                digests.stream().sorted().limit(MAX_NAMED).toList());
    }
}
