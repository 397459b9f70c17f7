/** The values of GitOps delivery: targets, images, health, errors. No Jenkins, no Kubernetes, no I/O of its own. */
package io.jenkins.plugins.gitops.core.model;
