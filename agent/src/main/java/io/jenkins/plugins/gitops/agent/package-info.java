/** The in-cluster agent: syncs a cluster with Git, and reports to Jenkins. Does not depend on Jenkins classes. */
package io.jenkins.plugins.gitops.agent;
