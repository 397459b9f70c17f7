package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * An application as a manifest names it.
 *
 * @param name name of the manifest; its file's name when it has none
 * @param file where it stands in the repository
 * @param path folder that it deploys, as far as that could be read; for reports of what is refused
 * @param spec what it wants; null when the manifest is refused
 * @param problem why it is refused, with place and way out; null when it is not
 * @param confirmedPrune what its annotation {@value ApplicationManifestReader#CONFIRM_PRUNE} says, meant to be a
 *     revision; null without
 * @param skipped whether its annotation {@value ApplicationManifestReader#SKIP_RECONCILE} keeps the agent from touching
 *     it
 * @param warning what is not enforced though it is deployed; null when there is nothing to warn of
 */
public record ApplicationManifest(
        String name,
        String file,
        @CheckForNull String path,
        @CheckForNull ApplicationSpec spec,
        @CheckForNull String problem,
        @CheckForNull String confirmedPrune,
        boolean skipped,
        @CheckForNull String warning) {

    /** One without annotations that matter. */
    public ApplicationManifest(
            String name,
            String file,
            @CheckForNull String path,
            @CheckForNull ApplicationSpec spec,
            @CheckForNull String problem) {
        this(name, file, path, spec, problem, null, false, null);
    }
}
