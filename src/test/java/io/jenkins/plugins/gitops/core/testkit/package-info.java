/** What the tests of core, of the agent and of the plugin share. */
package io.jenkins.plugins.gitops.core.testkit;
