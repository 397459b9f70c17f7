package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The existing namespaces, and which of them are being deleted. Watched from the first query on. An agent that is
 * limited to some namespaces reads each by name, which a Role in the namespace can allow, whereas no Role can allow to
 * list them.
 */
final class NamespacePhases implements ResourceEventHandler<NamespacePhases.NamespacePhase>, AutoCloseable {
    private static final ResourceKind NAMESPACE =
            ResourceKind.builtIn("v1", "Namespace").orElseThrow();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String ABSENT = "absent";

    private final ClusterApi api;
    private final boolean limited;
    private final ResourceInformer<NamespacePhase> watch;
    private final Map<String, String> phases = new ConcurrentHashMap<>();
    private boolean started;

    /** The phase of one namespace. */
    record NamespacePhase(String name, String phase) {}

    /**
     * @param limited whether the agent is limited to some namespaces
     * @param events processes what the watch receives
     */
    NamespacePhases(ClusterApi api, boolean limited, ScheduledExecutorService executor, Executor events) {
        this.api = api;
        this.limited = limited;
        watch = new ResourceInformer<>(api, NAMESPACE, null, this, executor, events);
    }

    /** {@code Active}, {@code Terminating}, {@code absent}; {@code unknown} if it cannot be read. */
    String of(String namespace) {
        return limited ? read(namespace) : watched(namespace);
    }

    private String read(String namespace) {
        try {
            return read(NAMESPACE, api.get(new ObjectId(NAMESPACE, null, namespace)))
                    .phase();
        } catch (ClusterException e) {
            return e.isNotFound() ? ABSENT : "unknown";
        }
    }

    private String watched(String namespace) {
        synchronized (this) {
            if (!started) {
                started = true;
                watch.start();
            }
        }
        try {
            return watch.awaitListed(TIMEOUT) == null ? phases.getOrDefault(namespace, ABSENT) : "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    /** Whether the namespace certainly does not exist. */
    boolean isAbsent(String namespace) {
        return of(namespace).equals(ABSENT);
    }

    @Override
    public boolean isMetadataEnough(ResourceKind kind) {
        return true;
    }

    @Override
    public NamespacePhase read(ResourceKind kind, Map<String, Object> object) {
        boolean deleting = JsonTree.text(object, "metadata", "deletionTimestamp") != null;
        return new NamespacePhase(JsonTree.textOr("", object, "metadata", "name"), deleting ? "Terminating" : "Active");
    }

    @Override
    public void replace(ResourceKind kind, @CheckForNull String namespace, long version, List<NamespacePhase> listed) {
        phases.keySet().retainAll(listed.stream().map(NamespacePhase::name).toList());
        listed.forEach(phase -> put(kind, phase));
    }

    @Override
    public void put(ResourceKind kind, NamespacePhase namespace) {
        phases.put(namespace.name(), namespace.phase());
    }

    @Override
    public void remove(ResourceKind kind, NamespacePhase namespace) {
        phases.remove(namespace.name());
    }

    @Override
    public void close() {
        watch.close();
    }
}
