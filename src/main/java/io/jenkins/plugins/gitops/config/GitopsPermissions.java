package io.jenkins.plugins.gitops.config;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The permissions of this plugin. What a permission allows is narrowed further by the policy in the config repository. */
@Restricted(NoExternalUse.class)
public final class GitopsPermissions {
    public static final PermissionGroup GROUP =
            new PermissionGroup(GitopsPermissions.class, Messages._GitopsPermissions_group());

    /** To see the dashboard: every application and environment of the configured repositories, and the agents. */
    public static final Permission VIEW = new Permission(
            GROUP, "View", Messages._GitopsPermissions_view(), Jenkins.ADMINISTER, PermissionScope.JENKINS);

    /**
     * To approve or reject promotions, where the policy of the environment names that person too. Can be granted for all
     * of Jenkins, a folder or a job.
     */
    public static final Permission APPROVE = new Permission(
            GROUP, "Approve", Messages._GitopsPermissions_approve(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    private static final Logger LOGGER = Logger.getLogger(GitopsPermissions.class.getName());

    private GitopsPermissions() {}

    /** Loads this class, so that authorization strategies know the permissions before they read their configuration. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void register() {
        LOGGER.log(Level.FINE, "{0} and {1} are known", new Object[] {VIEW, APPROVE});
    }
}
