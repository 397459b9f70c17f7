package io.jenkins.plugins.gitops.promotion;

import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.stapler.export.Exported;

/** A person rejected the promotion. Plain data, stored with the build. */
public final class PromotionRejectedCause extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String target;
    private final String user;
    private final String reason;

    /**
     * @param target {@code application/environment}
     * @param user id of the person
     * @param reason as the person entered it
     */
    public PromotionRejectedCause(String target, String user, String reason) {
        this.target = TextSanitizer.line(target);
        this.user = TextSanitizer.line(user);
        this.reason = TextSanitizer.line(reason);
    }

    /** {@code application/environment}. */
    @Exported
    public String getTarget() {
        return target;
    }

    /** Id of the person. */
    @Exported
    public String getUser() {
        return user;
    }

    /** The reason, as the person entered it. */
    @Exported
    public String getReason() {
        return reason;
    }

    @Override
    public String getShortDescription() {
        return Messages.PromotionRejectedCause_Description(target, user, reason);
    }

    /** Prints nothing, since the error that carries this cause already logs the same line. */
    @Override
    public void print(TaskListener listener) {}

    @Override
    public boolean equals(Object other) {
        return other instanceof PromotionRejectedCause
                && target.equals(((PromotionRejectedCause) other).target)
                && user.equals(((PromotionRejectedCause) other).user)
                && reason.equals(((PromotionRejectedCause) other).reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, user, reason);
    }
}
