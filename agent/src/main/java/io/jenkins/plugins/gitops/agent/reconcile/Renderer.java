package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Renders a folder to manifests. */
@FunctionalInterface
public interface Renderer {
    /** @throws UserErrorException if the folder cannot be rendered; the message contains location and reason */
    List<Map<String, Object>> render(FileTree tree, String path) throws UserErrorException, IOException;

    /**
     * Renders for an application, whose earlier renderings may be taken into account.
     *
     * @param revision of the tree, 40 hex digits
     * @throws UserErrorException as {@link #render(FileTree, String)}, or if it is not rendered at this revision
     */
    default List<Map<String, Object>> render(String application, String revision, FileTree tree, String path)
            throws UserErrorException, IOException {
        return render(tree, path);
    }

    /**
     * Whether an earlier process ended during this rendering, so that no other such rendering may run at the same time.
     */
    default boolean isSuspect(String application, String revision) {
        return false;
    }
}
