package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.core.model.CleanText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.stapler.export.Exported;

/** Why a wait ended without the change being live; plain data, stored with the build. */
public final class NotLive extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;
    /** It may be about many targets. */
    private static final int LONGEST = 8 * CleanText.MAX_LENGTH;

    private final String target;
    private final ChangeRecord.Outcome outcome;
    private final String summary;
    private final ArrayList<ResourceState> resources;
    private final String rollback;

    /**
     * @param target {@code application/environment}; several separated by a comma
     * @param summary what happened and by whom, one line
     * @param resources those that were not Synced and Healthy
     * @param rollback whether it was rolled back, to what, or why not; null when nobody asked for it
     */
    NotLive(
            String target,
            ChangeRecord.Outcome outcome,
            String summary,
            List<ResourceState> resources,
            @CheckForNull String rollback) {
        // All of it goes into the build's log, and names and messages come from outside.
        this.target = CleanText.line(target, LONGEST);
        this.outcome = outcome;
        this.summary = CleanText.line(summary, LONGEST);
        this.resources = new ArrayList<>(resources);
        this.rollback = rollback == null ? null : CleanText.line(rollback, LONGEST);
    }

    /** {@code application/environment}. */
    @Exported
    public String getTarget() {
        return target;
    }

    /** How the wait ended. */
    @Exported
    public ChangeRecord.Outcome getOutcome() {
        return outcome;
    }

    /** What happened and by whom. */
    @Exported
    public String getSummary() {
        return summary;
    }

    /** The resources that were not Synced and Healthy, with the cluster's messages. */
    @Exported
    public List<ResourceState> getResources() {
        return resources == null ? List.of() : Collections.unmodifiableList(resources);
    }

    /** Whether it was rolled back, to what, or why not; null when nobody asked for it. */
    @CheckForNull
    @Exported
    public String getRollback() {
        return rollback;
    }

    @Override
    public String getShortDescription() {
        return rollback == null
                ? Messages.NotLive_Description(target, summary)
                : Messages.NotLive_RolledBack(target, summary, rollback);
    }

    /** Nothing: the error that carries it has the same line for the log. */
    @Override
    public void print(TaskListener listener) {}

    @Override
    public boolean equals(Object other) {
        return other instanceof NotLive
                && target.equals(((NotLive) other).target)
                && outcome == ((NotLive) other).outcome
                && summary.equals(((NotLive) other).summary)
                && Objects.equals(rollback, ((NotLive) other).rollback)
                && getResources().equals(((NotLive) other).getResources());
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, outcome, summary, rollback);
    }
}
