/** The container registries that Jenkins may ask. */
package io.jenkins.plugins.gitops.status.registry;
