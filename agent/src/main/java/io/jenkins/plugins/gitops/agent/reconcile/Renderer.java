package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Turns a folder into manifests. */
@FunctionalInterface
public interface Renderer {
    /** @throws UserErrorException when the folder cannot be rendered; the message says where and why */
    List<Map<String, Object>> render(FileTree tree, String path) throws UserErrorException, IOException;

    /**
     * The same for one application, whose earlier renderings may count.
     *
     * @param revision of the tree, 40 hex digits
     * @throws UserErrorException as {@link #render(FileTree, String)}, or when it is not rendered at this revision
     */
    default List<Map<String, Object>> render(String application, String revision, FileTree tree, String path)
            throws UserErrorException, IOException {
        return render(tree, path);
    }

    /** Whether an earlier process ended while it rendered this, so that nothing of that kind is rendered beside it. */
    default boolean isSuspect(String application, String revision) {
        return false;
    }
}
