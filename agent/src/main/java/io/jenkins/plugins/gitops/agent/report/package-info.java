/** Reports the agent's statuses to Jenkins, and receives the responses. The agent makes only outgoing connections. */
package io.jenkins.plugins.gitops.agent.report;
