package io.jenkins.plugins.gitops.agent.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Finds which of the objects that no application tracks exist all the same, so that a sync would adopt them. An answer is kept
 * for a minute: an application that nobody syncs is looked at every few seconds.
 */
final class UntrackedObjects {
    static final Duration MAX_AGE = Duration.ofMinutes(1);

    private static final int MAX_PARALLEL = 16;

    private final ClusterApi api;
    private final LongSupplier nanoTime;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(List<ObjectId> asked, Set<ObjectId> existing, long at) {}

    UntrackedObjects(ClusterApi api, LongSupplier nanoTime) {
        this.api = api;
        this.nanoTime = nanoTime;
    }

    /**
     * Those that exist.
     *
     * @param application whose answer is kept
     * @param ids the objects to look for
     * @throws ClusterFailure when the cluster cannot be asked
     */
    Set<ObjectId> existing(String application, List<ObjectId> ids) throws ClusterFailure {
        long now = nanoTime.getAsLong();
        Answer last = answers.get(application);
        if (last != null && last.asked().equals(ids) && now - last.at() < MAX_AGE.toNanos()) {
            return last.existing();
        }
        Set<ObjectId> existing = new HashSet<>();
        for (int from = 0; from < ids.size(); from += MAX_PARALLEL) {
            Map<ObjectId, CompletableFuture<Map<String, Object>>> requests = new LinkedHashMap<>();
            ids.subList(from, Math.min(ids.size(), from + MAX_PARALLEL)).forEach(id -> requests.put(id, api.head(id)));
            for (Map.Entry<ObjectId, CompletableFuture<Map<String, Object>>> request : requests.entrySet()) {
                if (exists(request.getValue())) {
                    existing.add(request.getKey());
                }
            }
        }
        answers.put(application, new Answer(List.copyOf(ids), Set.copyOf(existing), now));
        return existing;
    }

    private static boolean exists(CompletableFuture<Map<String, Object>> request) throws ClusterFailure {
        try {
            ClusterApi.await(request);
            return true;
        } catch (ClusterFailure e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
    }
}
