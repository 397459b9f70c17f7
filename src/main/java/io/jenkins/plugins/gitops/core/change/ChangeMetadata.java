package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;

/**
 * Where a change comes from; goes into its trailers.
 *
 * @param operationId the same operation never commits twice
 * @param build what made it, for example a build's URL; null outside a build
 * @param requestedBy id of the person who asked
 * @param reason why; null when none was given
 * @param authors who wrote what the change ships, each as {@link #author} writes it; empty when that is not known
 */
public record ChangeMetadata(
        String operationId,
        @CheckForNull String build,
        String requestedBy,
        @CheckForNull String reason,
        List<String> authors) {
    /** In place of the authors beyond {@link #MAX_AUTHORS}: nobody knows who they are. */
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
     * An author as a trailer names one.
     *
     * @param name or id of a user, when there is no mail
     * @param mail null when it is not known
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
