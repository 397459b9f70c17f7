package io.jenkins.plugins.gitops.agent.embedded;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A Kubernetes API on a free port of the loopback interface, without authentication, whose objects are kept in this
 * process.
 *
 * <p>It serves the built-in kinds and those of stored CustomResourceDefinitions, with watches, JSON, merge and
 * strategic patches, server-side apply, dry runs, status and scale. Deployments roll out within a second; those whose
 * image tag contains {@code broken} or {@code bad} never become ready and exceed their progress deadline. Other
 * workloads stay as they were applied.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(80);
    /** Strongly referenced, since a logger that is garbage collected loses its level. */
    private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

    private final MockWebServer server = new MockWebServer();
    private final ScheduledExecutorService controller;
    private final ExecutorService sender;
    private final ApiServer api;
    private final KubernetesClient client;

    private EmbeddedCluster(String name, Duration step) {
        SERVER_LOG.setLevel(Level.WARNING); // Otherwise it logs each request.
        controller = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "embedded-controller-" + name));
        sender = Executors.newSingleThreadExecutor(task -> daemon(task, "embedded-watches-" + name));
        ObjectStore store = new ObjectStore();
        for (String namespace : List.of("default", "kube-system")) {
            store.put(new ObjectKey("", "namespaces", "", namespace), namespace(namespace));
        }
        store.listen(new DeploymentController(store, controller, step)::observe);
        api = new ApiServer(store, new ObjectWriter(store), sender);
        server.setDispatcher(new UnrecordedRequests(server, api));
        server.start(InetAddress.getLoopbackAddress(), 0);
        client = new KubernetesClientBuilder().withConfig(config()).build();
    }

    /** Discards the server's record of requests, which would otherwise grow without bound. */
    private static final class UnrecordedRequests extends Dispatcher {
        private final MockWebServer server;
        private final Dispatcher delegate;

        private UnrecordedRequests(MockWebServer server, Dispatcher delegate) {
            this.server = server;
            this.delegate = delegate;
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            try {
                server.takeRequest(0, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return delegate.dispatch(request);
        }
    }

    /** Starts a cluster with the namespaces {@code default} and {@code kube-system}. */
    public static EmbeddedCluster start(String name) {
        return start(name, STEP);
    }

    /**
     * Starts a cluster.
     *
     * @param step time between two steps of a rollout; a pod takes one step to be created and one to become ready
     */
    public static EmbeddedCluster start(String name, Duration step) {
        return new EmbeddedCluster(name, step);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static Map<String, Object> namespace(String name) {
        Map<String, Object> namespace = new LinkedHashMap<>();
        namespace.put("apiVersion", "v1");
        namespace.put("kind", "Namespace");
        Map<String, Object> metadata = JsonTree.child(namespace, "metadata");
        metadata.put("name", name);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", ObjectWriter.now());
        return namespace;
    }

    /** Returns the URL of the API, {@code http://127.0.0.1:<port>/}. */
    public String url() {
        return "http://127.0.0.1:" + server.getPort() + "/";
    }

    /** Returns a new configuration for a separate client. */
    public Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withNamespace("default")
                .withHttp2Disable(true)
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    /** Returns a client without restrictions, which is closed with the cluster. */
    public KubernetesClient client() {
        return client;
    }

    /** Returns how many requests so far were meant to change something; dry runs do not count. */
    public long writes() {
        return api.writes();
    }

    /** Writes a kubeconfig file for this cluster. */
    public Path writeKubeconfig(Path file) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: embedded
                clusters:
                - name: embedded
                  cluster: {server: "%s"}
                contexts:
                - name: embedded
                  context: {cluster: embedded, namespace: default, user: anybody}
                users:
                - name: anybody
                  user: {}
                """.formatted(url()));
    }

    /** Stops the API server and discards all objects. */
    @Override
    public void close() {
        client.close();
        controller.shutdownNow();
        sender.shutdownNow();
        server.shutdown();
    }
}
