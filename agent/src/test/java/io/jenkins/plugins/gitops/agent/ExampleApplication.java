package io.jenkins.plugins.gitops.agent;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.ServiceResource;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.rules.ExternalResource;

/**
 * {@code payments-api} of the example repository, as a {@link RunningAgent} deploys it to dev: its files and its
 * objects.
 */
final class ExampleApplication extends ExternalResource {
    /** The folder that the application deploys. */
    static final String OVERLAY = "services/payments-api/overlays/dev/";

    static final String IMAGE_TAG = OVERLAY + "image-tag.yaml";
    static final String BASE = "services/payments-api/base/";
    static final String MANIFEST = ApplicationYaml.file("payments-api");

    private final RunningAgent running;
    private final boolean shared;
    private final String name;
    private final String namespace;

    private ExampleApplication(RunningAgent running, boolean shared, String name, String namespace) {
        this.running = running;
        this.shared = shared;
        this.name = name;
        this.namespace = namespace;
    }

    /** The application of the example, on the embedded cluster of an agent. */
    static ExampleApplication of(RunningAgent running) {
        return new ExampleApplication(running, false, "payments-api-dev", "payments-dev");
    }

    /**
     * The application on the control plane, with a unique name and namespace, since tests share the plane; the other
     * applications of the example are removed. This rule must run inside that of the agent.
     */
    static ExampleApplication onControlPlane(RunningAgent running) {
        String suffix = UUID.randomUUID().toString().substring(0, 8);
        return new ExampleApplication(running, true, "payments-api-" + suffix, "payments-" + suffix);
    }

    @Override
    protected void before() throws IOException {
        if (!shared) {
            return;
        }
        TestRepository repository = running.repository();
        Map<String, String> files = new HashMap<>();
        files.put(
                MANIFEST,
                repository
                        .read(MANIFEST)
                        .replace("payments-api-dev", name)
                        .replace("namespace: payments-dev", "namespace: " + namespace));
        files.put(
                OVERLAY + "kustomization.yaml",
                repository.read(OVERLAY + "kustomization.yaml").replace("payments-dev", namespace));
        files.put(ApplicationYaml.file("frontend"), null);
        files.put(ApplicationYaml.file("my-app"), null);
        repository.commit(files);
    }

    @Override
    protected void after() {
        running.stop();
        if (shared) {
            client().namespaces().withName(namespace).delete();
        }
    }

    String name() {
        return name;
    }

    String namespace() {
        return namespace;
    }

    /** Returns the administrator's client. */
    KubernetesClient client() {
        return shared ? ControlPlane.shared().client() : running.client();
    }

    /** Starts the agent and waits until the tip is live and healthy. Returns the tip. */
    String startAndAwait() throws Exception {
        running.start();
        String tip = running.repository().tip();
        running.awaitLive(name, tip);
        return tip;
    }

    RollableScalableResource<Deployment> deployment() {
        return client().apps().deployments().inNamespace(namespace).withName("payments-api");
    }

    ServiceResource<Service> service() {
        return client().services().inNamespace(namespace).withName("payments-api");
    }

    /** Returns {@code LOG_LEVEL} of the application's ConfigMap. */
    String logLevel() {
        return client().configMaps()
                .inNamespace(namespace)
                .withName("payments-api-config")
                .get()
                .getData()
                .get("LOG_LEVEL");
    }

    /** Returns the image of the application's container. */
    String image() {
        return deployment()
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getImage();
    }
}
