package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Optional;

/**
 * One agent in one cluster, as recorded on the objects that it manages: like Argo CD's installation id, it
 * distinguishes two agents that have an application of the same name.
 *
 * @param agent name of the agent
 * @param cluster the UID read by {@link ClusterIdentity}; empty if it may not be read, so that only names are compared
 */
public record Installation(String agent, Optional<String> cluster) {
    static final String MANAGER_PREFIX = "gitops-agent";
    /** The API server's limit for a field manager, in bytes. */
    private static final int MAX_MANAGER = 128;

    private static final int SHORT_HASH = 8;

    /** The value of the annotation: {@code agent/cluster}, or {@code agent} if the cluster is unknown. */
    public String id() {
        return agent + cluster.map(uid -> "/" + uid).orElse("");
    }

    /**
     * Whether this agent manages an object with this annotation. If the cluster is unknown on either side, only the
     * names are compared.
     */
    boolean owns(String id) {
        return isOf(id, agent) && (id.equals(agent) || cluster.isEmpty() || id.equals(id()));
    }

    /** Name of the agent in an annotation. */
    static String agentOf(String id) {
        int slash = id.lastIndexOf('/');
        return slash < 0 ? id : id.substring(0, slash);
    }

    /** Whether an annotation refers to this agent, in any cluster. */
    static boolean isOf(@CheckForNull String id, String agent) {
        if (id == null || !id.startsWith(agent)) {
            return false;
        }
        String rest = id.substring(agent.length());
        return rest.isEmpty() || rest.startsWith("/") && rest.indexOf('/', 1) < 0;
    }

    /**
     * Field manager of an agent: {@code gitops-agent-NAME} with invalid characters replaced. A changed name gets a
     * hash, so that two agents never share a manager.
     */
    static String fieldManager(String agent) {
        String plain = agent.replaceAll("[^A-Za-z0-9._-]", "-");
        String manager = MANAGER_PREFIX + "-" + plain;
        if (plain.equals(agent) && manager.length() <= MAX_MANAGER) {
            return manager;
        }
        int room = MAX_MANAGER - SHORT_HASH - 1;
        String hash = LiveObject.hash(agent).substring(0, SHORT_HASH);
        return manager.substring(0, Math.min(room, manager.length())) + "-" + hash;
    }
}
