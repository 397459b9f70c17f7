/** The kustomization file, read as strictly as kustomize does. */
package io.jenkins.plugins.gitops.core.render.kustomization;
