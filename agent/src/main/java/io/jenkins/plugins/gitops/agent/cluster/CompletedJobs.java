package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Remembers the template that each Job with a TTL last completed, so that the Job does not run again after its TTL has
 * removed it, even after a restart of the agent. Stored in a ConfigMap of the Job's namespace, one entry per Job.
 */
final class CompletedJobs {
    static final String CONFIG_MAP = "gitops-agent-completed-jobs";

    private static final Logger LOGGER = Logger.getLogger(CompletedJobs.class.getName());
    private static final ResourceKind KIND =
            ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();
    /** Limits a ConfigMap, whose maximum size is 1 MiB. */
    private static final int MAX_ENTRIES = 5000;

    private final ClusterApi api;
    private final Executor executor;
    private final Consumer<String> log;
    /** By namespace; a missing namespace has not been read yet. */
    private final Map<String, Map<String, String>> known = new ConcurrentHashMap<>();

    /** @param executor writes the ConfigMaps */
    CompletedJobs(ClusterApi api, Executor executor, Consumer<String> log) {
        this.api = api;
        this.executor = executor;
        this.log = log;
    }

    /** Records a live object; returns immediately. */
    void seen(LiveObject live) {
        if (live.completed() == null) {
            return;
        }
        try {
            executor.execute(() -> remember(live.id(), live.completed()));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "{0} is not recorded: the agent stops", live.id());
        }
    }

    /**
     * Whether this is a Job that has completed with exactly this template.
     *
     * @throws ClusterException if that cannot be read
     */
    boolean contains(ObjectId id, DesiredObject object) throws ClusterException {
        return JobCompletion.isExpected(object.manifest())
                && JobCompletion.template(object.manifest())
                        .equals(read(id.namespace()).get(id.name()));
    }

    private synchronized Map<String, String> read(String namespace) throws ClusterException {
        Map<String, String> entries = known.get(namespace);
        if (entries == null) {
            entries = new HashMap<>();
            try {
                Map<String, Object> data = JsonTree.map(api.get(configMap(namespace)), "data");
                for (Map.Entry<String, Object> entry : data.entrySet()) {
                    entries.put(entry.getKey(), String.valueOf(entry.getValue()));
                }
            } catch (ClusterException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
            known.put(namespace, entries);
        }
        return entries;
    }

    private synchronized void remember(ObjectId job, String template) {
        try {
            Map<String, String> entries = read(job.namespace());
            if (template.equals(entries.put(job.name(), template))) {
                return;
            }
            if (!api.mayWrite()) {
                return; // Remembered only while this process runs.
            }
            if (entries.size() > MAX_ENTRIES) {
                log.accept("cannot record for the next start that " + job + " completed: ConfigMap " + CONFIG_MAP
                        + " of namespace " + job.namespace() + " has " + MAX_ENTRIES
                        + " entries; delete those of Jobs that are no longer in Git");
                return;
            }
            write(job.namespace(), Map.of(job.name(), template));
        } catch (ClusterException e) {
            log.accept("cannot record for the next start that " + job + " completed: " + e.getMessage());
        }
    }

    private void write(String namespace, Map<String, String> data) throws ClusterException {
        ObjectId id = configMap(namespace);
        try {
            api.merge(id, Map.of("data", data));
        } catch (ClusterException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            Map<String, Object> manifest = Map.of(
                    "apiVersion",
                    "v1",
                    "kind",
                    "ConfigMap",
                    "metadata",
                    Map.of("name", CONFIG_MAP, "namespace", namespace),
                    "data",
                    data);
            ClusterApi.await(api.apply(id, manifest, false, false));
        }
    }

    private static ObjectId configMap(String namespace) {
        return new ObjectId(KIND, namespace, CONFIG_MAP);
    }
}
