package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.PolicyOverlay;
import io.jenkins.plugins.gitops.core.git.objects.GitFileTree;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.ObjectId;

/**
 * How the trees of a branch are read: they know their branch, and where the policy is on another one, its newest known {@code
 * gitops.yaml} is theirs, whatever they hold in that place.
 */
final class BranchTrees {
    private final Supplier<String> branch;
    /** Null on the branch of the policy itself. */
    @CheckForNull
    private final PolicySource policySource;

    /** Reads trees with one policy. */
    @FunctionalInterface
    interface TreeReader {
        FileTree tree(TreeCache treeCache, ObjectId root);
    }

    /**
     * @param branch the current name of the branch
     * @param policySource null on the branch of the policy itself
     */
    BranchTrees(Supplier<String> branch, @CheckForNull PolicySource policySource) {
        this.branch = branch;
        this.policySource = policySource;
    }

    /**
     * With the policy as far as it is known; no network.
     *
     * @throws IOException when the clone of the policy cannot be read
     */
    TreeReader known() throws IOException {
        if (policySource == null) {
            return this::tree;
        }
        try {
            return withPolicy(policySource.repository());
        } catch (UserErrorException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * With the policy as it is now, for a plan.
     *
     * @throws GitRemoteException when it cannot be fetched or read
     */
    TreeReader fetched() throws GitRemoteException {
        if (policySource == null) {
            return this::tree;
        }
        try {
            ConfigRepository policy = policySource.repository();
            policy.fetch();
            return withPolicy(policy);
        } catch (GitRemoteException e) {
            throw e;
        } catch (UserErrorException | IOException e) {
            throw new GitRemoteException(
                            "The policy for branch \"" + branch.get() + "\" cannot be read: "
                                    + RemoteErrorTranslator.oneLine(e.getMessage()),
                            "Correct its cause, then try again",
                            e instanceof IOException)
                    .causedBy(e);
        }
    }

    /** Where the policy names the branch; empty when it does not, or cannot be read. */
    static Optional<SourceLocation> namedAt(@CheckForNull String branch, @CheckForNull PolicySource policySource) {
        if (branch == null || policySource == null) {
            return Optional.empty();
        }
        try {
            ConfigRepository policy = policySource.repository();
            Optional<String> tip = policy.tip();
            return tip.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(Delivery.load(policy.files(tip.get())).branchLocation(branch));
        } catch (UserErrorException | IOException unreadable) {
            return Optional.empty();
        }
    }

    private TreeReader withPolicy(ConfigRepository repository) throws IOException {
        String tip = repository
                .tip()
                .orElseThrow(() -> new IOException(
                        "branch \"" + repository.branch() + "\" of " + repository.url() + " has not been fetched yet"));
        FileTree policy = repository.files(tip);
        TreeBranch on = new TreeBranch(branch.get(), repository.branch());
        return (treeCache, root) -> new PolicyOverlay(tree(treeCache, root), policy, on);
    }

    private FileTree tree(TreeCache treeCache, ObjectId root) {
        return new GitFileTree(treeCache, root, TreeBranch.ofPolicy(branch.get()));
    }
}
