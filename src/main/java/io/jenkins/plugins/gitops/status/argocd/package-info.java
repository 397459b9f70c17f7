/** Asks the configured Argo CD servers, without a thread that waits for them. */
package io.jenkins.plugins.gitops.status.argocd;
