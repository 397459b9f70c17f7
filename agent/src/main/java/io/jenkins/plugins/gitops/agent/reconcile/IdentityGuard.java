package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Detects that another cluster responds than before, or that the branch is from another repository. Nothing may be
 * applied or deleted then. Identifies a cluster by the UID of its namespace kube-system, and a repository by the first
 * commit of the branch. Thread-safe.
 */
public final class IdentityGuard {
    /** The maximum age of the last check of the cluster before a write. */
    static final Duration MAX_AGE = Duration.ofSeconds(5);

    private static final Logger LOGGER = Logger.getLogger(IdentityGuard.class.getName());
    private static final String CLUSTER = "cluster";
    private static final String REPOSITORY = "repository";

    private final ClusterUid cluster;
    private final GitSource git;
    private final IdentityStore store;
    private final Pinned pinned;
    private final LongSupplier nanoTime;
    private String knownCluster;
    private Long clusterChecked;
    private String verifiedTip;
    private String refusedTip;
    private volatile String clusterProblem;
    private volatile String repositoryProblem;

    /** Reads the UID of the cluster from the API server; empty if that is not permitted. */
    @FunctionalInterface
    public interface ClusterUid {
        Optional<String> read() throws ClusterException;
    }

    /**
     * The identity in the configuration, which takes precedence over the stored one.
     *
     * @param cluster UID of namespace kube-system; null to use the stored one
     * @param repository a commit that the branch must descend from, 40 hex digits; null to use the stored first commit
     */
    public record Pinned(
            @CheckForNull String cluster, @CheckForNull String repository) {
        public static final Pinned NOTHING = new Pinned(null, null);
    }

    public IdentityGuard(ClusterUid cluster, GitSource git, IdentityStore store, Pinned pinned) {
        this(cluster, git, store, pinned, System::nanoTime);
    }

    IdentityGuard(ClusterUid cluster, GitSource git, IdentityStore store, Pinned pinned, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.git = git;
        this.store = store;
        this.pinned = pinned;
        this.nanoTime = nanoTime;
    }

    /** Why nothing may be applied or deleted, in one line with the remedy; null if there is no problem. */
    @CheckForNull
    String problem() {
        String ofCluster = clusterProblem;
        return ofCluster == null ? repositoryProblem : ofCluster;
    }

    /** Checks the cluster; returns whether {@link #problem} changed. An unreachable API server does not change it. */
    boolean clusterChanged() {
        String before = problem();
        try {
            return !Objects.equals(before, checkCluster());
        } catch (ClusterException | IOException e) {
            LOGGER.log(Level.FINE, "Failed to identify the cluster", e);
            return false;
        }
    }

    /**
     * Checks a fetched revision; returns whether {@link #problem} changed.
     *
     * @throws UserErrorException if it cannot be checked now
     */
    boolean repositoryChanged(String revision) throws UserErrorException {
        String before = problem();
        try {
            return !Objects.equals(before, checkRepository(revision));
        } catch (IOException e) {
            throw new UserErrorException("The clone cannot be read: " + e.getMessage(), "Delete the agent's cache");
        } catch (ClusterException e) {
            throw new UserErrorException(
                    "The repository cannot be identified: " + e.getMessage(), "Wait until the API server is available");
        }
    }

    /**
     * Checks that the cluster is the same as before, unless it was checked a moment ago.
     *
     * @return as {@link #problem}
     * @throws ClusterException if the API server cannot be reached
     */
    @CheckForNull
    synchronized String checkCluster() throws ClusterException, IOException {
        long now = nanoTime.getAsLong();
        if (clusterChecked == null || clusterProblem != null || now - clusterChecked > MAX_AGE.toNanos()) {
            Optional<String> found = cluster.read();
            if (found.isPresent()) {
                clusterProblem = clusterProblem(found.get());
            }
            clusterChecked = now;
        }
        return problem();
    }

    @CheckForNull
    private String clusterProblem(String found) throws IOException, ClusterException {
        if (knownCluster == null) {
            Optional<String> remembered = store.get(CLUSTER);
            String expected = pinned.cluster() == null ? remembered.orElse(found) : pinned.cluster();
            if (!remembered.equals(Optional.of(expected))) {
                store.put(CLUSTER, expected);
            }
            knownCluster = expected;
        }
        if (!knownCluster.equals(found)) {
            return "connected to a different cluster: expected namespace kube-system with uid " + knownCluster
                    + ", found " + found + "; nothing is applied. Connect the agent to its cluster, or set"
                    + " identity.cluster: " + found + " in its configuration";
        }
        return null;
    }

    /**
     * Checks that a fetched revision belongs to the same repository as before.
     *
     * @return as {@link #problem}
     * @throws ClusterException if the stored identity cannot be read from the API server
     */
    @CheckForNull
    synchronized String checkRepository(String revision) throws IOException, ClusterException {
        boolean continues =
                verifiedTip != null && (verifiedTip.equals(revision) || git.isAncestor(verifiedTip, revision));
        if (!revision.equals(refusedTip)) {
            repositoryProblem = continues ? null : repositoryProblem(revision);
            verifiedTip = repositoryProblem == null ? revision : verifiedTip;
            refusedTip = repositoryProblem == null ? null : revision;
        }
        return problem();
    }

    @CheckForNull
    private String repositoryProblem(String revision) throws IOException, ClusterException {
        String root = git.root(revision);
        Optional<String> remembered = store.get(REPOSITORY);
        String expected = pinned.repository() == null ? remembered.orElse(root) : pinned.repository();
        if (!expected.equals(root) && !git.isAncestor(expected, revision)) {
            return "the branch belongs to a different repository, or its history was replaced: commit "
                    + PruneConfirmation.brief(revision) + " does not descend from " + expected + " but from " + root
                    + "; nothing is applied. Restore the branch, or set identity.repository: " + root
                    + " in the agent's configuration";
        }
        if (!remembered.equals(Optional.of(expected))) {
            store.put(REPOSITORY, expected);
        }
        return null;
    }
}
