package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.agent.reconcile.RenderThreads.Lane;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Checks whether a confirmed revision permits the deletion of certain objects: neither it nor any later revision may
 * contain one of them. So a confirmation that stays in Git never covers objects that are added and removed after it.
 * Not thread-safe.
 */
final class PruneConfirmation {
    /** The number of newest revisions to search for a confirmed one. */
    static final int MAX_REVISIONS = 1000;
    /** The result while the revisions are being rendered. */
    static final String PENDING = "which is being rendered";
    /** The maximum time for rendering all revisions. */
    static final Duration MAX_TIME = Duration.ofMinutes(3);

    private final GitSource git;
    private final Renderer renderer;
    private final Manifests manifests;
    private final RenderThreads threads;
    private final Clock clock;
    private final Map<ConfirmationKey, Future<Optional<String>>> answers = new HashMap<>();

    /** Reads the applications in one file. */
    @FunctionalInterface
    interface Manifests {
        List<ApplicationManifest> read(FileTree files, String file) throws IOException;
    }

    private record ConfirmationKey(String confirmed, String tip, List<ObjectId> objects) {}

    PruneConfirmation(GitSource git, Renderer renderer, Manifests manifests, RenderThreads threads, Clock clock) {
        this.git = git;
        this.renderer = renderer;
        this.manifests = manifests;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * Checks a confirmation for one application.
     *
     * @param confirmed the text of a person, normally a revision
     * @param tip 40 hex digits
     * @param source the application's manifest at the tip
     * @return null if the deletion is confirmed, {@link #PENDING} while that is unknown, otherwise why it is not
     */
    @CheckForNull
    String refusal(String confirmed, String tip, ApplicationManifest source, List<ObjectId> objects)
            throws IOException {
        ConfirmationKey confirmationKey = new ConfirmationKey(confirmed, tip, List.copyOf(objects));
        Future<Optional<String>> answer = answers.get(confirmationKey);
        if (answer == null) {
            answers.keySet().removeIf(other -> !other.tip().equals(tip));
            answer = threads.submit(Lane.NEW, source.name(), () -> Optional.ofNullable(find(confirmationKey, source)));
            answers.put(confirmationKey, answer);
        }
        return answer.isDone() ? result(confirmationKey, answer) : PENDING;
    }

    @CheckForNull
    private String result(ConfirmationKey confirmationKey, Future<Optional<String>> answer) throws IOException {
        try {
            return answer.get().orElse(null);
        } catch (ExecutionException e) {
            answers.remove(confirmationKey);
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            throw new IllegalStateException("a confirmation cannot be checked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the agent stops");
        }
    }

    @CheckForNull
    private String find(ConfirmationKey confirmationKey, ApplicationManifest source) throws IOException {
        Optional<List<String>> revisions =
                git.revisionsSince(confirmationKey.confirmed(), confirmationKey.tip(), MAX_REVISIONS);
        if (revisions.isEmpty()) {
            return "which is not among the newest " + MAX_REVISIONS + " commits of the branch";
        }
        CachedRendering rendering = new CachedRendering(renderer, RenderThreads.ofCaller(), clock);
        Instant end = clock.instant().plus(MAX_TIME);
        for (String revision : revisions.get()) {
            if (clock.instant().isAfter(end)) {
                return "but it and the commits after it take longer than " + MAX_TIME.toMinutes()
                        + " minutes to render";
            }
            Optional<DesiredState> state = at(rendering, revision, source);
            if (state.isEmpty()) {
                return "but the application cannot be rendered at " + brief(revision);
            }
            Optional<ObjectId> held = confirmationKey.objects().stream()
                    .filter(id -> state.get().contains(id))
                    .findFirst();
            if (held.isPresent()) {
                return "but " + brief(revision) + " still has " + held.get();
            }
        }
        return null;
    }

    private Optional<DesiredState> at(CachedRendering rendering, String revision, ApplicationManifest now)
            throws IOException {
        FileTree files = git.files(revision);
        Optional<ApplicationManifest> then = manifests.read(files, now.file()).stream()
                .filter(source -> source.name().equals(now.name()) && source.spec() != null)
                .findFirst();
        if (then.isEmpty()) {
            return Optional.empty();
        }
        try {
            return rendering.get(
                    new RevisionTree(revision, files), now.name(), then.get().spec());
        } catch (UserErrorException e) {
            return Optional.empty();
        }
    }

    /** The first 12 digits, which are sufficient for a confirmation. */
    static String brief(String revision) {
        return ShortRevision.of(revision, 12);
    }
}
