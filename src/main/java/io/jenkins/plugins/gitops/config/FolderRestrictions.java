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
 * The restrictions in force for each folder. They are kept apart from the folder's property, because any user who can
 * configure the folder can set or remove the property, by form or config.xml. Any user may tighten restrictions, but
 * only administrators may loosen them; a forbidden change is reverted, and the caller gets a warning.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class FolderRestrictions extends SaveableListener {
    private static final Logger LOGGER = Logger.getLogger(FolderRestrictions.class.getName());

    /**
     * The key is stable: a folder remains the same object when it is renamed, moved or reloaded from another
     * config.xml. A missing entry means no restrictions. The values must not refer to the folder, or a deleted folder
     * would stay in memory.
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

    /** Whether the restrictions of all folders above a job satisfy a predicate. */
    public boolean isAllowed(Item job, Predicate<AllowedTargets> what) {
        return refusing(job, what) == null;
    }

    /** The nearest folder above a job whose restrictions do not satisfy a predicate; null when all do. */
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

    /** The restrictions in force for one folder, without those of its parents. */
    AllowedTargets allowedTargets(AbstractFolder<?> folder) {
        synchronized (inForce) {
            return inForce.getOrDefault(folder, AllowedTargets.NONE);
        }
    }

    /** Accepts the restrictions of a folder that is loaded for the first time. */
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
     * The user who saves a folder need not be the one who changed it: Jenkins may save it while another user is
     * changing it. A property knows who created it; for a removed property, only the user of the current HTTP request
     * is known.
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
        // Save once for both changes, so that the listener does not see the state in between.
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

    /** A listener cannot reject a change, which is already saved. But a command or script must not report success. */
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
