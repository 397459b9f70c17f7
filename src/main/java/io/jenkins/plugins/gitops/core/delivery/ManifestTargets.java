package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Targets that are defined by manifests of a tree. Layouts take precedence. */
interface ManifestTargets {
    /**
     * Finds one target; empty when no manifest defines it.
     *
     * @throws UserErrorException when several do, or it cannot be determined
     */
    Optional<Target> find(String app, String env) throws IOException, UserErrorException;

    /** Whether any target is in this environment; stops at the first one. */
    boolean hasEnvironment(String env) throws IOException;

    /** All readable targets, in the order of the folders. */
    Collection<Target> all() throws IOException;

    /** Path of the manifest that one of {@link #all} comes from; empty for any other target. */
    Optional<String> manifestOf(Target target) throws IOException;

    /** Whether there are more manifests than are read. */
    boolean isCut() throws IOException;

    /**
     * The targets that depend on a file.
     *
     * @throws UserErrorException when there are more manifests than are read, so that the result would be incomplete
     */
    List<Target> dependsOn(String file) throws IOException, UserErrorException;
}
