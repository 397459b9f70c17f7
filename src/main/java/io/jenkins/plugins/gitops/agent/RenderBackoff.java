package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What takes long to render is not rendered again at once, at whatever revision: an application gets a tenth of one thread in
 * the long run. Nothing that takes an ordinary time ever waits.
 */
final class RenderBackoff {
    /** kustomize takes less for nearly every folder there is. */
    static final Duration ORDINARY = Duration.ofSeconds(10);
    /** Times as long as it took. */
    private static final int REST = 9;

    /** By application: since when it rests and for how long, in nanoseconds. */
    private final Map<String, Rest> rests = new ConcurrentHashMap<>();

    private record Rest(long since, long length) {}

    /** @throws RefusedException while the application rests */
    void check(String application, String path, long now) throws RefusedException {
        Rest rest = rests.get(application);
        if (rest == null) {
            return;
        }
        long left = rest.length() - (now - rest.since());
        if (left > 0) {
            throw new RefusedException(
                    path + " took " + rest.length() / REST / 1_000_000_000 + " seconds to render, so it is rendered"
                            + " again only after " + (left / 1_000_000_000 + 1) + " seconds",
                    "Make it simpler, or wait");
        }
    }

    /** An application was rendered, or could not be. */
    void rendered(String application, long start, long end) {
        if (end - start > ORDINARY.toNanos()) {
            rests.put(application, new Rest(end, REST * (end - start)));
        } else {
            rests.remove(application);
        }
    }
}
