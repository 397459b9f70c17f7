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

/** Whether a tag that was set again was pushed again meanwhile, so that what runs is not what it means. */
public final class SameTagCheck {
    /** Digests that are named in one finding. */
    private static final int MAX_NAMED = 3;

    private SameTagCheck() {}

    /**
     * A tag that does not mean what runs.
     *
     * @param image name and tag
     * @param newest the digest that the tag means in its registry now; null when that is not known, and the pods run several
     * @param running digests that ready pods run instead, at least one
     */
    public record MovedTag(String image, @CheckForNull String newest, List<String> running) {
        public MovedTag {
            running = List.copyOf(running);
        }
    }

    /**
     * The digests that ready pods run for a tag; empty when none is known, or the image is not set by a tag.
     *
     * @param running what agents report of the target
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
     * Compares what runs with what the registry says.
     *
     * @param running as {@link #running} finds it
     * @param registry of the image; null when it may not be asked
     * @return empty when what runs is what the tag means, or nobody knows
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
            // A runtime may name the manifest of its platform where the tag means an index of several.
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
                image.toString(), newest, digests.stream().limit(MAX_NAMED).toList());
    }
}
