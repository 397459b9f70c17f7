/**
 * The agent without hands: reads what Flux and Argo CD say of their objects and what the workloads of those run, and reports it.
 * What turns objects into statuses are functions without a cluster.
 */
package io.jenkins.plugins.gitops.agent.observe;
