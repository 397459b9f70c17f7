/** Health of resources as assessed by Argo CD (gitops-engine, pkg/health); pure functions of the cluster's objects. */
package io.jenkins.plugins.gitops.agent.health;
