package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The controllers of Flux on the tests' control plane, for the objects of one namespace. Planes do not see each other's
 * objects, so a test may kill or pause a controller of its own plane.
 */
public final class FluxPlane implements AutoCloseable {
    /** Reads Git repositories. */
    public static final String SOURCE = "source-controller";
    /** Applies the manifests from the sources. */
    public static final String KUSTOMIZE = "kustomize-controller";
    /** Sends events. */
    public static final String NOTIFICATION = "notification-controller";

    private static final String PROGRAMS = "GITOPS_FLUX_BIN";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private final String namespace;
    private final PlaneProcesses processes;
    private final Map<String, Integer> health = new HashMap<>();

    private FluxPlane(String namespace, PlaneProcesses processes) {
        this.namespace = namespace;
        this.processes = processes;
    }

    /**
     * Starts all three and waits until they are ready.
     *
     * @param namespace the existing namespace of their objects
     * @param folder a folder that nothing else uses
     */
    public static FluxPlane start(String namespace, Path folder) throws IOException, InterruptedException {
        Path programs = Path.of(LiveCluster.setting(PROGRAMS));
        LiveCluster.define(programs.resolve("crds"));
        FluxPlane plane = new FluxPlane(namespace, new PlaneProcesses(folder));
        try {
            plane.startAll(programs, folder);
            for (String controller : List.of(SOURCE, KUSTOMIZE, NOTIFICATION)) {
                plane.awaitReady(controller);
            }
        } catch (IOException | RuntimeException e) {
            plane.close();
            throw e;
        }
        return plane;
    }

    private void startAll(Path programs, Path folder) throws IOException {
        int[] ports = PlaneProcesses.freePorts(6);
        String events = "127.0.0.1:" + ports[0];
        String storage = "127.0.0.1:" + ports[1];
        Path artifacts = Files.createDirectories(folder.resolve("artifacts"));
        start(
                programs,
                folder,
                NOTIFICATION,
                ports[2],
                "--events-addr=" + events,
                "--receiverAddr=127.0.0.1:" + ports[5]);
        start(
                programs,
                folder,
                SOURCE,
                ports[3],
                "--events-addr=http://" + events + "/",
                "--storage-addr=" + storage,
                "--storage-adv-addr=" + storage,
                "--storage-path=" + artifacts);
        start(programs, folder, KUSTOMIZE, ports[4], "--events-addr=http://" + events + "/");
    }

    private void start(Path programs, Path folder, String controller, int healthPort, String... arguments)
            throws IOException {
        health.put(controller, healthPort);
        List<String> line = new ArrayList<>(List.of(
                programs.resolve(controller).toString(),
                "--enable-leader-election=false",
                "--watch-all-namespaces=false",
                "--metrics-addr=127.0.0.1:0",
                "--health-addr=127.0.0.1:" + healthPort));
        line.addAll(List.of(arguments));
        Path temporary = Files.createDirectories(folder.resolve(controller + ".tmp"));
        processes.start(
                controller,
                Map.of(
                        "KUBECONFIG", ControlPlane.shared().kubeconfig().toString(),
                        "RUNTIME_NAMESPACE", namespace,
                        "TMPDIR", temporary.toString()),
                line);
    }

    private void awaitReady(String controller) {
        processes.awaitOk(controller, "http://127.0.0.1:" + health.get(controller) + "/readyz", START_TIMEOUT);
    }

    /** Returns the namespace of its objects. */
    public String namespace() {
        return namespace;
    }

    /** Kills a controller, as a failed node would. */
    public void kill(String controller) {
        processes.kill(controller);
    }

    /** Stops a controller, as an upgrade of Flux does. */
    public void stop(String controller) {
        processes.stop(controller);
    }

    /** Starts a controller again after it has ended, and waits until it is ready. */
    public void restart(String controller) throws IOException, InterruptedException {
        processes.restart(controller);
        awaitReady(controller);
    }

    @Override
    public void close() {
        processes.close();
    }
}
