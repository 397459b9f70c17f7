/** Translates Argo CD's responses into {@link io.jenkins.plugins.gitops.core.report.Report}. No network access. */
package io.jenkins.plugins.gitops.core.argocd;
