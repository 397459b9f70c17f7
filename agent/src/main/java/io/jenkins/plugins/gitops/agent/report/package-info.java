/** Tells Jenkins what the agent sees, and hears what Jenkins knows. The agent only calls out. */
package io.jenkins.plugins.gitops.agent.report;
