package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;

/**
 * A fetched revision with its files.
 *
 * @param sequence increases with each revision that this process fetched; 0 for a revision outside this order
 */
record RevisionTree(String revision, FileTree files, long sequence) {
    /** Creates an older revision. */
    RevisionTree(String revision, FileTree files) {
        this(revision, files, 0);
    }
}
