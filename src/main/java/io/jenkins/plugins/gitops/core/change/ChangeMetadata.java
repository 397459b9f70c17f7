package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;

/**
 * The origin of a change, recorded in the trailers of its commit.
 *
 * @param operationId identifies the operation, which never commits twice
 * @param build that made the change, for example its URL; null outside a build
 * @param requestedBy id of the person who requested it
 * @param reason null when none was given
 * @param authors of what the change ships, each in the format of {@link #author}; empty when unknown
 */
public record ChangeMetadata(
        String operationId,
        @CheckForNull String build,
        String requestedBy,
        @CheckForNull String reason,
        List<String> authors) {
    /** Replaces the authors beyond {@link #MAX_AUTHORS}; stands for unknown authors. */
    static final String TOO_MANY = "*";

    private static final int MAX_AUTHORS = 200;

    public ChangeMetadata {
        authors = List.copyOf(authors);
    }

    /** Without authors. */
    public ChangeMetadata(
            String operationId, @CheckForNull String build, String requestedBy, @CheckForNull String reason) {
        this(operationId, build, requestedBy, reason, List.of());
    }

    /**
     * An author in the format of a trailer.
     *
     * @param name or id of a user, when there is no mail address
     * @param mail null when unknown
     */
    public static String author(String name, @CheckForNull String mail) {
        String clean = TextSanitizer.line(name).replace("<", "").replace(">", "");
        return mail == null
                ? clean
                : clean + " <" + TextSanitizer.line(mail).replace("<", "").replace(">", "") + ">";
    }

    /** Whether the trailers are those of an operation on this target. */
    public static boolean isOf(Trailers trailers, Target target) {
        return trailers.first(Trailers.OPERATION).isPresent()
                && trailers.all(Trailers.TARGET).contains(target.id());
    }

    boolean hasReason() {
        return reason != null && !reason.isBlank();
    }

    Trailers trailers(Target target) {
        Trailers trailers =
                Trailers.none().with(Trailers.OPERATION, operationId).with(Trailers.TARGET, target.id());
        if (build != null) {
            trailers = trailers.with(Trailers.BUILD, build);
        }
        trailers = trailers.with(Trailers.REQUESTED_BY, requestedBy);
        for (int i = 0; i < Math.min(authors.size(), MAX_AUTHORS); i++) {
            trailers = trailers.with(Trailers.AUTHOR, authors.get(i));
        }
        if (authors.size() > MAX_AUTHORS) {
            trailers = trailers.with(Trailers.AUTHOR, TOO_MANY);
        }
        return hasReason() ? trailers.with(Trailers.REASON, reason) : trailers;
    }
}
