/** The config repository: a bare clone, group commit, trailers and history. */
package io.jenkins.plugins.gitops.core.git;
