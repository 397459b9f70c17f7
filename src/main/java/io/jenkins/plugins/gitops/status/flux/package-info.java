/** Flux as a source of what is live: its events come in as webhooks. */
package io.jenkins.plugins.gitops.status.flux;
