/** Signatures of commits, made in memory: a key that Jenkins holds never reaches a disk. */
package io.jenkins.plugins.gitops.core.git.signing;
