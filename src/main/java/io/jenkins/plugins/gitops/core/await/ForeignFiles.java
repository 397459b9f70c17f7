package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;

/** Whether files belong to other targets alone, so that a change of them is no news for one target. */
final class ForeignFiles {
    private final FileTree files;
    private final Target target;

    /** @param files as they are now */
    ForeignFiles(FileTree files, Target target) {
        this.files = files;
        this.target = target;
    }

    /**
     * Whether each of these files is some target's and none is this target's. A file that is no target's, such as a base or
     * a component, may be rendered by any of them.
     */
    boolean belongToOthers(List<String> paths) throws IOException {
        try {
            Delivery delivery = Delivery.load(files);
            for (String path : paths) {
                List<Target> owners = delivery.fileTargets(path);
                if (owners.isEmpty() || owners.stream().anyMatch(t -> t.id().equals(target.id()))) {
                    return false;
                }
            }
            return true;
        } catch (UserErrorException e) {
            return false;
        }
    }
}
