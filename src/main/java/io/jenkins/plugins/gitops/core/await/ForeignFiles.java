package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;

/** Decides whether files belong only to other targets, so that changes to them do not affect this target. */
final class ForeignFiles {
    private final FileTree files;
    private final Target target;

    /** @param files the current tree */
    ForeignFiles(FileTree files, Target target) {
        this.files = files;
        this.target = target;
    }

    /**
     * Whether each file belongs to some target, and none to this one. A file outside all targets, such as a base or a
     * component, may be rendered by any of them.
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
