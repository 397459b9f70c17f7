/**
 * The read-only agent: observes the objects of Flux and Argo CD and their workloads, and reports them. Statuses are
 * derived from objects by pure functions that need no cluster.
 */
package io.jenkins.plugins.gitops.agent.observe;
