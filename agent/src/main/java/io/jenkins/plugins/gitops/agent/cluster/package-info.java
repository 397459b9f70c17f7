/** Reads and changes the cluster: kinds, live objects, compare, apply, prune. */
package io.jenkins.plugins.gitops.agent.cluster;
