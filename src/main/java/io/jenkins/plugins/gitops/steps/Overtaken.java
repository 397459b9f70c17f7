package io.jenkins.plugins.gitops.steps;

import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.core.model.CleanText;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.stapler.export.Exported;

/** Why a step wrote nothing: a newer build of the same job was faster. Plain data, stored with the build. */
public final class Overtaken extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String target;
    private final String summary;

    /**
     * @param target {@code application/environment}
     * @param summary by whom, one line
     */
    Overtaken(String target, String summary) {
        this.target = CleanText.line(target);
        this.summary = CleanText.line(summary);
    }

    /** {@code application/environment}. */
    @Exported
    public String getTarget() {
        return target;
    }

    /** By whom. */
    @Exported
    public String getSummary() {
        return summary;
    }

    @Override
    public String getShortDescription() {
        return Messages.Overtaken_Description(target, summary);
    }

    /** Nothing: the error that carries it has the same line for the log. */
    @Override
    public void print(TaskListener listener) {}

    @Override
    public boolean equals(Object other) {
        return other instanceof Overtaken
                && target.equals(((Overtaken) other).target)
                && summary.equals(((Overtaken) other).summary);
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, summary);
    }
}
