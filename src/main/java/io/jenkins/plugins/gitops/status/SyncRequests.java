package io.jenkins.plugins.gitops.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.util.AtomicFileWriter;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What agents of this project are asked to sync; each of them is told in the answers to its reports until it has done so.
 * Stored at once, so that a restart loses no request.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class SyncRequests {
    private static final Logger LOGGER = Logger.getLogger(SyncRequests.class.getName());
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    /** Nobody means a sync any more that has not come by then. */
    static final Duration LIFE = Duration.ofMinutes(10);
    /** More than these would only be made by mistake. */
    static final int MOST = 1000;

    private final Path folder = Jenkins.get().getRootDir().toPath().resolve("gitops");
    private final Path file = folder.resolve("sync-requests.json");
    private final Map<Key, Request> open = new LinkedHashMap<>();

    public SyncRequests() {
        load();
    }

    public static SyncRequests get() {
        return ExtensionList.lookupSingleton(SyncRequests.class);
    }

    private record Key(String agent, String application) {}

    /**
     * One request, as it is stored.
     *
     * @param revision what is to be synced, or anything after it
     * @param at when it was made
     * @param told whether the agent was told once
     * @param known start of the operation that the agent had reported when it was told first; null for none
     */
    private record Request(
            String agent,
            String application,
            String repository,
            String revision,
            String at,
            boolean told,
            @CheckForNull String known) {
        Key key() {
            return new Key(agent, application);
        }

        /** Whether it says all that is needed; a file may have been damaged. */
        boolean isWhole() {
            return agent != null && application != null && repository != null && revision != null && at != null;
        }

        boolean isOver(Instant now) {
            return Duration.between(Instant.parse(at), now).abs().compareTo(LIFE) > 0;
        }

        Request told(@CheckForNull String operation) {
            return new Request(agent, application, repository, revision, at, true, operation);
        }
    }

    /**
     * Asks; the same application again takes the place of the former request.
     *
     * @param application as the agent calls it
     * @param repository name of the configured repository
     * @param revision the newest of the branch, 40 hex digits
     * @throws RefusedException when there are too many requests already
     * @throws IOException when it cannot be stored; then nothing is asked
     */
    public void request(String agent, String application, String repository, String revision, Instant now)
            throws RefusedException, IOException {
        Request request = new Request(agent, application, repository, revision, now.toString(), false, null);
        synchronized (open) {
            open.values().removeIf(r -> r.isOver(now));
            if (open.size() >= MOST && !open.containsKey(request.key())) {
                throw new RefusedException(
                        open.size() + " requests to sync wait for their agents already", "Try again in some minutes");
            }
            Request before = open.put(request.key(), request);
            try {
                store();
            } catch (IOException e) {
                if (before == null) {
                    open.remove(request.key());
                } else {
                    open.put(request.key(), before);
                }
                throw e;
            }
        }
    }

    /** What an agent is to be told in the answer to its report: names of its applications. What it has done is dropped. */
    List<String> answer(String agent, Report report, Instant now) {
        synchronized (open) {
            if (open.keySet().stream().noneMatch(k -> k.agent().equals(agent))) {
                return List.of();
            }
            Map<String, Report.ApplicationStatus> reported = report.applications().stream()
                    .collect(Collectors.toMap(Report.ApplicationStatus::name, s -> s, (one, other) -> one));
            List<String> names = new ArrayList<>();
            boolean changed = open.values().removeIf(r -> r.isOver(now) || isDone(r, agent, reported));
            for (Request request : List.copyOf(open.values())) {
                Report.ApplicationStatus status = reported.get(request.application());
                if (request.agent().equals(agent) && status != null) {
                    names.add(request.application());
                    if (!request.told()) {
                        open.put(request.key(), request.told(startOf(status)));
                        changed = true;
                    }
                }
            }
            if (changed) {
                storeIfPossible();
            }
            return names;
        }
    }

    /** A sync has begun since the agent was told, or it found that there is nothing to sync. */
    private static boolean isDone(Request request, String agent, Map<String, Report.ApplicationStatus> reported) {
        Report.ApplicationStatus status =
                request.told() && request.agent().equals(agent) ? reported.get(request.application()) : null;
        if (status == null) {
            return false;
        }
        String start = startOf(status);
        return start != null && !start.equals(request.known())
                || SyncState.of(status.sync()) == SyncState.SYNCED && includes(request, status.comparedRevision());
    }

    private static boolean includes(Request request, @CheckForNull String revision) {
        try {
            ConfigRepository clone =
                    Repositories.get().open(GitopsConfiguration.get().repository(request.repository()));
            return revision != null
                    && clone.contains(revision)
                    && clone.contains(request.revision())
                    && clone.isAncestor(request.revision(), revision);
        } catch (RefusedException | IOException e) {
            LOGGER.log(Level.FINE, e, () -> "cannot tell whether " + request.application() + " is synced");
            return false;
        }
    }

    @CheckForNull
    private static String startOf(Report.ApplicationStatus status) {
        Report.Operation operation = status.operation();
        return operation == null ? null : operation.startedAt();
    }

    private void store() throws IOException {
        Files.createDirectories(folder);
        try (AtomicFileWriter writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            writer.write(JSON.writeValueAsString(open.values()));
            writer.commit();
        }
    }

    /** Without it a restart makes an agent be told once more, which does no harm. */
    private void storeIfPossible() {
        try {
            store();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> file + " could not be written");
        }
    }

    private void load() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (Request request : JSON.readValue(Files.readAllBytes(file), Request[].class)) {
                if (request != null && request.isWhole() && !request.isOver(Instant.now())) {
                    open.put(request.key(), request);
                }
            }
        } catch (IOException | DateTimeException e) {
            open.clear();
            LOGGER.log(Level.WARNING, e, () -> file + " is not readable; what was asked for has to be asked for again");
        }
    }
}
