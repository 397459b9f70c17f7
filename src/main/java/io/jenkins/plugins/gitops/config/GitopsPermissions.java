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

/** The permissions of this plugin. The policy in the config repository restricts further what a permission allows. */
@Restricted(NoExternalUse.class)
public final class GitopsPermissions {
    public static final PermissionGroup GROUP =
            new PermissionGroup(GitopsPermissions.class, Messages._GitopsPermissions_group());

    /**
     * Allows viewing the dashboard: every application and environment of the configured repositories, and the agents.
     */
    public static final Permission VIEW = new Permission(
            GROUP, "View", Messages._GitopsPermissions_view(), Jenkins.ADMINISTER, PermissionScope.JENKINS);

    /**
     * Allows approving and rejecting promotions if the policy of the environment names the user, too. Can be granted
     * globally, for a folder or for a job.
     */
    public static final Permission APPROVE = new Permission(
            GROUP, "Approve", Messages._GitopsPermissions_approve(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /**
     * Allows changing images in Git; {@code gitopsSetImage} requires it for the user that the build runs as, on the
     * build's own job.
     */
    public static final Permission SET_IMAGE = new Permission(
            GROUP, "SetImage", Messages._GitopsPermissions_setImage(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /**
     * Allows requesting and writing promotions; {@code gitopsPromote} requires it for the user that the build runs as,
     * on the build's own job.
     */
    public static final Permission PROMOTE = new Permission(
            GROUP, "Promote", Messages._GitopsPermissions_promote(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /**
     * Allows rolling back images; {@code gitopsRollback} requires it for the user that the build runs as, on the
     * build's own job.
     */
    public static final Permission ROLLBACK = new Permission(
            GROUP, "Rollback", Messages._GitopsPermissions_rollback(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /** Allows requesting that an agent syncs a target now. */
    public static final Permission SYNC =
            new Permission(GROUP, "Sync", Messages._GitopsPermissions_sync(), Jenkins.ADMINISTER, PermissionScope.ITEM);

    /**
     * Allows changing the plugin's part of the system configuration: repositories, agents and their secrets. A user
     * with this permission can have any matching system credential sent to a server of their choice.
     */
    public static final Permission CONFIGURE = new Permission(
            GROUP, "Configure", Messages._GitopsPermissions_configure(), Jenkins.ADMINISTER, PermissionScope.JENKINS);

    private static final Logger LOGGER = Logger.getLogger(GitopsPermissions.class.getName());

    private GitopsPermissions() {}

    /** The name of a permission for people, such as {@code GitOps/SetImage}. */
    public static String name(Permission permission) {
        return GROUP.title + "/" + permission.name;
    }

    /** Loads this class, so that authorization strategies know the permissions before they read their configuration. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void register() {
        LOGGER.log(Level.FINE, "registered permissions: {0}", GROUP.getPermissions());
    }
}
