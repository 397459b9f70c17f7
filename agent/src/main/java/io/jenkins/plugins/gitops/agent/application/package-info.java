/** {@code argoproj.io/v1alpha1} {@code Application} manifests, read strictly: what is not honoured is refused by name. */
package io.jenkins.plugins.gitops.agent.application;
