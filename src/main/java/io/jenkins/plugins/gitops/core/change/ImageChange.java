package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a commit did to one image, according to its files or to a {@code Gitops-Image} trailer, {@code old -> new}.
 *
 * @param from null when there was none, or it is not recorded
 * @param to null when the image was removed from the file: {@code old -> (none)}
 */
public record ImageChange(
        @CheckForNull ImageReference from, @CheckForNull ImageReference to) {
    private static final String ARROW = "-> ";
    private static final String NO_IMAGE = "(none)";

    /** Parses the trailers of a commit; ignores invalid values, since any tool can write a commit. */
    public static List<ImageChange> of(Trailers trailers) {
        List<ImageChange> changes = new ArrayList<>();
        for (String value : trailers.all(Trailers.IMAGE)) {
            int arrow = value.indexOf(ARROW);
            if (arrow < 0) {
                continue;
            }
            try {
                String from = value.substring(0, arrow).trim();
                String to = value.substring(arrow + ARROW.length()).trim();
                changes.add(new ImageChange(
                        from.isEmpty() ? null : ImageReference.parse(from),
                        to.equals(NO_IMAGE) ? null : ImageReference.parse(to)));
            } catch (UserErrorException e) {
                // not written by this plugin
            }
        }
        return changes;
    }

    /** Name of the image. */
    String name() {
        ImageReference image = to == null ? from : to;
        return image == null ? "" : image.name();
    }

    @Override
    public String toString() {
        return (from == null ? "" : from + " ") + ARROW + (to == null ? NO_IMAGE : to);
    }
}
