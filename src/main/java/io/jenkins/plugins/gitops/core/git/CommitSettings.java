package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;

/**
 * How commits are made, to comply with the rules of a Git host or a company. Independent of the operation id:
 * operations are found by their trailer, whatever the subject is.
 *
 * @param committer null to use the author
 * @param subject format of the first line
 * @param signOff whether to add a {@code Signed-off-by} trailer of the committer, as {@code git commit -s} does
 * @param signer null if commits are not signed
 */
public record CommitSettings(
        @CheckForNull Author committer,
        SubjectTemplate subject,
        boolean signOff,
        @CheckForNull CommitSigner signer) {
    /** The author is the committer; default subject; neither signed nor signed off. */
    public static final CommitSettings DEFAULT = new CommitSettings(null, SubjectTemplate.DEFAULT, false, null);
}
