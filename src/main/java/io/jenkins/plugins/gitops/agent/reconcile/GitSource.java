package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;

/** The branch that the agent follows. */
public interface GitSource extends AutoCloseable {
    /** Asks the remote; the newest revision, 40 hex digits. */
    String fetch() throws RefusedException;

    /** The files of a revision that was fetched. */
    FileTree files(String revision) throws IOException;

    @Override
    void close();
}
