package io.jenkins.plugins.gitops.core.render.resource;

/**
 * A field of the resources that a transformer touches.
 *
 * @param create whether the way to the field is made where it is missing
 */
public record FieldSpec(Gvk gvk, String path, boolean create) {}
