/**
 * What Argo CD says, brought into the words of {@link io.jenkins.plugins.gitops.core.report.Report}. No network here.
 */
package io.jenkins.plugins.gitops.core.argocd;
