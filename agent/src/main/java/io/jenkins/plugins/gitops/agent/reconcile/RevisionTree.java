package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;

/**
 * The newest revision that was fetched, with its files.
 *
 * @param sequence rises with each revision that this process fetched; 0 for one that is outside of that order
 */
record RevisionTree(String revision, FileTree files, long sequence) {
    /** An older revision. */
    RevisionTree(String revision, FileTree files) {
        this(revision, files, 0);
    }
}
