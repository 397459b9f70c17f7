package io.jenkins.plugins.gitops.agent.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An Argo CD on the tests' control plane, for the applications of one namespace and a second one. It compares on its
 * own every 30 seconds, without jitter. The metrics endpoint of its controller cannot be limited to the loopback
 * interface.
 */
public final class ArgoCdPlane implements AutoCloseable {
    /** Reads Git and renders. */
    public static final String REPO_SERVER = "argocd-repo-server";
    /** Compares, syncs, watches health. */
    public static final String CONTROLLER = "argocd-application-controller";
    /** The API. */
    public static final String SERVER = "argocd-server";
    /** The project of all applications of the tests. */
    public static final String PROJECT = "shop";

    private static final String REDIS = "redis";
    private static final String PROGRAM = "ARGOCD_BIN";
    private static final String DEFINITIONS = "ARGOCD_CRDS";
    private static final long START_SECONDS = 180;
    private static final int RECONCILIATION_SECONDS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SETTINGS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: argocd-cm, namespace: %1$s, labels: {app.kubernetes.io/part-of: argocd}}
            data:
              accounts.jenkins: apiKey
              accounts.peer: apiKey
              timeout.reconciliation: %3$ds
              timeout.reconciliation.jitter: 0s
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: argocd-rbac-cm, namespace: %1$s, labels: {app.kubernetes.io/part-of: argocd}}
            data:
              policy.csv: |
                p, jenkins, applications, get, shop/*, allow
                p, peer, applications, *, shop/*, allow
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: argocd-ssh-known-hosts-cm, namespace: %1$s, labels: {app.kubernetes.io/part-of: argocd}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: argocd-tls-certs-cm, namespace: %1$s, labels: {app.kubernetes.io/part-of: argocd}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: argocd-gpg-keys-cm, namespace: %1$s, labels: {app.kubernetes.io/part-of: argocd}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: argocd-secret, namespace: %1$s, labels: {app.kubernetes.io/part-of: argocd}}
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: AppProject
            metadata: {name: shop, namespace: %1$s}
            spec:
              sourceRepos: ["*"]
              sourceNamespaces: ["%2$s"]
              destinations: [{server: "*", namespace: "*"}]
              clusterResourceWhitelist: [{group: "*", kind: "*"}]
            """;

    private static ArgoCdPlane shared;

    private final String namespace;
    private final String otherNamespace;
    private final Path folder;
    private final PlaneProcesses processes;
    private final int[] ports = PlaneProcesses.freePorts(7);
    private final HttpClient http = HttpClient.newHttpClient();

    private ArgoCdPlane(String namespace, String otherNamespace, Path folder) throws IOException {
        this.namespace = namespace;
        this.otherNamespace = otherNamespace;
        this.folder = folder;
        this.processes = new PlaneProcesses(folder);
    }

    /** Returns the shared instance of this JVM, for tests that do not disturb its parts; it ends with the JVM. */
    public static synchronized ArgoCdPlane shared() throws IOException, InterruptedException {
        if (shared == null) {
            String pid = Long.toString(ProcessHandle.current().pid());
            shared = start(Path.of(System.getProperty("gitops.root", "."), "agent", "target", "argocd", pid)
                    .toAbsolutePath());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "end-argocd"));
        }
        return shared;
    }

    /**
     * Starts Argo CD and waits until it responds.
     *
     * @param folder a folder that nothing else uses
     */
    public static ArgoCdPlane start(Path folder) throws IOException, InterruptedException {
        LiveCluster.define(Path.of(LiveCluster.setting(DEFINITIONS)));
        String namespace = FreshNamespace.create("argocd-");
        String other = FreshNamespace.create("argocd-apps-");
        LiveCluster.apply(SETTINGS.formatted(namespace, other, RECONCILIATION_SECONDS));
        ArgoCdPlane plane = new ArgoCdPlane(namespace, other, folder);
        try {
            plane.startAll();
            plane.awaitAnswer();
        } catch (IOException | RuntimeException e) {
            plane.close();
            throw e;
        }
        return plane;
    }

    private void startAll() throws IOException {
        processes.start(
                REDIS,
                Map.of(),
                List.of(
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(ports[0]),
                        "--save",
                        "",
                        "--appendonly",
                        "no"));
        start(
                REPO_SERVER,
                "--address=127.0.0.1",
                "--port=" + ports[1],
                "--metrics-address=127.0.0.1",
                "--metrics-port=" + ports[2],
                "--revision-cache-expiration=" + RECONCILIATION_SECONDS + "s");
        start(
                CONTROLLER,
                kubeconfig(),
                "--namespace=" + namespace,
                "--metrics-port=" + ports[3],
                "--app-resync=" + RECONCILIATION_SECONDS,
                "--app-resync-jitter=0",
                "--application-namespaces=" + otherNamespace,
                repoServer());
        start(
                SERVER,
                kubeconfig(),
                "--namespace=" + namespace,
                "--insecure",
                "--address=127.0.0.1",
                "--port=" + ports[4],
                "--metrics-address=127.0.0.1",
                "--metrics-port=" + ports[5],
                "--application-namespaces=" + otherNamespace,
                "--dex-server=http://127.0.0.1:" + ports[6],
                repoServer());
    }

    private static String kubeconfig() {
        return "--kubeconfig=" + ControlPlane.shared().kubeconfig();
    }

    private String repoServer() {
        return "--repo-server=127.0.0.1:" + ports[1];
    }

    private void start(String role, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(LiveCluster.setting(PROGRAM), "--redis=127.0.0.1:" + ports[0]));
        line.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>();
        environment.put("ARGOCD_BINARY_NAME", role);
        environment.put("ARGOCD_FAKE_IN_CLUSTER", "true");
        environment.put("ARGOCD_GPG_ENABLED", "false");
        environment.put("KUBECONFIG", ControlPlane.shared().kubeconfig().toString());
        environment.put("HOME", folder("home"));
        environment.put("TMPDIR", folder(role + ".tmp"));
        environment.put("ARGOCD_TLS_DATA_PATH", folder("tls"));
        environment.put("ARGOCD_SSH_DATA_PATH", folder("ssh"));
        environment.put("ARGOCD_PLUGINSOCKFILEPATH", folder("plugins"));
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        processes.start(role, environment, line);
    }

    private String folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name)).toString();
    }

    private void awaitAnswer() {
        processes.awaitOk(
                REPO_SERVER, "http://127.0.0.1:" + ports[2] + "/healthz?full=true", Duration.ofSeconds(START_SECONDS));
        processes.awaitOk(CONTROLLER, "http://127.0.0.1:" + ports[3] + "/healthz", Duration.ofSeconds(START_SECONDS));
        processes.awaitOk(SERVER, url() + "/healthz?full=true", Duration.ofSeconds(START_SECONDS));
    }

    /** Returns the URL of its API. */
    public String url() {
        return "http://127.0.0.1:" + ports[4];
    }

    /** Returns the namespace of the applications and of Argo CD's own settings. */
    public String namespace() {
        return namespace;
    }

    /** Returns another namespace in which applications are allowed. */
    public String otherNamespace() {
        return otherNamespace;
    }

    /**
     * Returns a new token of an account: {@code jenkins} may read the project's applications, {@code peer} has all
     * permissions on them.
     */
    public String token(String account) throws IOException, InterruptedException {
        String session = post("/api/v1/session", Map.of("username", "admin", "password", adminPassword()), null);
        return post("/api/v1/account/" + account + "/token", Map.of(), session);
    }

    private String adminPassword() {
        Secret secret = LiveCluster.client()
                .secrets()
                .inNamespace(namespace)
                .withName("argocd-initial-admin-secret")
                .waitUntilCondition(found -> found != null, START_SECONDS, TimeUnit.SECONDS);
        return new String(Base64.getDecoder().decode(secret.getData().get("password")), StandardCharsets.UTF_8);
    }

    private String post(String path, Map<String, String> body, String session)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (session != null) {
            request.header("Authorization", "Bearer " + session);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("Argo CD answers " + response.statusCode() + " to " + path);
        }
        return JSON.readTree(response.body()).path("token").asText();
    }

    /** Merges fields, written as JSON, into the {@code spec} of the project. */
    void patchProject(String spec) {
        LiveCluster.client()
                .genericKubernetesResources("argoproj.io/v1alpha1", "AppProject")
                .inNamespace(namespace)
                .withName(PROJECT)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + spec + "}");
    }

    /** Kills a part, as a failed node would. */
    public void kill(String part) {
        processes.kill(part);
    }

    /** Stops a part, as an upgrade does. */
    public void stop(String part) {
        processes.stop(part);
    }

    /** Starts a part again after it has ended. */
    public void restart(String part) throws IOException, InterruptedException {
        processes.restart(part);
        awaitAnswer();
    }

    /** Pauses or resumes a part. */
    public void freeze(String part, boolean frozen) throws IOException, InterruptedException {
        processes.freeze(part, frozen);
    }

    @Override
    public void close() {
        processes.close();
    }
}
