/** The generators and transformers of a kustomization: names, namespaces, labels, images, replicas, hashes. */
package io.jenkins.plugins.gitops.core.render.transform;
