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
 * The branches, tags and change requests that a build is made of, as multibranch projects say. A build that was started by
 * another one is made of that one's source, too: otherwise a change request would only have to start a job that may deliver.
 */
final class BuildSources {
    private BuildSources() {}

    /** No network: what the last scan of each multibranch project found. Without jobs of no multibranch project. */
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
        // Whoever may see the jobs or not: it is a question of what may be written.
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

    /** Whether the job belongs to something that makes a job of each head, such as a multibranch project. */
    static boolean isOfProject(Job<?, ?> job) {
        return job.getParent() instanceof SCMSourceOwner;
    }

    /**
     * @param head null when the job has none
     * @param ofSources whether the job belongs to something that makes a job of each head, such as a multibranch project
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
            // A branch of somebody else's copy is as foreign as a change request from there.
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

    /** The default of {@link SCMHead} is what a source answers that does not tell forks apart. */
    private static boolean saysItsOrigin(SCMHead head) {
        try {
            return head.getClass().getMethod("getOrigin").getDeclaringClass() != SCMHead.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }
}
