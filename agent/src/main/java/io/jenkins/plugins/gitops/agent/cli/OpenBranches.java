package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.BranchFiles;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.PolicySource;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The branches of the config repository that a command reads and writes: the one with {@code gitops.yaml}, and those of
 * environments, which are opened and fetched when they are needed. All are closed together.
 */
final class OpenBranches implements BranchFiles, AutoCloseable {
    private final BranchOpener opener;
    private final FetchedClone policy;
    private final Map<String, FetchedClone> others = new LinkedHashMap<>();

    /** An open and fetched branch. */
    interface FetchedClone {
        ConfigRepository repository();

        void close();
    }

    /** Opens and fetches a branch. */
    interface BranchOpener {
        /**
         * @param branch short name
         * @param policySource the branch of its policy; null if it has its own
         */
        FetchedClone open(String branch, @CheckForNull PolicySource policySource)
                throws UserErrorException, IOException, InterruptedException;
    }

    /** @param branch the one with {@code gitops.yaml} */
    OpenBranches(String branch, BranchOpener opener) throws UserErrorException, IOException, InterruptedException {
        this.opener = opener;
        this.policy = opener.open(branch, null);
    }

    /** The branch with {@code gitops.yaml}. */
    ConfigRepository policy() {
        return policy.repository();
    }

    /** The branch of a target by the fetched policy; null for the branch of the policy. */
    @CheckForNull
    String branchOf(String application, String environment) throws UserErrorException, IOException {
        return Delivery.load(newest(policy())).branchOf(application, environment);
    }

    /**
     * A branch.
     *
     * @param branch null for that of the policy
     * @throws UserErrorException if it does not exist or cannot be read
     */
    ConfigRepository repository(@CheckForNull String branch)
            throws UserErrorException, IOException, InterruptedException {
        if (branch == null) {
            return policy();
        }
        FetchedClone open = others.get(branch);
        if (open == null) {
            open = opener.open(branch, this::policy);
            others.put(branch, open);
        }
        return open.repository();
    }

    @Override
    public FileTree of(String branch) throws UserErrorException, IOException {
        try {
            return newest(repository(branch));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while branch " + branch + " was fetched", e);
        }
    }

    /** The files of the newest commit of a branch. */
    static FileTree newest(ConfigRepository repository) throws UserErrorException, IOException {
        return repository.files(tip(repository));
    }

    /** The newest commit of a branch. */
    static String tip(ConfigRepository repository) throws UserErrorException {
        return repository
                .tip()
                .orElseThrow(() -> new UserErrorException(
                        "The branch has no commit", "Push one, or name another branch with --branch"));
    }

    @Override
    public void close() {
        others.values().forEach(FetchedClone::close);
        policy.close();
    }
}
