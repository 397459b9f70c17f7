package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Durations;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One change that a run made or found already made, and its outcome. Immutable; stored with the run. */
@ExportedBean(defaultVisibility = 2)
public final class ChangeRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The kind of change. */
    public enum ChangeKind {
        SET_IMAGE,
        PROMOTION,
        ROLLBACK
    }

    /** The end of the wait for a change. */
    public enum Outcome {
        LIVE,
        FAILED,
        SUPERSEDED,
        REVERTED,
        TIMEOUT,
        /** It could not become live under the circumstances, although the change itself did not fail. */
        STALLED;

        /** The name in the return value of a step. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final ChangeKind kind;
    private final String repository;
    /** Null in records of earlier versions. */
    private final RepositoryBinding binding;
    /** The branch of the target; null for the configured one, and in records of earlier versions. */
    private final String branch;

    private final String application;
    private final String environment;
    private final ArrayList<String> images;
    private final ArrayList<String> previous;
    private final ArrayList<String> files;
    private final String revision;
    private final boolean changed;
    private final String operation;
    private final String requestedBy;
    private final ArrayList<String> approvedBy;
    private final long at;
    private final Outcome outcome;
    private final String summary;
    private final long endedAt;
    /** Null without an outcome, and in records of earlier versions. */
    private final ObservedTarget observed;

    private final long waited;
    private final String rolledBackBy;

    private ChangeRecord(Builder from) {
        this.kind = from.kind;
        this.repository = from.repository;
        this.binding = from.binding;
        this.branch = from.branch;
        this.application = from.application;
        this.environment = from.environment;
        this.images = new ArrayList<>(from.images);
        this.previous = new ArrayList<>(from.previous);
        this.files = new ArrayList<>(from.files);
        this.revision = from.revision;
        this.changed = from.changed;
        this.operation = from.operation;
        this.requestedBy = from.requestedBy;
        this.approvedBy = new ArrayList<>(from.approvedBy);
        this.at = from.at;
        this.outcome = null;
        this.summary = null;
        this.endedAt = 0;
        this.observed = null;
        this.waited = 0;
        this.rolledBackBy = null;
    }

    private ChangeRecord(ChangeRecord from, AwaitEnd end, @CheckForNull String rolledBackBy) {
        this.kind = from.kind;
        this.repository = from.repository;
        this.binding = from.binding;
        this.branch = from.branch;
        this.application = from.application;
        this.environment = from.environment;
        this.images = from.images;
        this.previous = from.previous;
        this.files = from.files;
        this.revision = from.revision;
        this.changed = from.changed;
        this.operation = from.operation;
        this.requestedBy = from.requestedBy;
        this.approvedBy = from.approvedBy;
        this.at = from.at;
        this.outcome = end.outcome();
        this.summary = end.summary();
        this.endedAt = end.at();
        this.observed = end.observed();
        this.waited = end.waited();
        this.rolledBackBy = rolledBackBy;
    }

    /**
     * The end of a wait.
     *
     * @param summary one line
     * @param observed the state of the target at that time; null when it was not recorded
     * @param at milliseconds since the epoch
     * @param waited milliseconds since the first start of the wait
     */
    record AwaitEnd(
            Outcome outcome, String summary, @CheckForNull ObservedTarget observed, long at, long waited) {}

    /** Collects what is known when the change is written. */
    static final class Builder {
        private final ChangeKind kind;
        private final String operation;
        private String repository;
        private RepositoryBinding binding;
        private String branch;
        private String application;
        private String environment;
        private List<String> images = List.of();
        private List<String> previous = List.of();
        private List<String> files = List.of();
        private List<String> approvedBy = List.of();
        private String revision;
        private boolean changed;
        private String requestedBy;
        private long at;

        Builder(ChangeKind kind, String operation) {
            this.kind = kind;
            this.operation = operation;
        }

        Builder target(String repository, String application, String environment) {
            this.repository = repository;
            this.application = application;
            this.environment = environment;
            return this;
        }

        Builder target(RepositoryBinding where, String application, String environment) {
            this.binding = where;
            return target(where.getName(), application, environment);
        }

        /** @param written the branch that was written, or would have been */
        Builder on(RepositoryConfiguration written) {
            this.branch = written.isOfEnvironment() ? written.getBranch() : null;
            return this;
        }

        Builder images(List<String> images, List<String> previous) {
            this.images = images;
            this.previous = previous;
            return this;
        }

        Builder commit(boolean changed, String revision, List<String> files) {
            this.changed = changed;
            this.revision = revision;
            this.files = files;
            return this;
        }

        Builder approvedBy(List<String> users) {
            this.approvedBy = users;
            return this;
        }

        /** Takes images and approvers from the commit of a result, since that is authoritative. */
        Builder written(ChangeResult result) {
            List<ImageChange> all = ImageChange.of(result.trailers());
            images(
                    all.stream()
                            .map(ImageChange::to)
                            .filter(Objects::nonNull)
                            .map(ImageReference::toString)
                            .toList(),
                    all.stream()
                            .map(ImageChange::from)
                            .filter(Objects::nonNull)
                            .map(ImageReference::toString)
                            .toList());
            approvedBy(result.trailers().all(Trailers.APPROVED_BY));
            return commit(result.changed(), result.revision(), result.files());
        }

        Builder requestedBy(String user) {
            this.requestedBy = user;
            return this;
        }

        /** @param at milliseconds since the epoch */
        ChangeRecord build(long at) {
            this.at = at;
            return new ChangeRecord(this);
        }
    }

    /** A copy with the end of the wait; replaces an earlier end. */
    ChangeRecord ended(AwaitEnd end) {
        return new ChangeRecord(this, end, rolledBackBy);
    }

    /** A copy that is rolled back by a commit. */
    ChangeRecord rolledBackBy(String commit) {
        return new ChangeRecord(this, new AwaitEnd(outcome, summary, observed, endedAt, waited), commit);
    }

    /** Whether this is a change of a target; null matches any. */
    boolean isAbout(
            @CheckForNull String aRepository, @CheckForNull String anApplication, @CheckForNull String anEnvironment) {
        return (aRepository == null || aRepository.equals(repository))
                && (anApplication == null || anApplication.equals(application))
                && (anEnvironment == null || anEnvironment.equals(environment));
    }

    /** Whether it was made in this repository. */
    boolean isIn(RepositoryBinding where) {
        return binding == null ? repository.equals(where.getName()) : binding.isSame(where);
    }

    /**
     * The configuration of the repository, on the branch of the target.
     *
     * @throws UserErrorException when the configuration of the repository has changed since then
     */
    RepositoryConfiguration repositoryNow() throws UserErrorException {
        RepositoryConfiguration now =
                binding == null ? GitopsConfiguration.get().repository(repository) : binding.current();
        return now.onBranch(branch);
    }

    /** The kind of change. */
    @Exported
    public ChangeKind getKind() {
        return kind;
    }

    /** Name of the config repository in the global configuration. */
    @Exported
    public String getRepository() {
        return repository;
    }

    /** The branch of the target if it is not the configured one; null otherwise. */
    @CheckForNull
    @Exported
    public String getBranch() {
        return branch;
    }

    @Exported
    public String getApplication() {
        return application;
    }

    @Exported
    public String getEnvironment() {
        return environment;
    }

    /** {@code application/environment}. */
    public String getTarget() {
        return application + "/" + environment;
    }

    /** The images that the change wrote or found: {@code name:tag}, {@code name@digest}. */
    @Exported
    public List<String> getImages() {
        return Collections.unmodifiableList(images);
    }

    /** The images whose value changed; all images if none did. */
    List<String> changedImages() {
        List<String> changed =
                images.stream().filter(image -> !previous.contains(image)).toList();
        return changed.isEmpty() ? getImages() : changed;
    }

    /** The images before the change; empty if there were none. */
    @Exported
    public List<String> getPrevious() {
        return Collections.unmodifiableList(previous);
    }

    /** The files that the commit changed; empty when there is no commit. */
    @Exported
    public List<String> getFiles() {
        return Collections.unmodifiableList(files);
    }

    /** The commit, 40 hex digits; when nothing was changed, the tip that already had the images. */
    @Exported
    public String getRevision() {
        return revision;
    }

    /** Whether there is a commit. */
    @Exported
    public boolean isChanged() {
        return changed;
    }

    /** The operation id; also in the commit. */
    @Exported
    public String getOperation() {
        return operation;
    }

    /** Id of the flow node of the step, parsed from the operation id; null for an id of another form. */
    @CheckForNull
    String getNode() {
        int start = operation.lastIndexOf('/') + 1;
        int end = operation.indexOf('@', start);
        if (start == 0 || end < 0) {
            return null;
        }
        String node = operation.substring(start, end);
        // The operation id of an automatic rollback is that of the step with a suffix.
        int dot = node.indexOf('.');
        return dot < 0 ? node : node.substring(0, dot);
    }

    /** Id of the user who requested it. */
    @Exported
    public String getRequestedBy() {
        return requestedBy;
    }

    /** Ids of the users who approved it; empty when no approval was required. */
    @Exported
    public List<String> getApprovedBy() {
        return Collections.unmodifiableList(approvedBy);
    }

    /** When it was written, milliseconds since the epoch. */
    @Exported
    public long getAt() {
        return at;
    }

    /** The outcome; null unless a wait for this change has ended. */
    @CheckForNull
    @Exported
    public Outcome getOutcome() {
        return outcome;
    }

    /** The outcome in one line; null without an outcome. */
    @CheckForNull
    @Exported
    public String getSummary() {
        return summary;
    }

    /** When the outcome was determined, milliseconds since the epoch; 0 without an outcome. */
    @Exported
    public long getEndedAt() {
        return endedAt;
    }

    /** Duration of the wait in milliseconds; 0 without an outcome. */
    @Exported
    public long getWaited() {
        return waited;
    }

    /** Duration of the wait as text: {@code 1m30s}. */
    public String getWaitedFor() {
        return Durations.format(Duration.ofMillis(waited));
    }

    /** The synced revision when the wait ended, 40 hex digits; null when unknown. */
    @CheckForNull
    @Exported
    public String getSyncedRevision() {
        return observed == null ? null : observed.syncedRevision();
    }

    /** The target's health when the wait ended; null when unknown. */
    @CheckForNull
    @Exported
    public String getHealth() {
        return observed == null ? null : observed.health();
    }

    /**
     * The proof that the image of the change runs: {@code running}, {@code not running}, {@code not seen}, or
     * {@code none} when the change set no image; null unless the wait ended with live.
     */
    @CheckForNull
    @Exported
    public String getImageProof() {
        return observed == null ? null : observed.image();
    }

    /** The resources that were not Synced and Healthy when the wait ended. */
    @Exported
    public List<UnhealthyResource> getResources() {
        return observed == null ? List.of() : observed.resources();
    }

    /** The commit with which the step rolled it back, 40 hex digits; null when it did not. */
    @CheckForNull
    @Exported
    public String getRolledBackBy() {
        return rolledBackBy;
    }

    /** Relative to the root of Jenkins, without a leading slash. */
    public String getTargetUrl() {
        return GitopsUrls.target(repository, application, environment);
    }
}
