/** Health of resources as Argo CD assesses it (gitops-engine, pkg/health); functions of what the cluster says. */
package io.jenkins.plugins.gitops.agent.health;
