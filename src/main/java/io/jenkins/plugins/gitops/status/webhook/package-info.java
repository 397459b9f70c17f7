/** Where Git hosts, Argo CD and Flux call in: one endpoint, and what takes a push of a Git host. */
package io.jenkins.plugins.gitops.status.webhook;
