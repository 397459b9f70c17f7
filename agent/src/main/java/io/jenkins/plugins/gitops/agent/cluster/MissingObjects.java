package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Determines the effect of a sync on objects that no application tracks: those that exist would be adopted, the others
 * created, unless the API server rejects them. Results are cached for a minute, since an application that is not synced
 * is compared every few seconds.
 */
final class MissingObjects {
    static final Duration MAX_AGE = Duration.ofMinutes(1);

    private static final int MAX_PARALLEL = 16;

    private final ClusterApi api;
    private final BiFunction<DesiredState, ResourceState, Map<String, Object>> manifests;
    private final LongSupplier nanoTime;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /**
     * The results for these objects.
     *
     * @param existing objects that exist
     * @param refused the server's messages by object that it would not create
     */
    record Findings(Set<ObjectId> existing, Map<ObjectId, String> refused) {
        Findings {
            existing = Set.copyOf(existing);
            refused = Map.copyOf(refused);
        }
    }

    private record Answer(String hash, List<ObjectId> asked, Findings findings, long at) {}

    /** @param manifests returns the manifest that would be applied */
    MissingObjects(
            ClusterApi api,
            BiFunction<DesiredState, ResourceState, Map<String, Object>> manifests,
            LongSupplier nanoTime) {
        this.api = api;
        this.manifests = manifests;
        this.nanoTime = nanoTime;
    }

    /**
     * @param newNamespace the namespace that a sync would create for the application; null for none
     * @throws ClusterException if the API server cannot be reached
     */
    Findings of(DesiredState desired, Comparison comparison, @CheckForNull String newNamespace)
            throws ClusterException {
        List<ResourceState> missing = comparison.resources().stream()
                .filter(state -> state.difference() == Difference.MISSING && state.id() != null)
                .toList();
        List<ObjectId> ids = missing.stream().map(ResourceState::id).toList();
        long now = nanoTime.getAsLong();
        Answer last = answers.get(desired.application());
        if (last != null
                && last.hash().equals(desired.hash())
                && last.asked().equals(ids)
                && now - last.at() < MAX_AGE.toNanos()) {
            return last.findings();
        }
        Findings findings = ask(desired, missing, newNamespace);
        answers.put(desired.application(), new Answer(desired.hash(), ids, findings, now));
        return findings;
    }

    private Findings ask(DesiredState desired, List<ResourceState> missing, @CheckForNull String newNamespace)
            throws ClusterException {
        Set<ObjectId> existing = new HashSet<>();
        for (TrialResult trialResult : all(missing, state -> api.head(state.id()))) {
            if (trialResult.failure() == null) {
                existing.add(trialResult.state().id());
            } else if (!trialResult.failure().isNotFound()) {
                throw trialResult.failure();
            }
        }
        List<ResourceState> fresh =
                missing.stream().filter(state -> !existing.contains(state.id())).toList();
        return new Findings(existing, refused(desired, fresh, newNamespace));
    }

    /** The objects that would not be created, as far as the agent's account may perform the dry run. */
    private Map<ObjectId, String> refused(
            DesiredState desired, List<ResourceState> fresh, @CheckForNull String newNamespace)
            throws ClusterException {
        Set<String> newNamespaces = fresh.stream()
                .filter(state -> state.kindName().equals("Namespace"))
                .map(ResourceState::name)
                .collect(Collectors.toSet());
        if (newNamespace != null) {
            newNamespaces.add(newNamespace);
        }
        // A dry run creates no namespace, so objects in a new namespace cannot be tried.
        List<ResourceState> triable = fresh.stream()
                .filter(state ->
                        !newNamespaces.contains(String.valueOf(state.id().namespace())))
                .toList();
        Map<ObjectId, String> refused = new HashMap<>();
        for (TrialResult trialResult :
                all(triable, state -> api.apply(state.id(), manifests.apply(desired, state), true, true))) {
            ClusterException failure = trialResult.failure();
            // The status of an unknown field is also 500.
            if (failure != null && failure.code() == 0) {
                throw failure;
            }
            if (failure != null && !failure.isUnauthorized("patch") && !failure.isUnauthorized("create")) {
                refused.put(trialResult.state().id(), failure.getMessage());
            }
        }
        return refused;
    }

    /** @param failure null if the request succeeded */
    private record TrialResult(
            ResourceState state, @CheckForNull ClusterException failure) {}

    private static List<TrialResult> all(
            List<ResourceState> states, Function<ResourceState, CompletableFuture<Map<String, Object>>> request) {
        Map<ResourceState, ClusterException> failures = new LinkedHashMap<>();
        for (int from = 0; from < states.size(); from += MAX_PARALLEL) {
            Map<ResourceState, CompletableFuture<Map<String, Object>>> batch = new LinkedHashMap<>();
            states.subList(from, Math.min(states.size(), from + MAX_PARALLEL))
                    .forEach(state -> batch.put(state, request.apply(state)));
            batch.forEach((state, answer) -> failures.put(state, failure(answer)));
        }
        return failures.entrySet().stream()
                .map(entry -> new TrialResult(entry.getKey(), entry.getValue()))
                .toList();
    }

    @CheckForNull
    private static ClusterException failure(CompletableFuture<Map<String, Object>> answer) {
        try {
            ClusterApi.await(answer);
            return null;
        } catch (ClusterException e) {
            return e;
        }
    }
}
