package io.jenkins.plugins.gitops.status.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.status.StateFolder;
import io.jenkins.plugins.gitops.status.StorageFailureLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Pending sync requests to our own agents. Each response to a report of an agent contains its requests until the agent
 * has synced. Stored at once, so that no request is lost in a restart.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class SyncRequests {
    private static final Logger LOGGER = Logger.getLogger(SyncRequests.class.getName());
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    /** Requests that were not delivered within this time expire, since the sync is no longer expected by then. */
    static final Duration LIFE = Duration.ofMinutes(10);
    /** A larger number of requests indicates a mistake. */
    static final int MAX_REQUESTS = 1000;

    private static final String FILE = "sync-requests.json";

    private final Path folder = Jenkins.get().getRootDir().toPath().resolve("gitops");
    private final Path file = folder.resolve(FILE);
    private final Map<RequestKey, SyncRequest> open = new LinkedHashMap<>();
    private final AtomicBoolean storing = new AtomicBoolean();
    private final StorageFailureLog log = new StorageFailureLog(LOGGER);

    public SyncRequests() {
        load();
    }

    public static SyncRequests get() {
        return ExtensionList.lookupSingleton(SyncRequests.class);
    }

    private record RequestKey(String agent, String application) {}

    /**
     * One request, as it is stored.
     *
     * @param revision to be synced; any descendant of it will do, too
     * @param at when the request was made
     * @param told whether it was in a response to the agent
     * @param known start of the operation that the agent reported when it got the request first; null for none
     * @param prune whether resources that the revision no longer contains are to be deleted, whatever their kind
     */
    private record SyncRequest(
            String agent,
            String application,
            String repository,
            String revision,
            String at,
            boolean told,
            @CheckForNull String known,
            boolean prune) {
        RequestKey key() {
            return new RequestKey(agent, application);
        }

        /** Whether all required fields are present; the file may be damaged. */
        boolean isWhole() {
            return agent != null && application != null && repository != null && revision != null && at != null;
        }

        boolean isOver(Instant now) {
            return Duration.between(Instant.parse(at), now).abs().compareTo(LIFE) > 0;
        }

        SyncRequest told(@CheckForNull String operation) {
            return new SyncRequest(agent, application, repository, revision, at, true, operation, prune);
        }
    }

    /**
     * Requests a sync; replaces an earlier request for the same application.
     *
     * @param application by the name that the agent reports
     * @param repository name of the configured repository
     * @param revision the tip of the branch, 40 hex digits
     * @param prune whether resources that it no longer contains are to be deleted without further confirmation
     * @throws UserErrorException when too many requests are pending
     * @throws IOException when the request cannot be stored; it is discarded then
     */
    public void request(
            String agent, String application, String repository, String revision, boolean prune, Instant now)
            throws UserErrorException, IOException {
        SyncRequest request =
                new SyncRequest(agent, application, repository, revision, now.toString(), false, null, prune);
        SyncRequest before;
        synchronized (open) {
            open.values().removeIf(r -> r.isOver(now));
            if (open.size() >= MAX_REQUESTS && !open.containsKey(request.key())) {
                throw new UserErrorException(
                        open.size() + " sync requests are already pending", "Try again in some minutes");
            }
            before = open.put(request.key(), request);
        }
        try {
            store();
        } catch (IOException e) {
            takeBack(request, before);
            throw e;
        }
    }

    private void takeBack(SyncRequest request, @CheckForNull SyncRequest before) {
        synchronized (open) {
            if (open.remove(request.key(), request) && before != null) {
                open.put(request.key(), before);
            }
        }
    }

    /**
     * The applications that an agent is to sync, by name, for the response to its report. Drops requests that are done.
     */
    List<String> pendingFor(String agent, Report report, Instant now) {
        List<SyncRequest> mine;
        synchronized (open) {
            mine = open.values().stream().filter(r -> r.agent().equals(agent)).toList();
        }
        if (mine.isEmpty()) {
            return List.of();
        }
        Map<String, Report.ApplicationStatus> reported = report.applications().stream()
                .collect(Collectors.toMap(Report.ApplicationStatus::name, s -> s, (one, other) -> one));
        List<String> names = new ArrayList<>();
        boolean changed = false;
        // Git is read without holding the lock; a request that was replaced meanwhile is kept.
        for (SyncRequest request : mine) {
            Report.ApplicationStatus status = reported.get(request.application());
            if (request.isOver(now) || isDone(request, status)) {
                changed |= drop(request);
            } else if (status != null) {
                names.add(request.application());
                changed |= !request.told() && notifyAgent(request, status);
            }
        }
        if (changed) {
            storeSoon();
        }
        return names;
    }

    /** The revisions of those applications of an agent for which pruning was requested, by application. */
    Map<String, String> pruneRevisions(String agent, List<String> applications) {
        synchronized (open) {
            return applications.stream()
                    .map(application -> open.get(new RequestKey(agent, application)))
                    .filter(request -> request != null && request.prune())
                    .collect(Collectors.toMap(SyncRequest::application, SyncRequest::revision));
        }
    }

    private boolean drop(SyncRequest request) {
        synchronized (open) {
            return open.remove(request.key(), request);
        }
    }

    private boolean notifyAgent(SyncRequest request, Report.ApplicationStatus status) {
        synchronized (open) {
            return open.replace(request.key(), request, request.told(startOf(status)));
        }
    }

    /** Whether a sync has started since the agent got the request, or the agent found that it is already synced. */
    private static boolean isDone(SyncRequest request, @CheckForNull Report.ApplicationStatus status) {
        if (status == null || !request.told()) {
            return false;
        }
        String start = startOf(status);
        return start != null && !start.equals(request.known())
                || SyncState.of(status.sync()) == SyncState.SYNCED && includes(request, status.comparedRevision());
    }

    private static boolean includes(SyncRequest request, @CheckForNull String revision) {
        try {
            RepositoryConfiguration repository = GitopsConfiguration.get().repository(request.repository());
            for (RepositoryConfiguration branch : RepositoryBranches.all(repository)) {
                ConfigRepository clone = ConfigRepositories.get().open(branch);
                if (revision != null
                        && clone.contains(revision)
                        && clone.contains(request.revision())
                        && clone.isAncestor(request.revision(), revision)) {
                    return true;
                }
            }
            return false;
        } catch (UserErrorException | IOException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to determine whether " + request.application() + " is synced");
            return false;
        }
    }

    @CheckForNull
    private static String startOf(Report.ApplicationStatus status) {
        Report.OperationState operationState = status.operation();
        return operationState == null ? null : operationState.startedAt();
    }

    /** The lock is held only by writers, so that requests and responses do not wait for the disk. */
    private void store() throws IOException {
        synchronized (file) {
            List<SyncRequest> all;
            synchronized (open) {
                all = List.copyOf(open.values());
            }
            new StateFolder(folder).write(file, JSON.writeValueAsString(all));
        }
    }

    /**
     * Stores in the background: if this is lost, the agent gets a request again after a restart, which does no harm.
     */
    private void storeSoon() {
        if (!storing.compareAndSet(false, true)) {
            return;
        }
        try {
            BackgroundPools.get().storage("sync requests").execute(() -> {
                storing.set(false);
                storeIfPossible();
            });
        } catch (RejectedExecutionException e) {
            storing.set(false);
        }
    }

    private void storeIfPossible() {
        try {
            store();
            log.succeeded(FILE);
        } catch (IOException e) {
            log.failed(FILE, "after a restart agents are asked to sync again", e);
        }
    }

    private void load() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (SyncRequest request : JSON.readValue(Files.readAllBytes(file), SyncRequest[].class)) {
                if (request != null && request.isWhole() && !request.isOver(Instant.now())) {
                    open.put(request.key(), request);
                }
            }
        } catch (IOException | DateTimeException e) {
            open.clear();
            LOGGER.log(Level.WARNING, e, () -> file + " cannot be read; syncs have to be requested again");
        }
    }
}
