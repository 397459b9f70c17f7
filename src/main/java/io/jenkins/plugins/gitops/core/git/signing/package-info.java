/** Signatures of commits, created in memory, so that a key from Jenkins credentials is never written to disk. */
package io.jenkins.plugins.gitops.core.git.signing;
