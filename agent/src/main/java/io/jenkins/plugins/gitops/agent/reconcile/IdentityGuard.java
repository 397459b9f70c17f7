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
 * Notices that another cluster answers than before, or that the branch is another repository's: then nothing may be applied or
 * deleted. A cluster is known by the uid of its namespace kube-system, a repository by the first commit of the branch. Used by
 * many threads.
 */
public final class IdentityGuard {
    /** How old the last look at the cluster may be when something is about to be written. */
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

    /** Asks the API server for the uid of its cluster; empty when that may not be read. */
    @FunctionalInterface
    public interface ClusterUid {
        Optional<String> read() throws ClusterException;
    }

    /**
     * What the configuration says, which counts before what is remembered.
     *
     * @param cluster uid of namespace kube-system; null to remember it
     * @param repository a commit that the branch has to descend from, 40 hex digits; null to remember its first one
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

    /** Why nothing may be applied or deleted, in one line with the way out; null when nothing is wrong. */
    @CheckForNull
    String problem() {
        String ofCluster = clusterProblem;
        return ofCluster == null ? repositoryProblem : ofCluster;
    }

    /** Looks at the cluster; whether {@link #problem} changed. An API server that cannot be asked changes nothing. */
    boolean clusterChanged() {
        String before = problem();
        try {
            return !Objects.equals(before, checkCluster());
        } catch (ClusterException | IOException e) {
            LOGGER.log(Level.FINE, "The cluster cannot be identified", e);
            return false;
        }
    }

    /**
     * Looks at a revision that was fetched; whether {@link #problem} changed.
     *
     * @throws UserErrorException when that cannot be told now
     */
    boolean repositoryChanged(String revision) throws UserErrorException {
        String before = problem();
        try {
            return !Objects.equals(before, checkRepository(revision));
        } catch (IOException e) {
            throw new UserErrorException("The clone cannot be read: " + e.getMessage(), "Delete the agent's cache");
        } catch (ClusterException e) {
            throw new UserErrorException(
                    "The repository cannot be identified: " + e.getMessage(), "Wait until the API server answers");
        }
    }

    /**
     * Looks whether the cluster is the one it was, unless that was done a moment ago.
     *
     * @return as {@link #problem}
     * @throws ClusterException when the API server cannot be asked
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
            return "another cluster answers: expected the one whose namespace kube-system has uid " + knownCluster
                    + ", found " + found + "; nothing is applied. Point the agent to its own cluster, or write"
                    + " identity.cluster: " + found + " into its configuration";
        }
        return null;
    }

    /**
     * Looks whether a revision that was fetched belongs to the repository that was followed before.
     *
     * @return as {@link #problem}
     * @throws ClusterException when the API server cannot be asked for what was remembered
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
            return "the branch is of another repository, or its history was replaced: commit "
                    + PruneConfirmation.brief(revision) + " does not descend from " + expected + " but from " + root
                    + "; nothing is applied. Restore the branch, or write identity.repository: " + root
                    + " into the agent's configuration";
        }
        if (!remembered.equals(Optional.of(expected))) {
            store.put(REPOSITORY, expected);
        }
        return null;
    }
}
