package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import java.util.List;
import java.util.Objects;

/** Image overrides and exclusions in the agent's own live object, which take precedence over Git. */
final class ImageOverrides {
    /** Parts of a location that denote a list of images as in kustomize. */
    private static final List<String> IMAGE_LISTS = List.of("kustomize.images", "spec.images");
    /** Parts of a location that excludes something from being applied instead of setting a value. */
    private static final List<String> EXCLUSIONS = List.of("ignoreDifferences", "spec.ignore", "/reconcile", "/ssa");

    private final ApplicationStatus status;

    ImageOverrides(ApplicationStatus status) {
        this.status = status;
    }

    /** The location and value that replace this image with another; null if none is known. */
    @CheckForNull
    String overrideOf(ImageReference image) {
        NormalizedImage wanted = NormalizedImage.of(image);
        for (LiveOverride override : status.details().overrides()) {
            String value = Objects.toString(override.value(), "");
            boolean list = isAny(IMAGE_LISTS, override);
            boolean about = list ? isAbout(wanted, value) : !isAny(EXCLUSIONS, override);
            if (about && !sets(override, image)) {
                return describe(override);
            }
        }
        return null;
    }

    /** The location of a setting that excludes parts of the objects from being applied; null if none is known. */
    @CheckForNull
    String exclusion() {
        return status.details().overrides().stream()
                .filter(o -> isAny(EXCLUSIONS, o))
                .findFirst()
                .map(this::describe)
                .orElse(null);
    }

    /** Whether the live object itself sets this image. */
    boolean sets(ImageReference image) {
        return status.details().overrides().stream().anyMatch(o -> sets(o, image));
    }

    private static boolean sets(LiveOverride override, ImageReference image) {
        String value = Objects.toString(override.value(), "");
        if (isAny(IMAGE_LISTS, override)) {
            return NormalizedImage.of(image).isSatisfiedBy(NormalizedImage.of(newImage(value)));
        }
        String version = image.digest() == null ? image.tag() : image.digest();
        return !isAny(EXCLUSIONS, override) && version != null && value.contains(version);
    }

    /** The format of an entry is {@code name:tag}, {@code name=newName:tag} or {@code name@digest}. */
    private static boolean isAbout(NormalizedImage wanted, String value) {
        int renamed = value.indexOf('=');
        return wanted.hasNameOf(NormalizedImage.of(newImage(value)))
                || renamed > 0 && wanted.hasNameOf(NormalizedImage.of(value.substring(0, renamed)));
    }

    private static String newImage(String value) {
        return value.substring(value.indexOf('=') + 1);
    }

    private static boolean isAny(List<String> parts, LiveOverride override) {
        return parts.stream().anyMatch(override.place()::contains);
    }

    private String describe(LiveOverride override) {
        return override.place() + " of " + status.name() + VerdictMessages.reasonSuffix(override.value());
    }
}
