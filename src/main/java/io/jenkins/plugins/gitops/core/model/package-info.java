/** The words of GitOps delivery as values: targets, images, health, refusals. No Jenkins, no Kubernetes, no I/O of its own. */
package io.jenkins.plugins.gitops.core.model;
