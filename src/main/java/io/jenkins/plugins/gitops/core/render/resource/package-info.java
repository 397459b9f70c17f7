/** Kubernetes objects during a rendering: identity, metadata, field specs and selectors. */
package io.jenkins.plugins.gitops.core.render.resource;
