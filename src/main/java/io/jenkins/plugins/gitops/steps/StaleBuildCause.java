package io.jenkins.plugins.gitops.steps;

import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.stapler.export.Exported;

/** Why a step wrote nothing: a newer build of the same job had already written. Plain data, stored with the build. */
public final class StaleBuildCause extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String target;
    private final String summary;

    /**
     * @param target {@code application/environment}
     * @param summary which build wrote it, one line
     */
    StaleBuildCause(String target, String summary) {
        this.target = TextSanitizer.line(target);
        this.summary = TextSanitizer.line(summary);
    }

    /** {@code application/environment}. */
    @Exported
    public String getTarget() {
        return target;
    }

    /** Which build wrote it. */
    @Exported
    public String getSummary() {
        return summary;
    }

    @Override
    public String getShortDescription() {
        return Messages.StaleBuildCause_Description(target, summary);
    }

    /** Prints nothing, since the error that carries this cause already logs the same line. */
    @Override
    public void print(TaskListener listener) {}

    @Override
    public boolean equals(Object other) {
        return other instanceof StaleBuildCause
                && target.equals(((StaleBuildCause) other).target)
                && summary.equals(((StaleBuildCause) other).summary);
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, summary);
    }
}
