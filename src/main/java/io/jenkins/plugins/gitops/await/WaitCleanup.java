package io.jenkins.plugins.gitops.await;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.core.model.BoundedMap;
import java.util.Collections;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Forgets the waits of builds that have ended, however they ended. A step normally releases its wait itself; this
 * handles builds that were deleted or killed without stopping the step.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class WaitCleanup extends RunListener<Run<?, ?>> {
    @Override
    public void onFinalized(Run<?, ?> run) {
        forget(run);
    }

    @Override
    public void onDeleted(Run<?, ?> run) {
        forget(run);
    }

    /**
     * A job that was deleted and recreated counts its builds from 1 again; the start time in the id distinguishes them.
     */
    private static void forget(Run<?, ?> run) {
        String time = "@" + Long.toString(run.getTimeInMillis(), 36);
        WaitRegistry.get().unregisterAll(run.getExternalizableId() + "/", id -> !id.contains("@") || id.contains(time));
    }

    /** Forgets the waits of jobs that are deleted as a whole. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class DeletedJobCleanup extends ItemListener {
        /** Beyond this number, the jobs that were renamed longest ago are forgotten. */
        private static final int MAX_NAMES = 1000;

        /** Former names of jobs: builds that started under such a name may still have waits under it. */
        private final Set<String> formerNames =
                Collections.newSetFromMap(Collections.synchronizedMap(BoundedMap.byInsertion(MAX_NAMES)));

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            formerNames.add(oldFullName);
        }

        @Override
        public void onDeleted(Item item) {
            if (!formerNames.contains(item.getFullName())) {
                WaitRegistry.get().unregisterAll(item.getFullName() + "#", id -> true);
            }
        }
    }
}
