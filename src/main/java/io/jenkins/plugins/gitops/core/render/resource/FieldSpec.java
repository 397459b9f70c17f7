package io.jenkins.plugins.gitops.core.render.resource;

/**
 * A field of resources that a transformer changes.
 *
 * @param create whether missing nodes on the path are created
 */
public record FieldSpec(Gvk gvk, String path, boolean create) {}
