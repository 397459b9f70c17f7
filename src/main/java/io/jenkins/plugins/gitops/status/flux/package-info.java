/** Flux as a status source: its events arrive as webhooks. */
package io.jenkins.plugins.gitops.status.flux;
