/**
 * YAML texts whose bytes are preserved: nodes with their locations, and edits of one value that do not change any other
 * byte. No Jenkins, no Kubernetes, no I/O.
 */
package io.jenkins.plugins.gitops.core.yaml;
