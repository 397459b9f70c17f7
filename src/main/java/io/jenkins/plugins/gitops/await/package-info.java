/** Waits for changes to become live: their registry, and what re-evaluates them. */
package io.jenkins.plugins.gitops.await;
