/** The endpoint that Git hosts, Argo CD and Flux call, and the receiver of push events. */
package io.jenkins.plugins.gitops.webhook;
