package io.jenkins.plugins.gitops.agent.kube;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;

/** The Deployment {@code web}, with one container of that name. */
public final class WebDeployment {
    private WebDeployment() {}

    /**
     * Returns the Deployment.
     *
     * @param progressDeadlineSeconds the time after which a rollout without progress has failed
     */
    public static Deployment of(String namespace, String image, int replicas, int progressDeadlineSeconds) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withProgressDeadlineSeconds(progressDeadlineSeconds)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
