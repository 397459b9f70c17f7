package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.AllowedResources;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.agent.reconcile.IdentityGuard;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The configuration of an agent.
 *
 * @param name the agent's name in Jenkins
 * @param jenkins where reports are sent; null for none
 * @param applications folder of the repository with the {@code Application} manifests
 * @param destinations servers and cluster names in manifests that refer to this cluster
 * @param adoptFrom names of the agents whose objects this agent takes over
 * @param cacheFolder the folder of the clone
 * @param replacedFieldManagers field managers whose fields the agent takes over when it adopts an object
 * @param identity the required cluster and repository; if empty, the first ones are remembered
 * @param allowed which namespaces and kinds the agent may apply to
 * @param ignoreAppProjects whether applications are deployed although an {@code AppProject}, which is not enforced,
 *     restricts them
 * @param health the address of {@code /healthz} and {@code /readyz}; null for none
 */
public record AgentConfig(
        String name,
        @CheckForNull Jenkins jenkins,
        Repository repository,
        String applications,
        ClusterAccess cluster,
        Set<String> destinations,
        Set<String> adoptFrom,
        Intervals intervals,
        Path cacheFolder,
        ReplacedManagers replacedFieldManagers,
        IdentityGuard.Pinned identity,
        AllowedResources allowed,
        boolean ignoreAppProjects,
        @CheckForNull HealthAddress health) {
    /** The names of the agent's own cluster in manifests. */
    public static final Set<String> OWN_CLUSTER = Set.of("https://kubernetes.default.svc", "in-cluster");

    /**
     * Creates a configuration with only RBAC restricting the agent. Applications of projects that it does not enforce
     * are rejected.
     */
    public AgentConfig(
            String name,
            @CheckForNull Jenkins jenkins,
            Repository repository,
            String applications,
            ClusterAccess cluster,
            Set<String> destinations,
            Set<String> adoptFrom,
            Intervals intervals,
            Path cacheFolder,
            ReplacedManagers replacedFieldManagers,
            @CheckForNull HealthAddress health) {
        this(
                name,
                jenkins,
                repository,
                applications,
                cluster,
                destinations,
                adoptFrom,
                intervals,
                cacheFolder,
                replacedFieldManagers,
                IdentityGuard.Pinned.NOTHING,
                AllowedResources.ALL,
                false,
                health);
    }

    public AgentConfig {
        destinations = Set.copyOf(destinations);
        adoptFrom = Set.copyOf(adoptFrom);
    }

    /**
     * @param url with Jenkins' context path
     * @param secret the report secret that the agent shares with Jenkins
     */
    public record Jenkins(URI url, SecretSource secret) {}

    /**
     * @param branch null for the default branch of the repository, even if it changes
     * @param aliases other URLs that manifests may use for the same repository
     * @param username over HTTP; null for a repository without authentication, and over ssh
     * @param password over HTTP that of the user, over ssh the passphrase of the key; null if there is none
     * @param sshKey the private key over ssh; null for the keys in the user's {@code .ssh} folder
     * @param knownHosts the known host keys over ssh; null for {@code known_hosts} in that folder
     */
    public record Repository(
            String url,
            @CheckForNull String branch,
            List<String> aliases,
            @CheckForNull String username,
            @CheckForNull SecretSource password,
            @CheckForNull Path sshKey,
            @CheckForNull Path knownHosts) {
        public Repository {
            aliases = List.copyOf(aliases);
        }

        /** Creates a repository over HTTP. */
        public Repository(
                String url,
                @CheckForNull String branch,
                List<String> aliases,
                @CheckForNull String username,
                @CheckForNull SecretSource password) {
            this(url, branch, aliases, username, password, null, null);
        }

        /** Creates a repository without authentication. */
        public static Repository open(String url, @CheckForNull String branch, List<String> aliases) {
            return new Repository(url, branch, aliases, null, null);
        }

        /** Its own URL and the aliases. */
        Set<String> urls() {
            Set<String> urls = new LinkedHashSet<>(aliases);
            urls.add(url);
            return urls;
        }
    }

    /**
     * @param kubeconfig null for the pod's service account, or the user's default
     * @param context null for the current one
     */
    public record ClusterAccess(
            @CheckForNull Path kubeconfig, @CheckForNull String context) {
        /** The cluster that the pod runs in. */
        public static final ClusterAccess OWN = new ClusterAccess(null, null);
    }

    /**
     * @param git the time between two polls of the branch
     * @param pass the time between two reconciliations of an application without changes
     * @param heartbeat the time between two reports without changes
     * @param gitGrace how long Git may fail before the statuses of applications report it
     */
    public record Intervals(Duration git, Duration pass, Duration heartbeat, Duration gitGrace) {
        public static final Intervals DEFAULT = new Intervals(
                Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    /** @param port 0 for any free one */
    public record HealthAddress(String address, int port) {}
}
