package io.jenkins.plugins.gitops.agent.kube;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/**
 * A namespace of its own for every test on the {@link ControlPlane}, ready to run pods.
 *
 * <p>Its deletion is asked for but not awaited: with workloads inside it takes more than ten seconds.
 */
public final class FreshNamespace extends ExternalResource {
    private String name;

    /** The name of the namespace; the test's own while it runs. */
    public String name() {
        return name;
    }

    /** The administrator's client of the plane that holds the namespace. */
    public KubernetesClient client() {
        return ControlPlane.shared().client();
    }

    @Override
    protected void before() {
        name = create("test-");
    }

    /** Creates a namespace whose name begins with a prefix, ready to run pods; its name. */
    public static String create(String prefix) {
        KubernetesClient client = ControlPlane.shared().client();
        String name = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName(prefix)
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
        // Pods are refused until the service account controller has made this one.
        client.serviceAccounts()
                .inNamespace(name)
                .withName("default")
                .waitUntilCondition(Objects::nonNull, 120, TimeUnit.SECONDS);
        return name;
    }

    @Override
    protected void after() {
        client().namespaces().withName(name).delete();
    }
}
