package io.jenkins.plugins.gitops.core.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import java.time.Instant;
import java.util.List;

/**
 * What an agent reports about its applications, in a common format that Argo CD's and Flux's statuses are translated
 * into. The body of {@code POST /gitops-agent/report}. A claim, authenticated by the agent's secret; times are ISO-8601
 * in UTC.
 *
 * @param instance a random id of the agent process; the sequence starts again with each process
 * @param startedAt when that process started; after a newer process has reported, reports of an older one are rejected
 * @param sequence increases with each report of one instance
 * @param intervalSeconds the longest time until the next report; an agent that misses a few intervals is stale
 * @param applications all applications of the agent; an application that is not listed was deleted
 * @param readOnly whether the sender only observes or is in a dry run, so that it cannot perform a sync request
 * @param page which part of a report this is, each part with its own sequence; null for a complete report
 * @param omitted how many applications were omitted for lack of space: the state of unlisted applications is then
 *     unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
        String instance,
        String startedAt,
        long sequence,
        int intervalSeconds,
        List<ApplicationStatus> applications,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean readOnly,
        @CheckForNull Page page,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int omitted) {

    /** The page of the report; the only page if the report is not paged. */
    Page effectivePage() {
        return page == null ? new Page(1, 1) : page;
    }

    /**
     * One of several parts of a report that would be too large for one request.
     *
     * @param index 1 for the first
     * @param count the number of all pages, 2 or more
     */
    public record Page(int index, int count) {
        /** The maximum number of pages of a report. */
        public static final int MAX = 32;

        @JsonIgnore
        boolean isValid() {
            return count >= 2 && count <= MAX && index >= 1 && index <= count;
        }
    }

    public Report {
        applications = applications == null ? List.of() : List.copyOf(applications);
    }

    /** Creates a report without pages. */
    public Report(
            String instance,
            String startedAt,
            long sequence,
            int intervalSeconds,
            List<ApplicationStatus> applications,
            boolean readOnly) {
        this(instance, startedAt, sequence, intervalSeconds, applications, readOnly, null, 0);
    }

    /** Returns a copy with other applications. */
    Report withApplications(List<ApplicationStatus> others) {
        return new Report(instance, startedAt, sequence, intervalSeconds, others, readOnly, page, omitted);
    }

    /** Creates a report of an agent that performs sync requests. */
    public Report(
            String instance,
            String startedAt,
            long sequence,
            int intervalSeconds,
            List<ApplicationStatus> applications) {
        this(instance, startedAt, sequence, intervalSeconds, applications, false);
    }

    /**
     * The status of one application.
     *
     * @param name name of the {@code Application} manifest
     * @param repository URL as the agent uses it
     * @param path folder in that repository
     * @param comparedRevision the revision that {@code sync} refers to, 40 hex digits; null before the first comparison
     * @param syncedRevision the newest revision that was completely applied or found live; null if there is none
     * @param sync name of a {@link io.jenkins.plugins.gitops.core.model.SyncState}
     * @param health name of a {@link io.jenkins.plugins.gitops.core.model.Health}
     * @param operation the last sync operation; null before the first
     * @param images images of the pods' owners as applied, {@code name:tag} or {@code name@digest}
     * @param resources the resources that are not Synced and Healthy, at most {@link #MAX_RESOURCES}
     * @param message why it could not be compared; null if it could
     * @param observedAt when sync and health were observed
     * @param comparedAt when the comparison that {@code sync} refers to started, if that is known only to the second
     *     and separately from health (Argo CD); null if it is {@code observedAt}
     * @param requested whether a requested sync has not started yet, so that the last operation does not count
     * @param deleting whether the application itself is being deleted
     * @param conditions errors and warnings of the application as a whole
     * @param details what only some agents report
     * @param deployedBy what deploys the application, if the sender only observes it: {@code flux} or {@code argocd},
     *     as in gitops.yaml; null if the sender deploys it itself
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ApplicationStatus(
            String name,
            String repository,
            String path,
            @CheckForNull String comparedRevision,
            @CheckForNull String syncedRevision,
            String sync,
            String health,
            @CheckForNull OperationState operation,
            List<String> images,
            List<ResourceStatus> resources,
            @CheckForNull String message,
            String observedAt,
            @CheckForNull String comparedAt,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean requested,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean deleting,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ApplicationCondition> conditions,

            @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = EmptyDetailsFilter.class)
            Details details,

            @CheckForNull String deployedBy) {
        /** The maximum number of resources in a status. */
        public static final int MAX_RESOURCES = 20;

        private static final int SECONDS = "2026-01-01T00:00:00".length();

        public ApplicationStatus {
            images = images == null ? List.of() : List.copyOf(images);
            resources = resources == null ? List.of() : List.copyOf(resources);
            conditions = conditions == null ? List.of() : List.copyOf(conditions);
            details = details == null ? Details.NONE : details;
        }

        /** Creates a status of an application that the sender deploys itself. */
        public ApplicationStatus(
                String name,
                String repository,
                String path,
                @CheckForNull String comparedRevision,
                @CheckForNull String syncedRevision,
                String sync,
                String health,
                @CheckForNull OperationState operation,
                List<String> images,
                List<ResourceStatus> resources,
                @CheckForNull String message,
                String observedAt,
                @CheckForNull String comparedAt,
                boolean requested,
                boolean deleting,
                List<ApplicationCondition> conditions,
                Details details) {
            this(
                    name,
                    repository,
                    path,
                    comparedRevision,
                    syncedRevision,
                    sync,
                    health,
                    operation,
                    images,
                    resources,
                    message,
                    observedAt,
                    comparedAt,
                    requested,
                    deleting,
                    conditions,
                    details,
                    null);
        }

        /** Creates a status without details. */
        public ApplicationStatus(
                String name,
                String repository,
                String path,
                @CheckForNull String comparedRevision,
                @CheckForNull String syncedRevision,
                String sync,
                String health,
                @CheckForNull OperationState operation,
                List<String> images,
                List<ResourceStatus> resources,
                @CheckForNull String message,
                String observedAt,
                @CheckForNull String comparedAt,
                boolean requested,
                boolean deleting,
                List<ApplicationCondition> conditions) {
            this(
                    name,
                    repository,
                    path,
                    comparedRevision,
                    syncedRevision,
                    sync,
                    health,
                    operation,
                    images,
                    resources,
                    message,
                    observedAt,
                    comparedAt,
                    requested,
                    deleting,
                    conditions,
                    Details.NONE);
        }

        /** Creates a status without conditions. */
        public ApplicationStatus(
                String name,
                String repository,
                String path,
                @CheckForNull String comparedRevision,
                @CheckForNull String syncedRevision,
                String sync,
                String health,
                @CheckForNull OperationState operation,
                List<String> images,
                List<ResourceStatus> resources,
                @CheckForNull String message,
                String observedAt) {
            this(
                    name,
                    repository,
                    path,
                    comparedRevision,
                    syncedRevision,
                    sync,
                    health,
                    operation,
                    images,
                    resources,
                    message,
                    observedAt,
                    null,
                    false,
                    false,
                    List.of(),
                    Details.NONE);
        }

        /** Whether health was observed after the last operation finished; true if none has finished. */
        @JsonIgnore
        public boolean isObservedAfterSync() {
            return operation == null || operation.finishedAt() == null || !isBefore(observedAt, operation.finishedAt());
        }

        /**
         * Whether the comparison started after the last operation finished; true if none has finished. False if both
         * times have a resolution of one second and are equal, since the order is then unknown.
         */
        @JsonIgnore
        public boolean isComparedAfterSync() {
            return comparedAt == null
                    || operation == null
                    || operation.finishedAt() == null
                    || Instant.parse(comparedAt).isAfter(Instant.parse(operation.finishedAt()));
        }

        /** Optimized: thousands of times are compared with each report, and the seconds suffice for most of them. */
        private static boolean isBefore(String one, String other) {
            if (one.length() > SECONDS && other.length() > SECONDS) {
                int order = one.substring(0, SECONDS).compareTo(other.substring(0, SECONDS));
                if (order != 0 && isUsual(one) && isUsual(other)) {
                    return order < 0;
                }
            }
            return Instant.parse(one).isBefore(Instant.parse(other));
        }

        /** Whether it is in UTC with a four-digit year, so that the order of the texts is the order of the times. */
        private static boolean isUsual(String instant) {
            return instant.charAt(4) == '-' && instant.endsWith("Z");
        }

        /** Returns a copy with another message. */
        public ApplicationStatus withMessage(String why) {
            return ApplicationStatusBuilder.of(this).message(why).build();
        }

        /** Returns a copy with other details. */
        public ApplicationStatus withDetails(Details more) {
            return ApplicationStatusBuilder.of(this).details(more).build();
        }

        /** Returns a copy with a requested sync that has not started. */
        public ApplicationStatus withSyncRequest() {
            return ApplicationStatusBuilder.of(this).requested(true).build();
        }

        /** Returns a copy that is deployed by an agent which the sender only observes. */
        public ApplicationStatus withDeployedBy(AgentKind kind) {
            return ApplicationStatusBuilder.of(this).deployedBy(kind).build();
        }

        /** The kind of agent that deploys it; {@link AgentKind#AGENT} for the sender itself. */
        @JsonIgnore
        public AgentKind deployer() {
            return AgentKind.ofKey(deployedBy);
        }

        /** Whether the sender only observes the agent that deploys it. */
        @JsonIgnore
        public boolean isObserved() {
            return deployer() != AgentKind.AGENT;
        }

        /**
         * Returns a copy without what changes with each heartbeat. Of the observation time only its order relative to
         * the sync remains.
         */
        public ApplicationStatus withoutTimestamps() {
            return ApplicationStatusBuilder.of(this)
                    .images(List.of())
                    .observedAt(isObservedAfterSync() ? "after" : "before")
                    .build();
        }
    }

    /**
     * What only some agents report. Null always means unknown, never that there is none.
     *
     * @param branch the branch, tag or commit that the agent follows, as in its object
     * @param blocked why nothing will be applied until a person acts or time passes, one line with the remedy; null if
     *     no reason is known
     * @param outdated why the status is outdated, one line with the remedy; null if it is current
     * @param running the images of the application's live workloads; null if live objects cannot be read
     * @param overrides the parts of the agent's own live object that take precedence over Git
     * @param healthAt the earlier revision whose health is carried over to the synced one because, according to the
     *     agent, nothing has been applied since. Valid only if Git has had the same images from that revision to the
     *     synced one. Null if health is that of the synced revision itself
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Details(
            @CheckForNull String branch,
            @CheckForNull String blocked,
            @CheckForNull String outdated,

            @JsonInclude(JsonInclude.Include.NON_NULL) @CheckForNull
            List<RunningImage> running,

            List<LiveOverride> overrides,
            @CheckForNull String healthAt) {
        /** The maximum number of images in a status. */
        public static final int MAX_IMAGES = 50;
        /** The maximum number of overrides in a status. */
        public static final int MAX_OVERRIDES = 50;
        /** The details of an agent that reports none. */
        public static final Details NONE = new Details(null, null, null, null, List.of());

        public Details {
            running = running == null ? null : List.copyOf(running);
            overrides = overrides == null ? List.of() : List.copyOf(overrides);
        }

        /** Returns a copy that is marked as outdated. */
        public Details withOutdated(String why) {
            return new Details(branch, blocked, why, running, overrides, healthAt);
        }

        /** Creates the details of an agent that observes the health of what it synced. */
        public Details(
                @CheckForNull String branch,
                @CheckForNull String blocked,
                @CheckForNull String outdated,
                @CheckForNull List<RunningImage> running,
                List<LiveOverride> overrides) {
            this(branch, blocked, outdated, running, overrides, null);
        }
    }

    /** Omits empty details, as reports of earlier releases did. */
    static final class EmptyDetailsFilter {
        @java.lang.Override
        @SuppressFBWarnings(
                value = "EQ_CHECK_FOR_OPERAND_NOT_COMPATIBLE_WITH_THIS",
                justification = "that is how Jackson asks a filter of values")
        public boolean equals(Object other) {
            return other == null || Details.NONE.equals(other);
        }

        @java.lang.Override
        public int hashCode() {
            return 0;
        }
    }

    /**
     * One image of the live workloads, listed once for all workloads with that image in their template.
     *
     * @param image as in the template, {@code name:tag} or {@code name@digest}
     * @param workload a workload with this image, such as {@code Deployment shop/web}; the least ready one if there are
     *     several
     * @param ready whether all workloads with this image run it: if pods are desired, the desired number of pods is
     *     ready with this image, and a Job has succeeded
     * @param message why it is not ready, in the cluster's words; null if ready or unknown
     * @param digests the digests that ready pods run for a tag, as reported by the container runtime; empty if unknown
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RunningImage(
            String image,
            String workload,
            boolean ready,
            @CheckForNull String message,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> digests) {
        /** The maximum number of digests per image. */
        public static final int MAX_DIGESTS = 4;

        public RunningImage {
            digests = digests == null ? List.of() : List.copyOf(digests);
        }

        /** Creates an image whose digests are unknown. */
        public RunningImage(String image, String workload, boolean ready, @CheckForNull String message) {
            this(image, workload, ready, message, List.of());
        }

        /** Returns a copy with another message. */
        public RunningImage withMessage(@CheckForNull String why) {
            return new RunningImage(image, workload, ready, why, digests);
        }
    }

    /**
     * A part of the agent's own live object that replaces or excludes what is in Git.
     *
     * @param place the path of the field in the object, such as {@code spec.source.kustomize.images}
     * @param value the value of the field, one line; null if the field alone is enough
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LiveOverride(String place, @CheckForNull String value) {}

    /**
     * A reason why an application cannot be compared or synced.
     *
     * @param type in Argo CD's terms: {@code ComparisonError}, {@code InvalidSpecError}, {@code SyncError}, ...
     * @param message in the agent's words
     * @param revision the revision that it concerns, 40 hex digits; null if unknown
     * @param at since when the condition exists
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ApplicationCondition(
            String type, String message, @CheckForNull String revision, String at) {}

    /**
     * A sync with its retries.
     *
     * @param phase name of an {@link io.jenkins.plugins.gitops.core.model.OperationPhase}
     * @param finishedAt when it ended or, between two attempts, when the last attempt ended; null while one is running
     * @param retries the number of attempts after the first, including a scheduled one
     * @param partial whether it was a dry run or covered only some resources, so that its end says nothing about the
     *     whole application
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OperationState(
            String phase,
            String revision,
            String startedAt,
            @CheckForNull String finishedAt,
            int retries,
            @CheckForNull String message,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean partial) {
        /** Creates an operation of the whole application. */
        public OperationState(
                String phase,
                String revision,
                String startedAt,
                @CheckForNull String finishedAt,
                int retries,
                @CheckForNull String message) {
            this(phase, revision, startedAt, finishedAt, retries, message, false);
        }
    }

    /**
     * A resource that is not Synced and Healthy.
     *
     * @param sync name of a {@link io.jenkins.plugins.gitops.core.model.SyncState}
     * @param health name of a {@link io.jenkins.plugins.gitops.core.model.Health}; null for kinds without health
     * @param message the reason in the cluster's words, of bounded length; null if there is none
     * @param requiresPruning whether it was removed from Git, so that only pruning remains
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ResourceStatus(
            String kind,
            @CheckForNull String namespace,
            String name,
            String sync,
            @CheckForNull String health,
            @CheckForNull String message,

            @JsonProperty("extra") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
            boolean requiresPruning) {
        /** Creates a resource that is in Git. */
        public ResourceStatus(
                String kind,
                @CheckForNull String namespace,
                String name,
                String sync,
                @CheckForNull String health,
                @CheckForNull String message) {
            this(kind, namespace, name, sync, health, message, false);
        }

        /** {@code Deployment payments-api}. */
        public String label() {
            return kind + " " + name;
        }
    }
}
