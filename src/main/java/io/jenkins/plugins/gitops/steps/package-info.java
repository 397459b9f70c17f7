/** The Pipeline steps. Each does its work on the plugin's own pool, waits without a thread, and survives a restart. */
package io.jenkins.plugins.gitops.steps;
