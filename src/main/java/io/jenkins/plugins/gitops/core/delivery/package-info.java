/**
 * What may be delivered where: {@code gitops.yaml}, the layouts that work without it, and where the images of a target
 * are set. Functions of a {@link io.jenkins.plugins.gitops.core.model.FileTree}.
 */
package io.jenkins.plugins.gitops.core.delivery;
