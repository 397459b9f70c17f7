/** Polls the configured Argo CD servers without holding a thread. */
package io.jenkins.plugins.gitops.status.argocd;
