package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.FolderRestrictions;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.delivery.BuildSource;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.UnknownNameException;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/** Checks whether a build may write, by the current permissions, restrictions and policy. */
final class WriteAccess {
    private WriteAccess() {}

    /**
     * @param runsAs name of the identity that the build runs as; null for the system, which has all permissions
     * @throws UserErrorException when that identity lacks the permission on the build's job
     */
    static void requirePermission(Run<?, ?> run, @CheckForNull String runsAs, Permission permission)
            throws UserErrorException {
        Job<?, ?> job = run.getParent();
        if (!job.getACL().hasPermission2(identity(runsAs), permission)) {
            throw new UserErrorException(
                    "This build runs as " + runsAs + ", who lacks the permission " + GitopsPermissions.name(permission)
                            + " on job " + job.getFullName(),
                    "Grant it on the job, or run the job as a user who has it");
        }
    }

    /**
     * @throws UserErrorException when the job may not use the repository, or a folder above the job does not allow its
     *     jobs to change the target
     */
    static void requireLimits(Run<?, ?> run, String repository, String application, String environment)
            throws UserErrorException {
        Job<?, ?> job = run.getParent();
        GitopsConfiguration.get().repository(repository, job);
        FolderRestrictions.get().check(job, repository, application, environment);
    }

    /**
     * Checks the rules of the config repository itself about which builds may change an environment, except for
     * approval.
     *
     * @param files of the revision that is changed
     * @throws UserErrorException when a policy is required and there is none, or the branch or change request of the
     *     build or one of its upstream builds may not deliver to the environment
     */
    static void requirePolicy(Run<?, ?> run, RepositoryConfiguration repository, FileTree files, String environment)
            throws UserErrorException, IOException {
        Set<BuildSource> sources = BuildSources.of(run);
        if (sources.isEmpty() && !repository.isRequirePolicy()) {
            return;
        }
        Delivery delivery = Delivery.load(files);
        if (repository.isRequirePolicy()) {
            delivery.requirePolicy(environment);
        }
        for (BuildSource source : sources) {
            delivery.checkSource(environment, source);
        }
    }

    /**
     * Checks the access to other targets that share the changed files, since the change affects them as well.
     *
     * @param files of the revision that is changed
     * @param plan the change
     * @throws UserErrorException as {@link #requireLimits} and {@link #requirePolicy}, for one of the other targets
     */
    static void requireOthers(
            Run<?, ?> run,
            RepositoryConfiguration repository,
            FileTree files,
            String application,
            String environment,
            ChangePlan plan)
            throws UserErrorException, IOException {
        List<String> changed = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : plan.files().entrySet()) {
            if (!Arrays.equals(files.read(file.getKey()).orElse(null), file.getValue())) {
                changed.add(file.getKey());
            }
        }
        Delivery delivery = Delivery.load(files);
        Target target = delivery.target(application, environment);
        for (Target other : delivery.changedWith(target, changed)) {
            if (!other.id().equals(target.id())) {
                requireLimits(run, repository.getName(), other.application(), other.environment());
                requirePolicy(run, repository, files, other.environment());
            }
        }
    }

    /**
     * Checks whether a build may see a target that it did not change itself.
     *
     * @throws UserErrorException when a folder above the job does not allow its jobs to change the target, or the
     *     build's identity may not view the dashboard
     */
    static void requireView(
            Run<?, ?> run, @CheckForNull String runsAs, String repository, String application, String environment)
            throws UserErrorException {
        requireLimits(run, repository, application, environment);
        if (!mayView(runsAs)) {
            throw new UserErrorException(
                    "This build did not change " + application + "/" + environment + ", and runs as " + runsAs
                            + ", who lacks the permission " + GitopsPermissions.name(GitopsPermissions.VIEW),
                    "Wait in the build that changes it, or grant the permission");
        }
    }

    /** The error message for the build: without names that its identity or the folders above its job may not see. */
    static UserErrorException visible(
            UnknownNameException unknown, Run<?, ?> run, @CheckForNull String runsAs, @CheckForNull String repository)
            throws UserErrorException {
        if (repository == null || !mayView(runsAs)) {
            return unknown.listing(name -> false);
        }
        FolderRestrictions limits = FolderRestrictions.get();
        return unknown.listing(name -> limits.isAllowed(
                run.getParent(),
                l -> unknown.kind() == UnknownNameException.NameKind.APPLICATION
                        ? l.allowsApplication(repository, name)
                        : l.allowsEnvironment(repository, name)));
    }

    private static boolean mayView(@CheckForNull String runsAs) throws UserErrorException {
        return Jenkins.get().getACL().hasPermission2(identity(runsAs), GitopsPermissions.VIEW);
    }

    /** Looked up each time, since groups and permissions may have changed since the build started. */
    private static Authentication identity(@CheckForNull String runsAs) throws UserErrorException {
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
            throw new UserErrorException(
                            "This build runs as " + runsAs + ", who no longer exists in the security realm",
                            "Run the job as another user")
                    .causedBy(e);
        }
    }
}
