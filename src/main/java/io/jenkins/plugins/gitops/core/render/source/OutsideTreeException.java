package io.jenkins.plugins.gitops.core.render.source;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/** A path or symbolic link leads outside the tree. */
public final class OutsideTreeException extends UserErrorException {
    private static final long serialVersionUID = 1L;

    OutsideTreeException(@CheckForNull SourceLocation at, String problem, String remedy) {
        super(at, problem, remedy);
    }
}
