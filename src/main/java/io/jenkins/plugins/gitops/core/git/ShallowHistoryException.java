package io.jenkins.plugins.gitops.core.git;

import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;

/** A query reached the end of a shallow clone; the remote has older commits. */
final class ShallowHistoryException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param oldest the commit whose parents the clone does not have */
    ShallowHistoryException(ObjectId oldest) {
        super("The clone does not have the commits before " + oldest.name());
    }
}
