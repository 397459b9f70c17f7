/** The Pipeline steps. Each hands its work to the plugin's own pool, waits without a thread, and survives a restart. */
package io.jenkins.plugins.gitops.steps;
