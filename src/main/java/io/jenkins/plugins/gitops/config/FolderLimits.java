package io.jenkins.plugins.gitops.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.core.model.Limits;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The limits that hold for each folder. They are kept apart from the folder's own property, since whoever may configure
 * the folder can put any property there, or none, by form or file: narrower limits are taken over from anybody, wider
 * ones from administrators only, and everything else is put back.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class FolderLimits extends SaveableListener {
    private static final Logger LOGGER = Logger.getLogger(FolderLimits.class.getName());

    /** A folder stays the same object when it is renamed, moved or given another config.xml; none means no limits. */
    private final Map<AbstractFolder<?>, GitopsFolderProperty> inForce = new WeakHashMap<>();

    public static FolderLimits get() {
        return ExtensionList.lookupSingleton(FolderLimits.class);
    }

    /**
     * Checks the limits of all folders above a job.
     *
     * @throws RefusedException when one of them does not allow to write the target; names the nearest such folder
     */
    public void check(Item job, String repository, String application, String environment) throws RefusedException {
        ItemGroup<?> group = job.getParent();
        while (group instanceof Item) {
            if (group instanceof AbstractFolder<?> folder) {
                Limits limits = limits(folder);
                if (!limits.allows(repository, application, environment)) {
                    throw new RefusedException(
                            application + "/" + environment + " of repository " + repository
                                    + " is beyond what folder " + folder.getFullName() + " allows its jobs to write: "
                                    + limits.inWords(),
                            "An administrator widens the GitOps limits of the folder");
                }
            }
            group = ((Item) group).getParent();
        }
    }

    private Limits limits(AbstractFolder<?> folder) {
        synchronized (inForce) {
            return limits(inForce.get(folder));
        }
    }

    private static Limits limits(@CheckForNull GitopsFolderProperty property) {
        return property == null ? Limits.NONE : property.limits();
    }

    /** Takes over what a folder brings along when it is seen for the first time. */
    void loaded(AbstractFolder<?> folder, GitopsFolderProperty property) {
        synchronized (inForce) {
            inForce.putIfAbsent(folder, property);
        }
    }

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof AbstractFolder<?> folder) {
            GitopsFolderProperty old;
            synchronized (inForce) {
                old = inForce.get(folder);
                GitopsFolderProperty present = folder.getProperties().get(GitopsFolderProperty.class);
                if (present == old) {
                    return;
                }
                if (isAccepted(old, present)) {
                    put(folder, present);
                    return;
                }
            }
            restore(folder, old);
        }
    }

    private void put(AbstractFolder<?> folder, @CheckForNull GitopsFolderProperty property) {
        if (property == null) {
            inForce.remove(folder);
        } else {
            inForce.put(folder, property);
        }
    }

    private static boolean isAccepted(@CheckForNull GitopsFolderProperty old, @CheckForNull GitopsFolderProperty now) {
        if (limits(now).isWithin(limits(old))) {
            return true;
        }
        // Who saves is not always who changed: Jenkins may save the folder while somebody else is changing it. A
        // property knows who made it. Of one that is gone only a person's own request can tell.
        return now != null
                ? now.isByAdministrator()
                : !Jenkins.getAuthentication2().equals(ACL.SYSTEM2)
                        && Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }

    private static void restore(AbstractFolder<?> folder, GitopsFolderProperty old) {
        String user = Jenkins.getAuthentication2().getName();
        LOGGER.info(() -> user + " may not widen the GitOps limits of folder " + folder.getFullName() + "; they stay: "
                + limits(old).inWords());
        // One save for both, or the listener would see the folder in between.
        try (BulkChange change = new BulkChange(folder)) {
            folder.getProperties().remove(GitopsFolderProperty.class);
            folder.addProperty(old);
            change.commit();
        } catch (IOException e) {
            LOGGER.log(
                    Level.SEVERE,
                    e,
                    () -> "The GitOps limits of folder " + folder.getFullName()
                            + " hold until Jenkins stops, but could not be put back into its config.xml");
        }
    }
}
