package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;

/** The intent of a change. It is asked again on each new tip, so that what is written fits what it is written on. */
@FunctionalInterface
public interface ChangePlanner {
    /**
     * @param tip the files of the newest revision
     * @param tipRevision that revision, 40 hex digits; may be a commit that is not pushed yet
     * @throws RefusedException when the change does not fit there (any more)
     */
    Plan plan(FileTree tip, String tipRevision) throws RefusedException, IOException;
}
