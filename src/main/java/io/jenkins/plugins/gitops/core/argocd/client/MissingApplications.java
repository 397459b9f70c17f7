package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdRequests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Determines why applications that gitops.yaml names are not listed: they do not exist, or the token may not read them.
 * A list does not distinguish these cases, but a request for one application does.
 */
final class MissingApplications {
    private static final Duration INITIAL_PAUSE = Duration.ofSeconds(30);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);
    private static final int FORBIDDEN = 403;

    private final Map<String, LookupState> asked = new HashMap<>();

    private static final class LookupState {
        private Instant next = Instant.MIN;
        private Duration pause = INITIAL_PAUSE;
        private ArgoCdException reason;
    }

    /** Null if unknown. */
    @CheckForNull
    synchronized ArgoCdException reason(String application) {
        LookupState one = asked.get(application);
        return one == null ? null : one.reason;
    }

    /** Removes all others. */
    synchronized void retain(Set<String> applications) {
        asked.keySet().retainAll(applications);
    }

    /** Whether the last request was long enough ago. */
    synchronized boolean isDue(String application, Instant now) {
        return !now.isBefore(asked.computeIfAbsent(application, a -> new LookupState()).next);
    }

    private synchronized void begin(String application, Instant now) {
        LookupState one = asked.computeIfAbsent(application, a -> new LookupState());
        one.next = now.plus(one.pause);
        Duration doubled = one.pause.multipliedBy(2);
        one.pause = doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
    }

    private synchronized boolean put(String application, ArgoCdException reason) {
        LookupState one = asked.get(application);
        if (one == null) {
            return false;
        }
        boolean isNew = one.reason == null || !one.reason.getMessage().equals(reason.getMessage());
        one.reason = reason;
        return isNew;
    }

    /**
     * Requests the application in each project.
     *
     * @param application its name; if it is in another namespace than the server, {@code namespace/name}
     * @return whether the reason has changed; completes later
     */
    CompletableFuture<Boolean> lookUp(ArgoCdClient client, List<String> projects, String application, Instant now) {
        begin(application, now);
        int slash = application.indexOf('/');
        String namespace = slash < 0 ? null : application.substring(0, slash);
        String name = application.substring(slash + 1);
        List<CompletableFuture<ArgoCdException>> all = new ArrayList<>();
        for (String project : projects) {
            all.add(client.one(ArgoCdRequests.application(project, namespace, name), project, application)
                    .handle((body, error) -> error == null ? null : ArgoCdException.of(error)));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> {
            ArgoCdException reason = null;
            for (CompletableFuture<ArgoCdException> one : all) {
                ArgoCdException refusal = one.join();
                if (refusal == null) {
                    return false;
                }
                if (reason == null || refusal.status() == FORBIDDEN) {
                    reason = refusal;
                }
            }
            return reason != null && put(application, reason);
        });
    }
}
