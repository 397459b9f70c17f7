/** Where Git hosts, Argo CD and Flux call in: one endpoint, and the receiver of push events. */
package io.jenkins.plugins.gitops.webhook;
