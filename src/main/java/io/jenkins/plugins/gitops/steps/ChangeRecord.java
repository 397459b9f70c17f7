package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One change that a run made, or found made already, and what became of it. Immutable; stored with the run. */
@ExportedBean(defaultVisibility = 2)
public final class ChangeRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What kind of change it was. */
    public enum Kind {
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
        TIMEOUT
    }

    private final Kind kind;
    private final String repository;
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

    private ChangeRecord(Builder from) {
        this.kind = from.kind;
        this.repository = from.repository;
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
    }

    private ChangeRecord(ChangeRecord from, Outcome outcome, String summary, long endedAt) {
        this.kind = from.kind;
        this.repository = from.repository;
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
        this.outcome = outcome;
        this.summary = summary;
        this.endedAt = endedAt;
    }

    /** What is known when the change is written. */
    static final class Builder {
        private final Kind kind;
        private final String operation;
        private String repository;
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

        Builder(Kind kind, String operation) {
            this.kind = kind;
            this.operation = operation;
        }

        Builder target(String repository, String application, String environment) {
            this.repository = repository;
            this.application = application;
            this.environment = environment;
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

        Builder people(String requestedBy, List<String> approvedBy) {
            this.requestedBy = requestedBy;
            this.approvedBy = approvedBy;
            return this;
        }

        /** @param at milliseconds since the epoch */
        ChangeRecord build(long at) {
            this.at = at;
            return new ChangeRecord(this);
        }
    }

    /** The same change with its end; the last end counts. */
    ChangeRecord ended(Outcome how, String inWords, long when) {
        return new ChangeRecord(this, how, inWords, when);
    }

    /** Whether this is about a target; null for any. */
    boolean isAbout(
            @CheckForNull String aRepository, @CheckForNull String anApplication, @CheckForNull String anEnvironment) {
        return (aRepository == null || aRepository.equals(repository))
                && (anApplication == null || anApplication.equals(application))
                && (anEnvironment == null || anEnvironment.equals(environment));
    }

    /** What was done. */
    @Exported
    public Kind getKind() {
        return kind;
    }

    /** Name of the config repository in the global configuration. */
    @Exported
    public String getRepository() {
        return repository;
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

    /** The images that the change wrote, or found there: {@code name:tag}, {@code name@digest}. */
    @Exported
    public List<String> getImages() {
        return Collections.unmodifiableList(images);
    }

    /** The images that stood there before, as far as there were any. */
    @Exported
    public List<String> getPrevious() {
        return Collections.unmodifiableList(previous);
    }

    /** The files that the commit changed; empty when there is no commit. */
    @Exported
    public List<String> getFiles() {
        return Collections.unmodifiableList(files);
    }

    /** The commit, 40 hex digits; when nothing was changed, the tip that already held the images. */
    @Exported
    public String getRevision() {
        return revision;
    }

    /** Whether there is a commit. */
    @Exported
    public boolean isChanged() {
        return changed;
    }

    /** The operation id; stands in the commit too. */
    @Exported
    public String getOperation() {
        return operation;
    }

    /** Id of the user who asked for it. */
    @Exported
    public String getRequestedBy() {
        return requestedBy;
    }

    /** Ids of the users who approved it; empty when nobody had to. */
    @Exported
    public List<String> getApprovedBy() {
        return Collections.unmodifiableList(approvedBy);
    }

    /** When it was written, milliseconds since the epoch. */
    @Exported
    public long getAt() {
        return at;
    }

    /** What became of it; null while nobody waited to the end. */
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

    /** When the outcome was seen, milliseconds since the epoch; 0 without an outcome. */
    @Exported
    public long getEndedAt() {
        return endedAt;
    }
}
