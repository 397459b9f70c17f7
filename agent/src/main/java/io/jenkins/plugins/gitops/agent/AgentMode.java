package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.agent.cluster.RequestPolicy;

/** What an agent does with what it finds. */
public enum AgentMode {
    /** Brings the cluster to what Git says. */
    APPLY("agent", RequestPolicy.READ_WRITE),
    /** Says what it would do, for as long as it runs, and writes nothing. */
    DRY_RUN("dry-run", RequestPolicy.READ_ONLY),
    /** The same for one look, beside an agent that may be running. */
    STATUS("status", RequestPolicy.READ_ONLY);

    private final String prefix;
    private final RequestPolicy requests;

    AgentMode(String prefix, RequestPolicy requests) {
        this.prefix = prefix;
        this.requests = requests;
    }

    /** Whether it changes anything. */
    boolean applies() {
        return this == APPLY;
    }

    RequestPolicy requests() {
        return requests;
    }

    /** Whose files of the cache folder are used: processes of different modes do not share any that they write. */
    String scope(String agent) {
        return prefix + "-" + agent;
    }
}
