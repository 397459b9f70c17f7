package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;

/** The newest revision that was fetched, with its files. */
record Tip(String revision, FileTree files) {}
