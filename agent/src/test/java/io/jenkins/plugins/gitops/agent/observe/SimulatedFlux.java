package io.jenkins.plugins.gitops.agent.observe;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Writes the objects of Flux as its controllers would, to a cluster where none of them runs. */
public final class SimulatedFlux {
    private final KubernetesClient client;
    private final String namespace;

    /**
     * Creates the simulation.
     *
     * @param namespace the namespace of the Flux objects; created if missing
     */
    public SimulatedFlux(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        if (client.namespaces().withName(namespace).get() == null) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
        define(ObservedKinds.KUSTOMIZATION);
        define(ObservedKinds.SOURCES.get(0));
    }

    private void define(ResourceKind kind) {
        CustomResourceDefinition definition = new CustomResourceDefinitionBuilder()
                .withNewMetadata()
                .withName(kind.plural() + "." + kind.group())
                .endMetadata()
                .withNewSpec()
                .withGroup(kind.group())
                .withScope("Namespaced")
                .withNewNames()
                .withKind(kind.kind())
                .withListKind(kind.kind() + "List")
                .withPlural(kind.plural())
                .withSingular(kind.kind().toLowerCase())
                .endNames()
                .addNewVersion()
                .withName(kind.version())
                .withServed(true)
                .withStorage(true)
                .withNewSubresources()
                .withNewStatus()
                .endStatus()
                .endSubresources()
                .withNewSchema()
                .withNewOpenAPIV3Schema()
                .withType("object")
                .withXKubernetesPreserveUnknownFields(true)
                .endOpenAPIV3Schema()
                .endSchema()
                .endVersion()
                .endSpec()
                .build();
        if (client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(definition.getMetadata().getName())
                        .get()
                == null) {
            client.resource(definition).create();
        }
    }

    /** Writes a GitRepository whose artifact is at a commit. */
    public void source(String name, String url, String commit) throws Exception {
        Map<String, Object> status = Map.of(
                "artifact",
                Map.of("revision", "main@sha1:" + commit),
                "conditions",
                List.of(condition("Ready", "True", "Succeeded", "stored artifact")));
        write(
                "source.toolkit.fluxcd.io/v1",
                "GitRepository",
                name,
                Map.of("url", url, "interval", "1m", "ref", Map.of("branch", "main")),
                status);
    }

    /** Writes a Kustomization that has applied a commit and found it healthy. */
    public void applied(String name, String source, String path, String commit, String... inventory) throws Exception {
        write(
                "kustomize.toolkit.fluxcd.io/v1",
                "Kustomization",
                name,
                spec(source, path),
                status(
                        commit,
                        commit,
                        inventory,
                        List.of(
                                condition(
                                        "Ready",
                                        "True",
                                        "ReconciliationSucceeded",
                                        "Applied revision: main@sha1:" + commit),
                                condition("Healthy", "True", "Succeeded", "Health check passed"))));
    }

    /** Writes a Kustomization whose health check of a commit is running. */
    public void checking(String name, String source, String path, String before, String commit, String... inventory)
            throws Exception {
        write(
                "kustomize.toolkit.fluxcd.io/v1",
                "Kustomization",
                name,
                spec(source, path),
                status(
                        before,
                        commit,
                        inventory,
                        List.of(
                                condition("Reconciling", "True", "Progressing", "Running health checks"),
                                condition("Ready", "Unknown", "Progressing", "Reconciliation in progress"),
                                condition("Healthy", "Unknown", "Progressing", "Running health checks"))));
    }

    private static Map<String, Object> spec(String source, String path) {
        return Map.of(
                "interval",
                "1m",
                "timeout",
                "1m",
                "path",
                path,
                "sourceRef",
                Map.of("kind", "GitRepository", "name", source));
    }

    private static Map<String, Object> status(
            String applied, String attempted, String[] inventory, List<Map<String, Object>> conditions) {
        List<Map<String, Object>> entries = List.of(inventory).stream()
                .map(id -> Map.<String, Object>of("id", id, "v", "v1"))
                .toList();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("lastAppliedRevision", "main@sha1:" + applied);
        status.put("lastAttemptedRevision", "main@sha1:" + attempted);
        status.put("inventory", Map.of("entries", entries));
        status.put("conditions", conditions);
        return status;
    }

    private static Map<String, Object> condition(String type, String status, String reason, String message) {
        return Map.of(
                "type",
                type,
                "status",
                status,
                "reason",
                reason,
                "message",
                message,
                "lastTransitionTime",
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private void write(
            String apiVersion, String kind, String name, Map<String, Object> spec, Map<String, Object> status)
            throws Exception {
        // The API server serves the kind only a moment after its definition was created.
        Awaitility.await().ignoreExceptionsMatching(SimulatedFlux::isNotFound).until(() -> {
            writeOnce(apiVersion, kind, name, spec, status);
            return true;
        });
    }

    private void writeOnce(
            String apiVersion, String kind, String name, Map<String, Object> spec, Map<String, Object> status) {
        GenericKubernetesResource known = resource(apiVersion, kind, name).get();
        if (known == null) {
            known = client.resource(object(apiVersion, kind, name, spec)).create();
        }
        Map<String, Object> observed = new LinkedHashMap<>(status);
        Long generation = known.getMetadata().getGeneration();
        observed.put("observedGeneration", generation == null ? 0 : generation);
        known.setAdditionalProperty("status", observed);
        client.resource(known).updateStatus();
    }

    private static boolean isNotFound(Throwable failure) {
        return failure instanceof KubernetesClientException refused
                && refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }

    private GenericKubernetesResource object(String apiVersion, String kind, String name, Map<String, Object> spec) {
        Map<String, Object> metadata = Map.of("name", name, "namespace", namespace);
        return client.getKubernetesSerialization()
                .unmarshal(
                        JsonTree.format(
                                Map.of("apiVersion", apiVersion, "kind", kind, "metadata", metadata, "spec", spec)),
                        GenericKubernetesResource.class);
    }

    private Resource<GenericKubernetesResource> resource(String apiVersion, String kind, String name) {
        return client.genericKubernetesResources(apiVersion, kind)
                .inNamespace(namespace)
                .withName(name);
    }

    /** Returns the annotations of an object. */
    public Map<String, String> annotations(String apiVersion, String kind, String name) {
        Map<String, String> found =
                resource(apiVersion, kind, name).get().getMetadata().getAnnotations();
        return found == null ? Map.of() : found;
    }

    /** Deletes a Kustomization. */
    public void delete(String name) {
        resource("kustomize.toolkit.fluxcd.io/v1", "Kustomization", name).delete();
    }
}
