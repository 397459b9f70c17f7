/** The config repository: a bare clone, edits in its object database, group commit, trailers and history. */
package io.jenkins.plugins.gitops.core.git;
