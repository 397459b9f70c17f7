package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** Where the {@code gitops.yaml} comes from that counts for a branch other than its own. */
@FunctionalInterface
public interface PolicySource {
    /**
     * The branch that the policy is read from, open. Asked each time, and not kept.
     *
     * @throws UserErrorException when it cannot be opened
     */
    ConfigRepository repository() throws UserErrorException;
}
