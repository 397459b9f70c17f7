package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Determines whether the images of a change run in the live workloads of one application, and if not, why. */
final class LiveImages {
    /** The maximum number of images to list by name. */
    private static final int MAX_NAMED = 5;

    private final Expectation expectation;
    private final AgentSnapshot snapshot;
    private final ApplicationStatus status;
    private final GitFacts git;
    private final ImageOverrides overrides;

    LiveImages(Expectation expectation, AgentSnapshot snapshot, GitFacts git) {
        this.expectation = expectation;
        this.snapshot = snapshot;
        this.status = snapshot.status();
        this.git = git;
        this.overrides = new ImageOverrides(status);
    }

    /**
     * The result for all images.
     *
     * @param reason why an image is not known to run, one line; null if all are, and if there are no images to check
     */
    record Evidence(ImageProof proof, @CheckForNull String reason) {}

    Evidence evidence() throws IOException {
        List<ImageReference> images = git.images();
        if (images.isEmpty()) {
            return new Evidence(ImageProof.NONE, null);
        }
        String pending =
                snapshot.traits().readsImagesFromItsObject() && git.isSetInApplication() ? notInSpec(images) : null;
        if (pending != null) {
            return new Evidence(ImageProof.NOT_RUNNING, pending);
        }
        Set<String> unnamedImages = git.unnamedImages();
        List<RunningImage> running = status.details().running();
        if (running == null) {
            return new Evidence(
                    ImageProof.NOT_SEEN, VerdictMessages.agentName(snapshot) + " cannot see which images are running");
        }
        List<ImageReference> unnamed = images.stream()
                .filter(image -> unnamedImages.contains(image.name()))
                .toList();
        if (!unnamed.isEmpty()) {
            return new Evidence(
                    ImageProof.NOT_SEEN,
                    "nothing in Git says what image " + unnamed.get(0) + " is called; write its name below images in"
                            + " gitops.yaml");
        }
        for (ImageReference image : expected(images, running)) {
            String missing = missing(image, running);
            if (missing != null) {
                return new Evidence(ImageProof.NOT_RUNNING, missing);
            }
        }
        return new Evidence(ImageProof.RUNNING, null);
    }

    /** Whether the agent's own object overrides an image of the change, so that other images run. */
    boolean isOverridden() throws IOException {
        List<RunningImage> running = status.details().running();
        for (ImageReference image : running == null ? List.<ImageReference>of() : git.images()) {
            if (find(image, running) == null && overrides.overrideOf(image) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * The images that the change set. If these are unknown, entries that no workload uses are ignored as long as a
     * workload uses one of the others.
     */
    private List<ImageReference> expected(List<ImageReference> images, List<RunningImage> running) {
        List<ImageReference> used =
                images.stream().filter(i -> isUsed(i, running)).toList();
        return expectation.images().isEmpty() && !used.isEmpty() ? used : images;
    }

    private static boolean isUsed(ImageReference image, List<RunningImage> running) {
        NormalizedImage wanted = NormalizedImage.of(image);
        return running.stream().anyMatch(r -> wanted.hasNameOf(NormalizedImage.of(r.image())));
    }

    /** A running image that satisfies the wanted one, preferably a ready one; null if there is none. */
    @CheckForNull
    private static RunningImage find(ImageReference image, List<RunningImage> running) {
        NormalizedImage wanted = NormalizedImage.of(image);
        RunningImage found = null;
        for (RunningImage candidate : running) {
            if (wanted.isSatisfiedBy(NormalizedImage.of(candidate.image())) && (found == null || candidate.ready())) {
                found = candidate;
            }
        }
        return found;
    }

    /** Why the image does not run; null if it does. */
    @CheckForNull
    private String missing(ImageReference image, List<RunningImage> running) {
        RunningImage found = find(image, running);
        if (found != null) {
            return found.ready() || !expectation.healthy()
                    ? null
                    : image + " is not what all pods of " + found.workload() + " run"
                            + VerdictMessages.reasonSuffix(found.message());
        }
        String told = running.isEmpty() ? "no workload" : named(running, image);
        String by = overrides.overrideOf(image);
        if (by != null) {
            return image + " is not running anywhere (running: " + told + "): overridden by " + by
                    + "; remove that, or change it";
        }
        String left = overrides.exclusion();
        if (left != null) {
            return image + " is not running anywhere (running: " + told + "): it may be excluded by " + left;
        }
        return isUsed(image, running)
                ? image + " is not running anywhere (running: " + told + ")"
                : "no live workload of " + status.name() + " uses " + image.name() + " (running: " + told
                        + "); if that is intended, set image: warn in gitops.yaml";
    }

    /** Lists the running images of the same name; if there are none, all of them. */
    private static String named(List<RunningImage> running, ImageReference image) {
        NormalizedImage wanted = NormalizedImage.of(image);
        List<String> all = running.stream().map(RunningImage::image).distinct().toList();
        List<String> alike = all.stream()
                .filter(i -> wanted.hasNameOf(NormalizedImage.of(i)))
                .toList();
        List<String> told = alike.isEmpty() ? all : alike;
        return told.stream().limit(MAX_NAMED).collect(Collectors.joining(", "))
                + (told.size() > MAX_NAMED ? " and " + (told.size() - MAX_NAMED) + " more" : "");
    }

    /**
     * The images that the live Application still lacks; null if it has all images of its manifest, or if that is
     * unknown.
     */
    @CheckForNull
    private String notInSpec(List<ImageReference> images) {
        for (ImageReference image : images) {
            String other = overrides.sets(image) ? null : overrides.overrideOf(image);
            if (other != null) {
                return status.name() + " still has " + other + ", since what applies its manifest has not synced "
                        + VerdictMessages.shortRevision(expectation.revision()) + " yet";
            }
            if (!overrides.sets(image) && status.details().running() == null) {
                return "whether the live Application " + status.name() + " has " + image + " is not known";
            }
        }
        return null;
    }
}
