/**
 * YAML texts whose bytes are kept: nodes with their places, and edits of one value that leave every other byte as it is.
 * No Jenkins, no Kubernetes, no I/O.
 */
package io.jenkins.plugins.gitops.core.yaml;
