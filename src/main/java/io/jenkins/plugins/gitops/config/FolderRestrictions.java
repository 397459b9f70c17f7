package io.jenkins.plugins.gitops.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.cli.CLICommand;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.core.model.AllowedTargets;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * The restrictions that are in force for each folder. They are kept apart from the folder's own property, since whoever may
 * configure the folder can put any property there, or none, by form or file: narrower ones are accepted from anybody, wider
 * ones from administrators only, and everything else is put back, and the caller is told.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class FolderRestrictions extends SaveableListener {
    private static final Logger LOGGER = Logger.getLogger(FolderRestrictions.class.getName());

    /**
     * A folder stays the same object when it is renamed, moved or given another config.xml; none means no restrictions. The
     * values are plain text: one that led back to its folder would keep a deleted folder in memory.
     */
    private final Map<AbstractFolder<?>, AllowedTargets> inForce = new WeakHashMap<>();

    public static FolderRestrictions get() {
        return ExtensionList.lookupSingleton(FolderRestrictions.class);
    }

    /**
     * Checks the restrictions of all folders above a job.
     *
     * @throws UserErrorException when one of them does not allow to change the target; names the nearest such folder
     */
    public void check(Item job, String repository, String application, String environment) throws UserErrorException {
        AbstractFolder<?> folder = refusing(job, l -> l.allows(repository, application, environment));
        if (folder != null) {
            throw new UserErrorException(
                    "Folder " + folder.getFullName() + " does not allow its jobs to change " + application + "/"
                            + environment + " of repository " + repository + " (allowed: "
                            + allowedTargets(folder).describe() + ")",
                    "Ask an administrator to extend the folder's GitOps restrictions");
        }
    }

    /** Whether the restrictions of all folders above a job allow something. */
    public boolean isAllowed(Item job, Predicate<AllowedTargets> what) {
        return refusing(job, what) == null;
    }

    /** The nearest folder above a job whose restrictions do not allow something; null when all do. */
    @CheckForNull
    private AbstractFolder<?> refusing(Item job, Predicate<AllowedTargets> what) {
        ItemGroup<?> group = job.getParent();
        while (group instanceof Item) {
            if (group instanceof AbstractFolder<?> folder && !what.test(allowedTargets(folder))) {
                return folder;
            }
            group = ((Item) group).getParent();
        }
        return null;
    }

    /** What is in force for a folder alone. */
    AllowedTargets allowedTargets(AbstractFolder<?> folder) {
        synchronized (inForce) {
            return inForce.getOrDefault(folder, AllowedTargets.NONE);
        }
    }

    /** Takes over what a folder brings along when it is seen for the first time. */
    void folderLoaded(AbstractFolder<?> folder, GitopsFolderProperty property) {
        synchronized (inForce) {
            inForce.putIfAbsent(folder, property.allowedTargets());
        }
    }

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof AbstractFolder<?> folder) {
            AllowedTargets old;
            synchronized (inForce) {
                old = allowedTargets(folder);
                GitopsFolderProperty present = folder.getProperties().get(GitopsFolderProperty.class);
                AllowedTargets now = present == null ? AllowedTargets.NONE : present.allowedTargets();
                if (now.equals(old)) {
                    return;
                }
                if (now.isWithin(old) || isByAdministrator(present)) {
                    put(folder, now);
                    return;
                }
            }
            restore(folder, old);
        }
    }

    private void put(AbstractFolder<?> folder, AllowedTargets allowedTargets) {
        if (allowedTargets.equals(AllowedTargets.NONE)) {
            inForce.remove(folder);
        } else {
            inForce.put(folder, allowedTargets);
        }
    }

    /**
     * Who saves is not always who changed: Jenkins may save the folder while somebody else is changing it. A property knows
     * who made it. Of one that is gone only a person's own request can tell.
     */
    private static boolean isByAdministrator(@CheckForNull GitopsFolderProperty present) {
        return present != null
                ? present.isByAdministrator()
                : !Jenkins.getAuthentication2().equals(ACL.SYSTEM2)
                        && Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }

    private static void restore(AbstractFolder<?> folder, AllowedTargets old) {
        String user = Jenkins.getAuthentication2().getName();
        LOGGER.info(() -> user + " is not allowed to extend the GitOps restrictions of folder " + folder.getFullName()
                + "; in force: " + old.describe());
        // One save for both, or the listener would see the folder in between.
        try (BulkChange change = new BulkChange(folder)) {
            folder.getProperties().remove(GitopsFolderProperty.class);
            folder.addProperty(GitopsFolderProperty.of(old));
            change.commit();
        } catch (IOException e) {
            LOGGER.log(
                    Level.SEVERE,
                    e,
                    () -> "The GitOps restrictions of folder " + folder.getFullName()
                            + " remain in force until Jenkins stops, but could not be restored in its config.xml");
        }
        warn(Messages.FolderRestrictions_kept(folder.getFullName(), old.describe()));
    }

    /** A listener cannot refuse: what was saved is saved. But a command line or script must not take that for success. */
    private static void warn(String message) {
        CLICommand command = CLICommand.getCurrent();
        if (command != null) {
            command.stderr.println(message);
            return;
        }
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        StaplerResponse2 response = Stapler.getCurrentResponse2();
        if (request == null || !request.getRequestURI().endsWith("/config.xml") || response.isCommitted()) {
            return;
        }
        try {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().println(message);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to send: " + message);
        }
    }
}
