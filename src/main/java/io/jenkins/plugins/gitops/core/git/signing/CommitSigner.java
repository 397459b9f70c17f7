package io.jenkins.plugins.gitops.core.git.signing;

import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** Signs commits with one key. Thread-safe. */
@FunctionalInterface
public interface CommitSigner {
    /**
     * Signs a commit.
     *
     * @param commit the bytes of the commit object without its signature
     * @return the armored signature, for the {@code gpgsig} header of the commit
     * @throws UserErrorException when the key cannot be used
     */
    String sign(byte[] commit) throws UserErrorException;
}
