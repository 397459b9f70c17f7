/** Test support shared by core, the agent and the plugin. */
package io.jenkins.plugins.gitops.core.testkit;
