package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One place of a parsed file that sets an image. */
interface ImageOccurrence {
    /** As {@link ImageEntry#key}. */
    String key();

    /** The name under which the image is pulled; one of ours where {@link #isNamed} is false. */
    String name();

    /** Whether the image is found here by this name. */
    boolean hasName(String name);

    /** As {@link ImageEntry#named}. */
    default boolean isNamed() {
        return true;
    }

    /** Whether a second entry for the same image in this file is a mistake, not another place of it. */
    default boolean isExclusive() {
        return false;
    }

    /** What will run; null where the place sets neither tag nor digest. */
    @CheckForNull
    ImageReference image();

    SourceLocation location();

    /** The name that a message gives for it. */
    default String displayName() {
        return image() == null ? key() : name();
    }

    /** The YAML nodes on the ways to its values, of which other places of the file may be made too. */
    default List<YamlNode> nodes() {
        return List.of();
    }

    /**
     * The file's bytes with the next edit towards the setting; empty when the place is as it should be. Each step is made
     * on a text parsed anew, since the places behind an edit have moved, and never undoes another.
     *
     * @param own {@link #nodes} of all places that are set together, compared by identity
     * @throws UserErrorException when the place can't be edited with certainty
     */
    Optional<byte[]> nextEdit(ImageUpdateSpec setting, Set<YamlNode> own) throws UserErrorException;
}
