/** YAML values as kustomize reads and writes them: go-yaml 2 and 3. */
package io.jenkins.plugins.gitops.core.render.yaml;
