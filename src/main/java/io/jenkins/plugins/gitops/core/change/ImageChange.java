package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a commit did to one image, or says that it did: the value of a {@code Gitops-Image} trailer, {@code old -> new}.
 *
 * @param from null when there was none, or the commit does not say
 * @param to null when the image was taken out of the file, which no trailer says
 */
public record ImageChange(
        @CheckForNull ImageReference from, @CheckForNull ImageReference to) {
    private static final String ARROW = "-> ";

    /** Reads the trailers of a commit; a line that is no such value is left out, since anybody can write a commit. */
    public static List<ImageChange> of(Trailers trailers) {
        List<ImageChange> changes = new ArrayList<>();
        for (String value : trailers.all(Trailers.IMAGE)) {
            int arrow = value.indexOf(ARROW);
            if (arrow < 0) {
                continue;
            }
            try {
                String old = value.substring(0, arrow).trim();
                changes.add(new ImageChange(
                        old.isEmpty() ? null : ImageReference.parse(old),
                        ImageReference.parse(
                                value.substring(arrow + ARROW.length()).trim())));
            } catch (RefusedException e) {
                // not ours
            }
        }
        return changes;
    }

    @Override
    public String toString() {
        return (from == null ? "" : from + " ") + ARROW + to;
    }
}
