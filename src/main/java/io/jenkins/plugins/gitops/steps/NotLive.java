package io.jenkins.plugins.gitops.steps;

import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.stapler.export.Exported;

/** Why a wait ended without the change being live; plain data, stored with the build. */
public final class NotLive extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String target;
    private final ChangeRecord.Outcome outcome;
    private final String summary;

    /**
     * @param target {@code application/environment}
     * @param summary what happened and by whom, one line
     */
    NotLive(String target, ChangeRecord.Outcome outcome, String summary) {
        this.target = target;
        this.outcome = outcome;
        this.summary = summary;
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

    @Override
    public String getShortDescription() {
        return Messages.NotLive_Description(target, summary);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NotLive
                && target.equals(((NotLive) other).target)
                && outcome == ((NotLive) other).outcome
                && summary.equals(((NotLive) other).summary);
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, outcome, summary);
    }
}
