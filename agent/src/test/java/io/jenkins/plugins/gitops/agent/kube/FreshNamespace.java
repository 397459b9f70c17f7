package io.jenkins.plugins.gitops.agent.kube;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/**
 * A separate namespace for every test on the {@link ControlPlane}, ready to run pods.
 *
 * <p>Its deletion is requested but not awaited, since with workloads inside it takes more than ten seconds.
 */
public final class FreshNamespace extends ExternalResource {
    private String name;

    /** Returns the name of the namespace, which exists only while the test runs. */
    public String name() {
        return name;
    }

    /** Returns the administrator's client of the plane. */
    public KubernetesClient client() {
        return ControlPlane.shared().client();
    }

    @Override
    protected void before() {
        name = create("test-");
    }

    /** Creates a namespace whose name begins with a prefix, ready to run pods. Returns its name. */
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
        // Pods are rejected until the service account controller has created this one.
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
