package io.jenkins.plugins.gitops.status.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoRequests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Why applications that gitops.yaml names are on no list: they are not there, or the token may not see them. A list does
 * not tell the one from the other, a question for one application does.
 */
final class ArgoMissing {
    private static final Duration BETWEEN = Duration.ofSeconds(30);
    private static final int FORBIDDEN = 403;

    private final Map<String, Instant> askedAt = new HashMap<>();
    private final Map<String, String> reasons = new HashMap<>();

    /** One line; null when it is not known. */
    @CheckForNull
    synchronized String reason(String application) {
        return reasons.get(application);
    }

    /** Forgets all but these. */
    synchronized void retain(Set<String> applications) {
        askedAt.keySet().retainAll(applications);
        reasons.keySet().retainAll(applications);
    }

    private synchronized boolean begin(String application, Instant now) {
        Instant last = askedAt.get(application);
        if (last != null && now.isBefore(last.plus(BETWEEN))) {
            return false;
        }
        askedAt.put(application, now);
        return true;
    }

    private synchronized boolean put(String application, String reason) {
        return !reason.equals(reasons.put(application, reason));
    }

    /**
     * Asks, unless that was done a short while ago.
     *
     * @param application its name, in an own namespace with that and a slash before it
     * @return whether there is something new to tell; completes later
     */
    CompletableFuture<Boolean> ask(ArgoClient client, List<String> projects, String application, Instant now) {
        if (!begin(application, now)) {
            return CompletableFuture.completedFuture(false);
        }
        int slash = application.indexOf('/');
        String namespace = slash < 0 ? null : application.substring(0, slash);
        String name = application.substring(slash + 1);
        List<CompletableFuture<ArgoRefusal>> all = new ArrayList<>();
        for (String project : projects) {
            all.add(client.one(ArgoRequests.application(project, namespace, name), project, application)
                    .handle((body, error) -> error == null ? null : ArgoClient.refusal(error)));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> {
            String reason = null;
            for (CompletableFuture<ArgoRefusal> one : all) {
                ArgoRefusal refusal = one.join();
                if (refusal == null) {
                    return false;
                }
                if (reason == null || refusal.status() == FORBIDDEN) {
                    reason = refusal.getMessage();
                }
            }
            return reason != null && put(application, reason);
        });
    }
}
