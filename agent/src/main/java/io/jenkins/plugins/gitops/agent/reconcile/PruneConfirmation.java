package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSource;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.agent.reconcile.RenderThreads.Lane;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
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
 * Whether a confirmed revision stands for the deletion of certain objects: neither it nor any revision after it may hold one of
 * them. So a confirmation that stays in Git never covers what is added and removed after it. Used by one thread at a time.
 */
final class PruneConfirmation {
    /** A confirmed revision is looked for among so many of the newest. */
    static final int MAX_REVISIONS = 1000;
    /** Instead of an answer: the revisions are being rendered. */
    static final String PENDING = "which is being rendered";
    /** For rendering them all. */
    static final Duration MAX_TIME = Duration.ofMinutes(3);

    private final GitSource git;
    private final Renderer renderer;
    private final Manifests manifests;
    private final RenderThreads threads;
    private final Clock clock;
    private final Map<Question, Future<Optional<String>>> answers = new HashMap<>();

    /** Reads the applications of one file. */
    @FunctionalInterface
    interface Manifests {
        List<ApplicationSource> read(FileTree files, String file) throws IOException;
    }

    private record Question(String confirmed, String tip, List<ObjectId> objects) {}

    PruneConfirmation(GitSource git, Renderer renderer, Manifests manifests, RenderThreads threads, Clock clock) {
        this.git = git;
        this.renderer = renderer;
        this.manifests = manifests;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * Asks about one application.
     *
     * @param confirmed what a person wrote, meant to be a revision
     * @param tip 40 hex digits
     * @param source the application's manifest at the tip
     * @return null when the deletion is confirmed, {@link #PENDING} while that is not known, else why it is not
     */
    @CheckForNull
    String refusal(String confirmed, String tip, ApplicationSource source, List<ObjectId> objects) throws IOException {
        Question question = new Question(confirmed, tip, List.copyOf(objects));
        Future<Optional<String>> answer = answers.get(question);
        if (answer == null) {
            answers.keySet().removeIf(other -> !other.tip().equals(tip));
            answer = threads.submit(Lane.NEW, source.name(), () -> Optional.ofNullable(find(question, source)));
            answers.put(question, answer);
        }
        return answer.isDone() ? result(question, answer) : PENDING;
    }

    @CheckForNull
    private String result(Question question, Future<Optional<String>> answer) throws IOException {
        try {
            return answer.get().orElse(null);
        } catch (ExecutionException e) {
            answers.remove(question);
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
    private String find(Question question, ApplicationSource source) throws IOException {
        Optional<List<String>> revisions = git.revisionsSince(question.confirmed(), question.tip(), MAX_REVISIONS);
        if (revisions.isEmpty()) {
            return "which is not among the newest " + MAX_REVISIONS + " commits of the branch";
        }
        Rendering rendering = new Rendering(renderer, RenderThreads.ofCaller(), clock);
        Instant end = clock.instant().plus(MAX_TIME);
        for (String revision : revisions.get()) {
            if (clock.instant().isAfter(end)) {
                return "but it and what follows takes longer than " + MAX_TIME.toMinutes() + " minutes to render";
            }
            Optional<DesiredState> state = at(rendering, revision, source);
            if (state.isEmpty()) {
                return "but the application cannot be rendered at " + brief(revision);
            }
            Optional<ObjectId> held = question.objects().stream()
                    .filter(id -> state.get().holds(id))
                    .findFirst();
            if (held.isPresent()) {
                return "but " + brief(revision) + " still holds " + held.get();
            }
        }
        return null;
    }

    private Optional<DesiredState> at(Rendering rendering, String revision, ApplicationSource now) throws IOException {
        FileTree files = git.files(revision);
        Optional<ApplicationSource> then = manifests.read(files, now.file()).stream()
                .filter(source -> source.name().equals(now.name()) && source.spec() != null)
                .findFirst();
        if (then.isEmpty()) {
            return Optional.empty();
        }
        try {
            return rendering.at(new Tip(revision, files), now.name(), then.get().spec());
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    /** Twelve digits, which are enough for a confirmation. */
    static String brief(String revision) {
        return revision.length() > 12 ? revision.substring(0, 12) : revision;
    }
}
