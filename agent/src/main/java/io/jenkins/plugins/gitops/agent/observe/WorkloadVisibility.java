package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Whether the workloads of a kind can be read. */
interface WorkloadVisibility {
    /**
     * Requests that a kind be watched from now on; returns immediately.
     *
     * @param groupKind in the format of {@link WorkloadKey#groupKind}
     */
    void require(String groupKind);

    /** Why objects of a kind in a namespace cannot be read, one line; null if they can. */
    @CheckForNull
    String problem(String groupKind, String namespace);
}
