package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Targets that manifests of a tree lead to. They count after those of the layouts. */
interface ManifestTargets {
    /**
     * One target; empty when no manifest leads to it.
     *
     * @throws UserErrorException when several do, or it cannot be found out
     */
    Optional<Target> find(String app, String env) throws IOException, UserErrorException;

    /** Whether a target is in this environment; looks no further than the first one. */
    boolean hasEnvironment(String env) throws IOException;

    /** All that can be read, in the order of the folders. */
    Collection<Target> all() throws IOException;

    /** Whether there are more manifests than are read. */
    boolean isCut() throws IOException;

    /**
     * The targets that a change of a file changes.
     *
     * @throws UserErrorException when there are more manifests than are read, so that not all are known
     */
    List<Target> dependsOn(String file) throws IOException, UserErrorException;
}
