package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;

/** A path or symbolic link that leads out of the tree. */
public final class OutsideTreeException extends RefusedException {
    private static final long serialVersionUID = 1L;

    OutsideTreeException(@CheckForNull SourceLocation at, String what, String wayOut) {
        super(at, what, wayOut);
    }
}
