/** The cluster as the agent sees and changes it: kinds, live objects, compare, apply, prune. */
package io.jenkins.plugins.gitops.agent.cluster;
