/**
 * Manifests from a folder: kustomize's semantics (5.8.1), in this process, from any {@link
 * io.jenkins.plugins.gitops.core.model.FileTree}. What is not supported is rejected by name and location, never
 * rendered differently than kustomize would.
 */
package io.jenkins.plugins.gitops.core.render;
