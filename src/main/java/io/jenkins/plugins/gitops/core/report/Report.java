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
 * What an agent says about its applications; what Argo CD and Flux say is brought into the same words. The body of {@code POST /gitops-agent/report}. A claim, bound to the
 * agent's secret; instants are ISO-8601 in UTC.
 *
 * @param instance drawn anew by each agent process; the sequence starts again with it
 * @param startedAt when that process started: an older instance cannot speak after a newer one
 * @param sequence rises with each report of one instance
 * @param intervalSeconds the longest time until the next report; silence for a few of them makes the agent stale
 * @param applications all applications of the agent: one that is not listed is gone
 * @param readOnly whether it only observes or is in a dry run, so that it can carry out no sync request
 * @param page which part of a report this is, each part with its own sequence; null for a whole one
 * @param omitted how many applications the sender had no room for: of those that are not listed nothing is known
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

    /** Which part of a whole report this is: the only one where it has no pages. */
    Page effectivePage() {
        return page == null ? new Page(1, 1) : page;
    }

    /**
     * One of several parts of a report that would be too large for one request.
     *
     * @param index 1 for the first
     * @param count of all; 2 or more
     */
    public record Page(int index, int count) {
        /** A report has no more pages than this. */
        public static final int MAX = 32;

        @JsonIgnore
        boolean isValid() {
            return count >= 2 && count <= MAX && index >= 1 && index <= count;
        }
    }

    public Report {
        applications = applications == null ? List.of() : List.copyOf(applications);
    }

    /** A whole one. */
    public Report(
            String instance,
            String startedAt,
            long sequence,
            int intervalSeconds,
            List<ApplicationStatus> applications,
            boolean readOnly) {
        this(instance, startedAt, sequence, intervalSeconds, applications, readOnly, null, 0);
    }

    /** The same with other applications. */
    Report withApplications(List<ApplicationStatus> others) {
        return new Report(instance, startedAt, sequence, intervalSeconds, others, readOnly, page, omitted);
    }

    /** Of an agent that carries out sync requests. */
    public Report(
            String instance,
            String startedAt,
            long sequence,
            int intervalSeconds,
            List<ApplicationStatus> applications) {
        this(instance, startedAt, sequence, intervalSeconds, applications, false);
    }

    /**
     * @param name name of the {@code Application} manifest
     * @param repository URL as the agent uses it
     * @param path folder in that repository
     * @param comparedRevision the revision that sync speaks of, 40 hex digits; null before the first comparison
     * @param syncedRevision the newest revision that was wholly applied, or found to be live; null when none was yet
     * @param sync word of {@link io.jenkins.plugins.gitops.core.model.SyncState}
     * @param health word of {@link io.jenkins.plugins.gitops.core.model.Health}
     * @param operation the last sync operation; null when none ran yet
     * @param images images of the pods' owners as applied, {@code name:tag} or {@code name@digest}
     * @param resources those that are not Synced and Healthy, at most {@link #MAX_RESOURCES}
     * @param message why it could not be compared; null when it could
     * @param observedAt when sync and health were observed
     * @param comparedAt when the comparison began that sync speaks of, where that is known only to the second and apart from
     *     health (Argo CD); null when {@code observedAt} holds for both
     * @param requested whether a sync was asked for that has not begun, so that the last operation is not the one to judge
     * @param deleting whether the application itself is being deleted
     * @param conditions what is wrong with it as a whole
     * @param details what only some agents can tell
     * @param deployedBy what deploys it where the sender only observes that: {@code flux} or {@code argocd}, as gitops.yaml
     *     calls them; null when the sender deploys it itself
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
        /** More resources than this are not told. */
        public static final int MAX_RESOURCES = 20;

        private static final int SECONDS = "2026-01-01T00:00:00".length();

        public ApplicationStatus {
            images = images == null ? List.of() : List.copyOf(images);
            resources = resources == null ? List.of() : List.copyOf(resources);
            conditions = conditions == null ? List.of() : List.copyOf(conditions);
            details = details == null ? Details.NONE : details;
        }

        /** Of what the sender deploys itself. */
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

        /** Of an agent that tells nothing more. */
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

        /** One that nothing is wrong with as a whole. */
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

        /** Whether health was observed after the last operation had finished; true when none has. */
        @JsonIgnore
        public boolean isObservedAfterSync() {
            return operation == null || operation.finishedAt() == null || !isBefore(observedAt, operation.finishedAt());
        }

        /**
         * Whether the comparison began after the last operation had finished; true when none has. Where both are known to
         * the second only, the same second tells nothing and counts as no.
         */
        @JsonIgnore
        public boolean isComparedAfterSync() {
            return comparedAt == null
                    || operation == null
                    || operation.finishedAt() == null
                    || Instant.parse(comparedAt).isAfter(Instant.parse(operation.finishedAt()));
        }

        /** Most are told apart by their seconds alone; thousands are compared with each report. */
        private static boolean isBefore(String one, String other) {
            if (one.length() > SECONDS && other.length() > SECONDS) {
                int order = one.substring(0, SECONDS).compareTo(other.substring(0, SECONDS));
                if (order != 0 && isUsual(one) && isUsual(other)) {
                    return order < 0;
                }
            }
            return Instant.parse(one).isBefore(Instant.parse(other));
        }

        /** In UTC and of a year of four digits, which is where texts are ordered as instants are. */
        private static boolean isUsual(String instant) {
            return instant.charAt(4) == '-' && instant.endsWith("Z");
        }

        /** The same with another reason why nothing happens. */
        public ApplicationStatus withMessage(String why) {
            return ApplicationStatusBuilder.of(this).message(why).build();
        }

        /** The same with what only some agents can tell. */
        public ApplicationStatus withDetails(Details more) {
            return ApplicationStatusBuilder.of(this).details(more).build();
        }

        /** The same while a sync is asked for that has not begun. */
        public ApplicationStatus withSyncRequest() {
            return ApplicationStatusBuilder.of(this).requested(true).build();
        }

        /** The same, deployed by something that the sender only observes. */
        public ApplicationStatus withDeployedBy(AgentKind kind) {
            return ApplicationStatusBuilder.of(this).deployedBy(kind).build();
        }

        /** What deploys it; {@link AgentKind#AGENT} when that is the sender itself. */
        @JsonIgnore
        public AgentKind deployer() {
            return AgentKind.ofKey(deployedBy);
        }

        /** Whether the sender only observes what deploys it. */
        @JsonIgnore
        public boolean isObserved() {
            return deployer() != AgentKind.AGENT;
        }

        /** The same without what a heartbeat changes: of the moment of observation only its order to the sync is left. */
        public ApplicationStatus withoutTimestamps() {
            return ApplicationStatusBuilder.of(this)
                    .images(List.of())
                    .observedAt(isObservedAfterSync() ? "after" : "before")
                    .build();
        }
    }

    /**
     * What only some agents can tell. Null always means that it is not known, never that there is none.
     *
     * @param branch what the agent follows, as its object says: a branch, a tag or a commit
     * @param blocked why nothing will be applied until somebody acts or time passes, one line that says what to do; null
     *     when nothing is known to keep it from being applied
     * @param outdated why the status is older than it may be, one line that says what to look at; null when it is fresh
     * @param running the images of the application's live workloads; null where live objects cannot be seen
     * @param overrides what in the agent's own live object stands above Git
     * @param healthAt the earlier revision whose health is carried over to the synced one because nothing was applied since,
     *     as far as the agent said; that holds only when Git has the same images from there to here. Null when health is
     *     the synced revision's own
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
        /** More images than this are not told. */
        public static final int MAX_IMAGES = 50;
        /** More overrides than this are not told. */
        public static final int MAX_OVERRIDES = 50;
        /** Of an agent that tells nothing more. */
        public static final Details NONE = new Details(null, null, null, null, List.of());

        public Details {
            running = running == null ? null : List.copyOf(running);
            overrides = overrides == null ? List.of() : List.copyOf(overrides);
        }

        /** The same, of a status that is older than it may be. */
        public Details withOutdated(String why) {
            return new Details(branch, blocked, why, running, overrides, healthAt);
        }

        /** Of an agent that observes the health of what it synced. */
        public Details(
                @CheckForNull String branch,
                @CheckForNull String blocked,
                @CheckForNull String outdated,
                @CheckForNull List<RunningImage> running,
                List<LiveOverride> overrides) {
            this(branch, blocked, outdated, running, overrides, null);
        }
    }

    /** Leaves out the details of an agent that tells nothing more, as reports of earlier releases did. */
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
     * One image of the live workloads, told once for all that have it in their template.
     *
     * @param image as in the template, {@code name:tag} or {@code name@digest}
     * @param workload one that has it, {@code Deployment shop/web}; the least ready one when there are several
     * @param ready whether all workloads that have it run it: where they want pods, the wanted number of pods is ready with
     *     this image, and a Job has succeeded
     * @param message why not, in the cluster's words; null when ready or not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RunningImage(
            String image,
            String workload,
            boolean ready,
            @CheckForNull String message) {}

    /**
     * A part of the agent's own live object that replaces what Git says, or leaves it out.
     *
     * @param place as the object's own field is called, such as {@code spec.source.kustomize.images}
     * @param value what stands there, one line; null when the field alone says it all
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LiveOverride(String place, @CheckForNull String value) {}

    /**
     * What keeps an application from being compared or synced.
     *
     * @param type as Argo CD calls it: {@code ComparisonError}, {@code InvalidSpecError}, {@code SyncError}, ...
     * @param message in the agent's words
     * @param revision the revision that it is about, 40 hex digits; null when that is not known
     * @param at since when it stands
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ApplicationCondition(
            String type, String message, @CheckForNull String revision, String at) {}

    /**
     * @param phase word of {@link io.jenkins.plugins.gitops.core.model.OperationPhase}
     * @param finishedAt when it ended, or while the next try is waited for, when the last one did; null while one runs
     * @param retries tries after the first; while the next one is waited for, that one is counted already
     * @param partial whether it was a dry run or was about some resources only, so that its end says nothing of the whole
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
        /** One of the whole application. */
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
     * @param sync word of {@link io.jenkins.plugins.gitops.core.model.SyncState}
     * @param health word of {@link io.jenkins.plugins.gitops.core.model.Health}; null for kinds without health
     * @param message the reason in the cluster's words, bounded; null when there is none
     * @param requiresPruning whether Git no longer holds it, so that only its pruning is left
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
        /** One that Git holds. */
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
