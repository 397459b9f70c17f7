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
 * What an agent is told.
 *
 * @param name as Jenkins knows it
 * @param jenkins where reports go; null for none
 * @param applications folder of the repository with the {@code Application} manifests
 * @param destinations servers and cluster names in manifests that mean this cluster
 * @param adoptFrom names of the agents whose objects this agent takes over
 * @param cacheFolder where the clone is kept
 * @param replacedFieldManagers field managers whose fields the agent takes when it adopts an object
 * @param identity which cluster and repository it has to be; nothing to remember the first ones
 * @param allowed which namespaces and kinds the agent may apply to
 * @param ignoreAppProjects whether applications go on although an {@code AppProject} restricts them, which is not enforced
 * @param health where {@code /healthz} and {@code /readyz} are answered; null for nowhere
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
    /** What manifests call the cluster that they are applied from. */
    public static final Set<String> OWN_CLUSTER = Set.of("https://kubernetes.default.svc", "in-cluster");

    /** One that RBAC alone limits, and that refuses applications of projects that it does not enforce. */
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
     * @param secret the report secret that both know
     */
    public record Jenkins(URI url, SecretSource secret) {}

    /**
     * @param aliases other URLs that manifests may use for the same repository
     * @param username over HTTP; null for a repository that asks for none, and over ssh
     * @param password over HTTP that of the user, over ssh the passphrase of the key; null when there is none
     * @param sshKey the private key over ssh; null for those of the user's {@code .ssh} folder
     * @param knownHosts the keys of hosts over ssh; null for {@code known_hosts} of that folder
     */
    public record Repository(
            String url,
            String branch,
            List<String> aliases,
            @CheckForNull String username,
            @CheckForNull SecretSource password,
            @CheckForNull Path sshKey,
            @CheckForNull Path knownHosts) {
        public Repository {
            aliases = List.copyOf(aliases);
        }

        /** A repository over HTTP. */
        public Repository(
                String url,
                String branch,
                List<String> aliases,
                @CheckForNull String username,
                @CheckForNull SecretSource password) {
            this(url, branch, aliases, username, password, null, null);
        }

        /** A repository that everybody may read. */
        public static Repository open(String url, String branch, List<String> aliases) {
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
     * @param kubeconfig null for the pod's service account, or the user's own default
     * @param context null for the current one
     */
    public record ClusterAccess(
            @CheckForNull Path kubeconfig, @CheckForNull String context) {
        /** The cluster that the pod runs in. */
        public static final ClusterAccess OWN = new ClusterAccess(null, null);
    }

    /**
     * @param git between two looks at the branch
     * @param pass between two passes over an application that nothing happened to
     * @param heartbeat between two reports when nothing changed
     * @param gitGrace how long Git may fail before applications say so
     */
    public record Intervals(Duration git, Duration pass, Duration heartbeat, Duration gitGrace) {
        public static final Intervals DEFAULT = new Intervals(
                Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    /**
     * @param port 0 for any free one
     */
    public record HealthAddress(String address, int port) {}
}
