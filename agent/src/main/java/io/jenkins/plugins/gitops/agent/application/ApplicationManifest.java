package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * An application and its manifest.
 *
 * @param name name of the manifest; its file's name if it has none
 * @param file its path in the repository
 * @param path the folder that it deploys, if it could be read; for reports of rejected manifests
 * @param spec its spec; null if the manifest is rejected
 * @param problem why it is rejected, with location and remedy; null if it is not
 * @param confirmedPrune the value of its annotation {@value ApplicationManifestReader#CONFIRM_PRUNE}, normally a
 *     revision; null if there is none
 * @param skipped whether its annotation {@value ApplicationManifestReader#SKIP_RECONCILE} disables reconciliation
 * @param warning what is not enforced although it is deployed; null if there is no warning
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

    /** Creates a manifest without relevant annotations. */
    public ApplicationManifest(
            String name,
            String file,
            @CheckForNull String path,
            @CheckForNull ApplicationSpec spec,
            @CheckForNull String problem) {
        this(name, file, path, spec, problem, null, false, null);
    }
}
