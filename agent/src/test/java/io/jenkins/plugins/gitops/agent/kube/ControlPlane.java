package io.jenkins.plugins.gitops.agent.kube;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A real Kubernetes control plane for the tests of one JVM, started on first use and ended with the JVM.
 *
 * <p>{@code kube/up} starts it: the real API server, controllers and scheduler, with fake nodes that simulate pods as
 * {@code kube/stages.yaml} defines, so that the tag of an image decides whether a rollout succeeds. If the environment
 * variable {@code KUBECONFIG} is set, that cluster is used instead and is not stopped at the end. It has to simulate
 * the same stages, as another plane of {@code kube/up} does, or {@code kind} with KWOK in it.
 *
 * <p>The system property {@code GITOPS_KUBE_BIN}, or the environment variable of that name, names the folder with the
 * programs; the default is that of {@code kube/build}.
 */
public final class ControlPlane {
    private static final String PROGRAMS = "GITOPS_KUBE_BIN";
    private static final String REMOTE = "GITOPS_KUBE_REMOTE";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    /** Longer than {@code kube/up} itself waits for all its parts, so that its own error message is shown. */
    private static final long START_MINUTES = 12;

    private static ControlPlane shared;
    private static IllegalStateException failure;

    private final Path kubeconfig;
    private final KubernetesClient client;

    private ControlPlane(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
        this.client = new KubernetesClientBuilder().withConfig(config()).build();
    }

    /**
     * Returns the plane of this JVM, and starts it if necessary.
     *
     * @throws IllegalStateException if it cannot be started; the message contains the output of {@code kube/up}, and a
     *     second call does not try again
     */
    public static synchronized ControlPlane shared() {
        if (failure != null) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
        if (shared == null) {
            try {
                shared = open();
            } catch (IllegalStateException e) {
                failure = e;
                throw e;
            }
        }
        return shared;
    }

    /** Returns the kubeconfig file of an administrator, for programs that a test starts. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Returns a new configuration of an administrator, for tests that need a separate client. */
    public Config config() {
        return Config.fromKubeconfig(kubeconfig.toFile());
    }

    /** Returns a configuration as in a pod: with a token of an existing ServiceAccount, and with its namespace. */
    public Config config(String namespace, String serviceAccount) {
        Config administrator = config();
        String token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(new TokenRequest())
                .getStatus()
                .getToken();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(administrator.getMasterUrl())
                .withCaCertData(administrator.getCaCertData())
                .withCaCertFile(administrator.getCaCertFile())
                .withOauthToken(token)
                .build();
        config.setNamespace(namespace);
        return config;
    }

    /** Returns the administrator's client that all tests share; tests must not close it. */
    public KubernetesClient client() {
        return client;
    }

    /** Applies a CustomResourceDefinition, and waits until the API server serves its kind. */
    public void define(String yaml) {
        CustomResourceDefinition definition = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .item();
        client.resource(definition).forceConflicts().serverSideApply();
        client.resource(definition).waitUntilCondition(ControlPlane::isEstablished, 120, TimeUnit.SECONDS);
    }

    private static boolean isEstablished(CustomResourceDefinition live) {
        return live != null
                && live.getStatus() != null
                && live.getStatus().getConditions() != null
                && live.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    /**
     * Starts a second plane, for tests that kill or pause its processes; it ends with the JVM, or earlier by
     * {@link #stop}. {@code KUBECONFIG} is ignored.
     *
     * @throws IllegalStateException if it cannot be started; the message contains the output of {@code kube/up}
     */
    public static ControlPlane startOwn(String name) {
        return start(scripts()
                .resolveSibling("agent/target/kube/" + name + "-"
                        + ProcessHandle.current().pid()));
    }

    /** Returns the API server of a plane that was started by {@link #startOwn}. */
    public ApiServerProcess apiServer() throws IOException {
        return new ApiServerProcess(
                kubeconfig.getParent(),
                URI.create(client.getConfiguration().getMasterUrl()).getPort());
    }

    /** Returns the folder of {@code kube/up}. */
    static Path scripts() {
        return Path.of(System.getProperty("gitops.root", "."), "kube")
                .toAbsolutePath()
                .normalize();
    }

    private static ControlPlane open() {
        String existing = System.getenv("KUBECONFIG");
        if (existing != null && !existing.isBlank()) {
            return existing(existing);
        }
        return start(scripts()
                .resolveSibling("agent/target/kube/" + ProcessHandle.current().pid()));
    }

    private static ControlPlane start(Path folder) {
        ControlPlane plane = new ControlPlane(start(scripts(), folder));
        Runtime.getRuntime().addShutdownHook(new Thread(plane::stop, "end-control-plane"));
        return plane;
    }

    /**
     * Uses an existing cluster. Tests create and delete namespaces, so the cluster that a developer happened to use
     * last is rejected.
     */
    private static ControlPlane existing(String kubeconfig) {
        if (kubeconfig.contains(File.pathSeparator)) {
            throw new IllegalStateException("KUBECONFIG names several files, the tests need one: " + kubeconfig);
        }
        ControlPlane plane = new ControlPlane(Path.of(kubeconfig).toAbsolutePath());
        String host = URI.create(plane.client.getConfiguration().getMasterUrl()).getHost();
        if (!LOOPBACK.contains(host) && !"true".equals(System.getenv(REMOTE))) {
            plane.client.close();
            throw new IllegalStateException("KUBECONFIG points to the cluster at " + host + ", which is not on this"
                    + " machine. Unset it to let the tests start a control plane, or set " + REMOTE
                    + "=true if that cluster is there to be tested on.");
        }
        return plane;
    }

    /**
     * Starts the plane. It also ends if this JVM is killed, where no shutdown hook runs, since kube/up watches its
     * owner.
     */
    private static Path start(Path kube, Path folder) {
        String owner = Long.toString(ProcessHandle.current().pid());
        List<String> output =
                run(folder, START_MINUTES, kube.resolve("up").toString(), "--owner", owner, folder.toString());
        return Path.of(output.get(output.size() - 1));
    }

    /** Stops a plane that this class has started. */
    public void stop() {
        client.close();
        Path folder = kubeconfig.getParent();
        run(folder, 1, scripts().resolve("down").toString(), folder.toString());
    }

    /**
     * Runs a command. Output goes to files, since surefire communicates with Maven over the standard output of this
     * JVM.
     */
    private static List<String> run(Path folder, long minutes, String... command) {
        try {
            Files.createDirectories(folder);
            String program = Path.of(command[0]).getFileName().toString();
            Path output = folder.resolve(program + ".output");
            Path errors = folder.resolve(program + ".errors");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            String programs = System.getProperty(PROGRAMS);
            if (programs != null) {
                builder.environment().put(PROGRAMS, programs);
            }
            Process process = builder.start();
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                process.destroy();
                throw new IllegalStateException(command[0] + " did not end in " + minutes + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(Files.readString(errors).trim());
            }
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(command[0] + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command[0], e);
        }
    }
}
