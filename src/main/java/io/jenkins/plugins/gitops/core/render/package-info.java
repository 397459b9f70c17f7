/**
 * Manifests from a folder: kustomize's semantics (5.8.1), in this process, from any {@link
 * io.jenkins.plugins.gitops.core.model.FileTree}. What is not supported is refused by name and place, never rendered
 * otherwise than kustomize would.
 */
package io.jenkins.plugins.gitops.core.render;
