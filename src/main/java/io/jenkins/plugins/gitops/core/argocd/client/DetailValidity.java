package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import io.jenkins.plugins.gitops.core.workload.RunningImages;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of an application's state that determines which details are fetched and how long they are valid.
 *
 * @param parts one per Git folder
 */
record DetailValidity(List<SourceValidity> parts) {
    private record SourceValidity(
            @CheckForNull String revision,
            String sync,
            String health,
            @CheckForNull String finishedAt) {}

    static DetailValidity of(ArgoCdApplication state) {
        return new DetailValidity(
                state.statuses().stream().map(DetailValidity::part).toList());
    }

    private static SourceValidity part(ApplicationStatus status) {
        OperationState operationState = status.operation();
        return new SourceValidity(
                status.comparedRevision(),
                status.sync(),
                status.health(),
                operationState == null ? null : operationState.finishedAt());
    }

    static boolean isDegraded(ArgoCdApplication state) {
        return hasHealth(state, Health.DEGRADED);
    }

    static boolean isProgressing(ArgoCdApplication state) {
        return hasHealth(state, Health.PROGRESSING);
    }

    private static boolean hasHealth(ArgoCdApplication state, Health health) {
        return state.statuses().stream().anyMatch(s -> Health.of(s.health()) == health);
    }

    /** Whether the application alone does not prove that all these images run. */
    static boolean isImageOpen(ArgoCdApplication state, Collection<ImageReference> images) {
        return state.statuses().stream().anyMatch(s -> images.stream().anyMatch(i -> !runs(s, i)));
    }

    /** Whether all images run, so that no further comparison is needed to attribute them to the last sync. */
    static boolean isProven(ArgoCdApplication state, Collection<ImageReference> images) {
        return state.isSettled() && state.isFoundAsSynced() && !images.isEmpty() && !isImageOpen(state, images);
    }

    private static boolean runs(ApplicationStatus status, ImageReference image) {
        List<RunningImage> running = status.details().running();
        return running != null
                && running.stream()
                        .anyMatch(r -> r.ready()
                                && (r.image().equals(image.toString())
                                        || r.image().endsWith("/" + image)
                                        || image.digest() != null && r.image().endsWith("@" + image.digest())));
    }

    /** Returns the application with the fetched details; null for those that were not fetched. */
    static ArgoCdApplication withDetails(
            ArgoCdApplication state,
            @CheckForNull String blocked,
            @CheckForNull List<Workload> workloads,
            @CheckForNull List<ResourceStatus> degraded) {
        return state.with(status -> {
            Report.Details details = status.details();
            Report.Details more = new Report.Details(
                    details.branch(),
                    blocked == null || !state.isIdleOutOfSync() ? details.blocked() : blocked,
                    details.outdated(),
                    workloads == null
                            ? details.running()
                            : mergedImages(details.running(), RunningImages.of(workloads)),
                    details.overrides());
            ApplicationStatus completed = status.withDetails(more);
            return degraded == null
                    ? completed
                    : ArgoCdApplication.withResources(completed, merged(status.resources(), degraded));
        });
    }

    /** Information from live objects takes precedence over the application's. */
    private static List<RunningImage> mergedImages(@CheckForNull List<RunningImage> told, List<RunningImage> live) {
        Map<String, RunningImage> byImage = new LinkedHashMap<>();
        live.forEach(image -> byImage.put(image.image(), image));
        if (told != null) {
            told.forEach(image -> byImage.putIfAbsent(image.image(), image));
        }
        return byImage.values().stream().limit(Report.Details.MAX_IMAGES).toList();
    }

    private static List<ResourceStatus> merged(List<ResourceStatus> told, List<ResourceStatus> degraded) {
        Set<String> labels = told.stream().map(DetailValidity::identity).collect(Collectors.toSet());
        List<ResourceStatus> all = new ArrayList<>(told);
        degraded.stream().filter(r -> !labels.contains(identity(r))).forEach(all::add);
        return all.size() > ApplicationStatus.MAX_RESOURCES ? all.subList(0, ApplicationStatus.MAX_RESOURCES) : all;
    }

    private static String identity(ResourceStatus resourceStatus) {
        return resourceStatus.label() + " " + resourceStatus.namespace();
    }
}
