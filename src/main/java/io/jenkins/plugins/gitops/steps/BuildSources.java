package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import io.jenkins.plugins.gitops.core.delivery.BuildSource;
import io.jenkins.plugins.gitops.core.delivery.BuildSource.ChangeRequest;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.SCMSourceOwner;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import jenkins.scm.api.mixin.TagSCMHead;

/** The branch, tag or change request that the builds of a job are made of, as its multibranch project says. */
final class BuildSources {
    private BuildSources() {}

    /** No network: what the last scan of the multibranch project found. */
    static BuildSource of(Job<?, ?> job) {
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
            return ofSources ? BuildSource.changeRequest(job, ChangeRequest.UNKNOWN, null) : BuildSource.other();
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
