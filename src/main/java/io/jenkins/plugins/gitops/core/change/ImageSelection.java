package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Selects images of a target by name: the name under which they run, or the name in the manifests. */
final class ImageSelection {
    private ImageSelection() {}

    static boolean isCalled(ImageEntry entry, String name) {
        return entry.key().equals(name) || entry.image().name().equals(name);
    }

    /**
     * The names under which the selected images run.
     *
     * @param names at least one
     * @param before names under which images ran that the target no longer has
     * @throws UserErrorException when the target has no image with one of the names
     */
    static Set<String> runningNames(Target target, List<ImageEntry> entries, Set<String> before, List<String> names)
            throws UserErrorException {
        Set<String> running = new LinkedHashSet<>();
        for (String name : names) {
            List<String> found = entries.stream()
                    .filter(entry -> isCalled(entry, name))
                    .map(ImageEntry::image)
                    .map(ImageReference::name)
                    .toList();
            if (found.isEmpty() && !before.contains(name)) {
                throw noSuchImage(target, name, entries, null);
            }
            running.addAll(found.isEmpty() ? List.of(name) : found);
        }
        return running;
    }

    /** @param place where the target lists the image without setting a tag; null when it does not list it */
    static UserErrorException noSuchImage(
            Target target, String name, List<ImageEntry> entries, @CheckForNull SourceLocation place) {
        if (place != null) {
            return new UserErrorException(
                    place, target.id() + " sets no tag of image " + name + " here", "Set it with gitopsSetImage first");
        }
        List<String> known =
                entries.stream().map(entry -> entry.image().name()).distinct().toList();
        return new UserErrorException(
                target.id() + " sets no image " + name,
                known.isEmpty() ? "Set one with gitopsSetImage first" : "Use one of " + NameList.list(known));
    }
}
