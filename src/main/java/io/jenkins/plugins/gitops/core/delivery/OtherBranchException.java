package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** The target is on another branch than the one that is read, for example because the policy has changed. */
public final class OtherBranchException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    OtherBranchException(@CheckForNull SourceLocation location, String problem, String remedy) {
        super(location, problem, remedy);
    }
}
