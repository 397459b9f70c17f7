package io.jenkins.plugins.gitops.core.render;

/**
 * A field of the resources that a transformer touches.
 *
 * @param create whether the way to the field is made where it is missing
 */
record FieldSpec(Gvk gvk, String path, boolean create) {}
