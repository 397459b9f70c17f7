package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.agent.cluster.RequestPolicy;

/** Whether an agent applies changes. */
public enum AgentMode {
    /** Syncs the cluster with Git. */
    APPLY("agent", RequestPolicy.READ_WRITE),
    /** Continuously reports what it would apply, and writes nothing. */
    DRY_RUN("dry-run", RequestPolicy.READ_ONLY),
    /** Compares once without writing anything; another agent may be running. */
    STATUS("status", RequestPolicy.READ_ONLY);

    private final String prefix;
    private final RequestPolicy requests;

    AgentMode(String prefix, RequestPolicy requests) {
        this.prefix = prefix;
        this.requests = requests;
    }

    /** Whether it changes the cluster. */
    boolean applies() {
        return this == APPLY;
    }

    RequestPolicy requests() {
        return requests;
    }

    /** The prefix of its files in the cache folder: processes with different modes share no files that they write. */
    String scope(String agent) {
        return prefix + "-" + agent;
    }
}
