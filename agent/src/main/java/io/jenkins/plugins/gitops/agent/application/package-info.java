/**
 * {@code argoproj.io/v1alpha1} {@code Application} manifests, read strictly: unsupported fields are rejected by name.
 */
package io.jenkins.plugins.gitops.agent.application;
