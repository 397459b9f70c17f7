package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;

/**
 * How commits are made, as the rules of a Git host or a company ask for it. Has no part in what an operation is: that is
 * found by its trailer, whatever the subject.
 *
 * @param committer null: the author
 * @param subject how the first line is written
 * @param signOff whether a {@code Signed-off-by} trailer of the committer is added, as {@code git commit -s} does
 * @param signer null: commits are not signed
 */
public record CommitSettings(
        @CheckForNull Author committer,
        SubjectTemplate subject,
        boolean signOff,
        @CheckForNull CommitSigner signer) {
    /** The author commits; the usual subject; neither signed nor signed off. */
    public static final CommitSettings DEFAULT = new CommitSettings(null, SubjectTemplate.DEFAULT, false, null);
}
