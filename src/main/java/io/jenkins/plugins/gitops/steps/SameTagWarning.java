package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.registry.SameTagCheck;
import io.jenkins.plugins.gitops.core.registry.SameTagCheck.MovedTag;
import io.jenkins.plugins.gitops.core.registry.TagRegistry;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import io.jenkins.plugins.gitops.repository.CloneReader;
import io.jenkins.plugins.gitops.status.StatusSources;
import io.jenkins.plugins.gitops.status.registry.ConfiguredRegistries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Warns if a tag that a target already has was pushed again since it was deployed. Blocks no thread, and never fails. */
final class SameTagWarning {
    private static final Logger LOGGER = Logger.getLogger(SameTagWarning.class.getName());
    private static final Duration REQUESTS = Duration.ofSeconds(4);
    private static final Duration ALL = Duration.ofSeconds(5);
    private static final int MAX_IMAGES = 10;

    private SameTagWarning() {}

    /**
     * Checks the tags that are unchanged.
     *
     * @param result the result of the change
     * @return the warnings, one line each; empty if there are none, or the check takes longer than 5 seconds
     */
    static CompletableFuture<List<String>> of(
            RepositoryConfiguration repository, String application, String environment, ChangeResult result) {
        List<ImageReference> tags = unchangedTags(result);
        if (tags.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return CloneReader.read(repository, clone -> Delivery.load(clone.files(result.revision()))
                        .target(application, environment))
                .thenCompose(target -> compare(tags, running(repository, target)))
                .orTimeout(ALL.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(problem -> {
                    LOGGER.log(
                            Level.FINE,
                            problem,
                            () -> "The tags of " + application + "/" + environment + " were not compared");
                    return List.of();
                });
    }

    private static List<ImageReference> unchangedTags(ChangeResult result) {
        return ImageChange.of(result.trailers()).stream()
                .filter(change -> !result.changed() || Objects.equals(change.from(), change.to()))
                .map(ImageChange::to)
                .filter(image -> image != null && image.digest() == null)
                .distinct()
                .limit(MAX_IMAGES)
                .toList();
    }

    private static List<RunningImage> running(RepositoryConfiguration repository, Target target) {
        List<RunningImage> running = new ArrayList<>();
        StatusSources.snapshots(repository, target, Instant.now()).stream()
                .filter(snapshot -> !snapshot.stale())
                .map(snapshot -> snapshot.status().details().running())
                .filter(Objects::nonNull)
                .forEach(running::addAll);
        return running;
    }

    private static CompletableFuture<List<String>> compare(List<ImageReference> tags, List<RunningImage> running) {
        List<CompletableFuture<Optional<MovedTag>>> checks =
                tags.stream().map(tag -> check(tag, running)).toList();
        return CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new)).thenApply(all -> checks.stream()
                .flatMap(check -> check.join().stream())
                .map(SameTagWarning::message)
                .toList());
    }

    private static CompletableFuture<Optional<MovedTag>> check(ImageReference tag, List<RunningImage> running) {
        Set<String> digests = SameTagCheck.running(tag, running);
        return SameTagCheck.check(tag, digests, digests.isEmpty() ? null : registry(tag));
    }

    /** Null if the registry may not be asked. */
    @CheckForNull
    private static TagRegistry registry(ImageReference tag) {
        try {
            return ConfiguredRegistries.get().of(tag, REQUESTS);
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "The registry of " + tag + " was not asked");
            return null;
        }
    }

    private static String message(MovedTag tag) {
        String running = String.join(", ", tag.running());
        return tag.newest() == null
                ? Messages.SameTagWarning_PodsDiffer(tag.image(), running)
                : Messages.SameTagWarning_Moved(tag.image(), tag.newest(), running);
    }
}
