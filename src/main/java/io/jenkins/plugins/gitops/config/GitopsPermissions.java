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

    /** To write images to Git: what a build needs for {@code gitopsSetImage}, on its own job. */
    public static final Permission SET_IMAGE = new Permission(
            GROUP, "SetImage", Messages._GitopsPermissions_setImage(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /** To ask for promotions and write them: what a build needs for {@code gitopsPromote}, on its own job. */
    public static final Permission PROMOTE = new Permission(
            GROUP, "Promote", Messages._GitopsPermissions_promote(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /** To take images back: what a build needs for {@code gitopsRollback}, on its own job. */
    public static final Permission ROLLBACK = new Permission(
            GROUP, "Rollback", Messages._GitopsPermissions_rollback(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /** To ask an agent to sync a target now. */
    public static final Permission SYNC =
            new Permission(GROUP, "Sync", Messages._GitopsPermissions_sync(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /**
     * To change the plugin's part of the system configuration: repositories, agents and their secrets. Whoever holds it can
     * have every credential of the system's store that fits sent to a server of their choice.
     */
    public static final Permission CONFIGURE = new Permission(
            GROUP, "Configure", Messages._GitopsPermissions_configure(), Jenkins.ADMINISTER, PermissionScope.JENKINS);

    private static final Logger LOGGER = Logger.getLogger(GitopsPermissions.class.getName());

    private GitopsPermissions() {}

    /** As people write it, for example {@code GitOps/SetImage}. */
    public static String name(Permission permission) {
        return GROUP.title + "/" + permission.name;
    }

    /** Loads this class, so that authorization strategies know the permissions before they read their configuration. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void register() {
        LOGGER.log(Level.FINE, "registered permissions: {0}", GROUP.getPermissions());
    }
}
