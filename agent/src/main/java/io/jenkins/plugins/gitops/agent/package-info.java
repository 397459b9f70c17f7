/** The in-cluster agent: brings a cluster to what Git says, and reports to Jenkins. Knows no Jenkins class. */
package io.jenkins.plugins.gitops.agent;
