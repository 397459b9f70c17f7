package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Details;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects that were deleted a while ago, so that whoever waits for them is told so. Forgotten by a restart. */
final class DeletedObjects {
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int MOST = 200;

    /** Guarded by itself. */
    private final Map<FluxRef, Deleted> objects = new LinkedHashMap<>();

    private record Deleted(FluxObject object, String repository, Instant at) {}

    void add(FluxObject object, @CheckForNull FluxSource source, Instant at) {
        if (source == null || source.url() == null) {
            return;
        }
        synchronized (objects) {
            objects.put(object.ref(), new Deleted(object, source.url(), at));
            if (objects.size() > MOST) {
                objects.remove(objects.keySet().iterator().next());
            }
        }
    }

    void remove(FluxRef ref) {
        synchronized (objects) {
            objects.remove(ref);
        }
    }

    List<ApplicationStatus> statuses(Instant now) {
        List<Deleted> all;
        synchronized (objects) {
            objects.values().removeIf(deleted -> now.isAfter(deleted.at().plus(REMEMBERED)));
            all = new ArrayList<>(objects.values());
        }
        return all.stream().map(deleted -> status(deleted, now)).toList();
    }

    private static ApplicationStatus status(Deleted deleted, Instant now) {
        FluxObject object = deleted.object();
        String why = object.ref() + " does not exist; it was deleted at "
                + deleted.at().truncatedTo(ChronoUnit.SECONDS);
        return new ApplicationStatus(
                object.ref().object(),
                deleted.repository(),
                object.path(),
                null,
                null,
                SyncState.UNKNOWN.word(),
                Health.MISSING.word(),
                null,
                List.of(),
                List.of(),
                why,
                now.toString(),
                null,
                false,
                true,
                List.of(),
                new Details(null, why, null, List.of(), List.of()),
                AgentKind.FLUX.key());
    }
}
