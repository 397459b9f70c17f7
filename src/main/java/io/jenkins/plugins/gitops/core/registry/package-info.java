/** Compares the digests that pods run with those in the registry. */
package io.jenkins.plugins.gitops.core.registry;
