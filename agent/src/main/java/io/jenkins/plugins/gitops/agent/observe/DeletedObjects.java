package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recently deleted objects, so that waits for them can report the deletion. Lost on restart. */
final class DeletedObjects {
    private static final Duration RETENTION = Duration.ofHours(1);
    private static final int MAX_OBJECTS = 200;

    /** Guarded by itself. */
    private final Map<FluxRef, DeletedObject> objects = new LinkedHashMap<>();

    private record DeletedObject(FluxObject object, String repository, Instant at) {}

    void add(FluxObject object, @CheckForNull FluxSource source, Instant at) {
        if (source == null || source.url() == null) {
            return;
        }
        synchronized (objects) {
            objects.put(object.ref(), new DeletedObject(object, source.url(), at));
            if (objects.size() > MAX_OBJECTS) {
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
        List<DeletedObject> all;
        synchronized (objects) {
            objects.values()
                    .removeIf(deletedObject -> now.isAfter(deletedObject.at().plus(RETENTION)));
            all = new ArrayList<>(objects.values());
        }
        return all.stream().map(deleted -> status(deleted, now)).toList();
    }

    private static ApplicationStatus status(DeletedObject deletedObject, Instant now) {
        FluxObject object = deletedObject.object();
        String why = object.ref() + " does not exist; it was deleted at "
                + deletedObject.at().truncatedTo(ChronoUnit.SECONDS);
        return new ApplicationStatus(
                object.ref().object(),
                deletedObject.repository(),
                object.path(),
                null,
                null,
                SyncState.UNKNOWN.wireName(),
                Health.MISSING.wireName(),
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
