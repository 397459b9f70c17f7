package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Whether the workloads of a kind are seen. */
interface WorkloadVisibility {
    /**
     * Asks for a kind to be watched from now on; returns at once.
     *
     * @param groupKind as {@link WorkloadKey#groupKind} writes it
     */
    void require(String groupKind);

    /** Why objects of a kind in a namespace cannot be seen, one line; null when they can. */
    @CheckForNull
    String problem(String groupKind, String namespace);
}
