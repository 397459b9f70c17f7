package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.core.delivery.BuildSource;
import io.jenkins.plugins.gitops.core.delivery.BuildSource.ChangeRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.SCMSourceOwner;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import jenkins.scm.api.mixin.TagSCMHead;

/**
 * The branches, tags and change requests that a build is built from, according to multibranch projects. Includes those
 * of upstream builds: otherwise a change request could deliver by starting a job that may deliver.
 */
final class BuildSources {
    private BuildSources() {}

    /**
     * The sources of a run and its upstream builds; omits jobs that are not part of a multibranch project. Uses the
     * last scan of each multibranch project, and no network.
     */
    static Set<BuildSource> of(Run<?, ?> run) {
        Set<BuildSource> sources = new LinkedHashSet<>();
        sources.add(of(run.getParent()));
        addUpstream(run.getCauses(), sources);
        sources.remove(BuildSource.unknown());
        return sources;
    }

    private static void addUpstream(List<Cause> causes, Set<BuildSource> sources) {
        for (Cause cause : causes) {
            if (cause instanceof Cause.UpstreamCause upstream) {
                sources.add(named(upstream.getUpstreamProject()));
                addUpstream(upstream.getUpstreamCauses(), sources);
            }
        }
    }

    private static BuildSource named(String fullName) {
        // As system, since the check must not depend on whether the current user can see the jobs.
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Job<?, ?> job = Jenkins.get().getItemByFullName(fullName, Job.class);
            if (job != null) {
                return of(job);
            }
            String folder = fullName.substring(0, Math.max(0, fullName.lastIndexOf('/')));
            boolean ofSources = Jenkins.get().getItemByFullName(folder) instanceof SCMSourceOwner;
            return of(null, ofSources, fullName.substring(fullName.lastIndexOf('/') + 1));
        }
    }

    private static BuildSource of(Job<?, ?> job) {
        return of(SCMHead.HeadByItem.findHead(job), isOfProject(job), job.getName());
    }

    /**
     * Whether the job belongs to a multibranch project or another owner of SCM sources, which creates a job for each
     * head.
     */
    static boolean isOfProject(Job<?, ?> job) {
        return job.getParent() instanceof SCMSourceOwner;
    }

    /**
     * @param head null when the job has none
     * @param ofSources whether the job belongs to an owner of SCM sources, see {@link #isOfProject}
     */
    static BuildSource of(@CheckForNull SCMHead head, boolean ofSources, String job) {
        if (head == null) {
            return ofSources ? BuildSource.changeRequest(job, ChangeRequest.UNKNOWN, null) : BuildSource.unknown();
        }
        if (head instanceof ChangeRequestSCMHead request) {
            return BuildSource.changeRequest(
                    head.getName(), origin(head), request.getTarget().getName());
        }
        if (!SCMHeadOrigin.DEFAULT.equals(head.getOrigin())) {
            // A branch of a fork is as untrusted as a change request from it.
            return BuildSource.changeRequest(head.getName(), origin(head), null);
        }
        return head instanceof TagSCMHead ? BuildSource.tag(head.getName()) : BuildSource.branch(head.getName());
    }

    private static ChangeRequest origin(SCMHead head) {
        SCMHeadOrigin origin = head.getOrigin();
        if (origin instanceof SCMHeadOrigin.Fork) {
            return ChangeRequest.FORK;
        }
        return SCMHeadOrigin.DEFAULT.equals(origin) && saysItsOrigin(head)
                ? ChangeRequest.SAME_REPOSITORY
                : ChangeRequest.UNKNOWN;
    }

    /**
     * Whether the head implements its origin: SCM sources that do not distinguish forks inherit the default of
     * {@link SCMHead}.
     */
    private static boolean saysItsOrigin(SCMHead head) {
        try {
            return head.getClass().getMethod("getOrigin").getDeclaringClass() != SCMHead.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }
}
