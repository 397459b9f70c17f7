package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionPoint;
import hudson.model.Cause;
import hudson.model.Run;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds the build that a build was made from, by the causes of optional plugins. */
@Restricted(NoExternalUse.class)
public abstract class BuildOrigin implements ExtensionPoint {
    /** Whether this cause is of the kind that refers to an earlier build. */
    public abstract boolean isOf(Cause cause);

    /** The earlier build; null when it was deleted. */
    @CheckForNull
    public abstract Run<?, ?> original(Cause cause);

    /** A Pipeline that was replayed or rebuilt. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class Replayed extends BuildOrigin {
        /** Fails to load when the Pipeline plugin is not installed, so that Jenkins skips this extension. */
        private final Class<ReplayCause> kind = ReplayCause.class;

        @Override
        public boolean isOf(Cause cause) {
            return kind.isInstance(cause);
        }

        @CheckForNull
        @Override
        public Run<?, ?> original(Cause cause) {
            return cause instanceof ReplayCause replay ? replay.getOriginal() : null;
        }
    }
}
