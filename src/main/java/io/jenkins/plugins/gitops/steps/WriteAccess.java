package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.FolderLimits;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/** Whether a build may write, as things stand at the moment of asking. */
final class WriteAccess {
    private WriteAccess() {}

    /**
     * @param runsAs name of the identity that the build runs as; null for the system, which may do everything
     * @throws RefusedException when that identity lacks the permission on the build's job
     */
    static void requirePermission(Run<?, ?> run, @CheckForNull String runsAs, Permission permission)
            throws RefusedException {
        Job<?, ?> job = run.getParent();
        if (!job.getACL().hasPermission2(identity(runsAs), permission)) {
            throw new RefusedException(
                    "This build runs as " + runsAs + ", who lacks the permission " + GitopsPermissions.name(permission)
                            + " on job " + job.getFullName(),
                    "Have it granted there, or run the job as somebody who has it");
        }
    }

    /** @throws RefusedException when a folder above the job does not allow its jobs to write the target */
    static void requireLimits(Run<?, ?> run, String repository, String application, String environment)
            throws RefusedException {
        FolderLimits.get().check(run.getParent(), repository, application, environment);
    }

    /** Looked up anew each time: groups and permissions may have changed since the build began. */
    private static Authentication identity(@CheckForNull String runsAs) throws RefusedException {
        if (runsAs == null) {
            return ACL.SYSTEM2;
        }
        if (runsAs.equals(Jenkins.ANONYMOUS2.getName())) {
            return Jenkins.ANONYMOUS2;
        }
        try {
            User user = User.getById(runsAs, true);
            return user == null ? Jenkins.ANONYMOUS2 : user.impersonate2();
        } catch (AuthenticationException e) {
            throw new RefusedException(
                            "This build runs as " + runsAs + ", whom the security realm does not know any more",
                            "Run the job as somebody else")
                    .causedBy(e);
        }
    }
}
