package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One occurrence of an image in a parsed file. */
interface ImageOccurrence {
    /** As {@link ImageEntry#key}. */
    String key();

    /** The name under which the image is pulled; a substitute if {@link #isNamed} is false. */
    String name();

    /** Whether this name refers to the occurrence. */
    boolean hasName(String name);

    /** As {@link ImageEntry#named}. */
    default boolean isNamed() {
        return true;
    }

    /** Whether a second entry for the same image in this file is a mistake and not another occurrence. */
    default boolean isExclusive() {
        return false;
    }

    /** The image that will run; null if neither tag nor digest is set here. */
    @CheckForNull
    ImageReference image();

    SourceLocation location();

    /** The name for messages. */
    default String displayName() {
        return image() == null ? key() : name();
    }

    /** The YAML nodes on the paths to its values, which other parts of the file may share by anchors. */
    default List<YamlNode> nodes() {
        return List.of();
    }

    /**
     * The file's content after the next edit towards the setting; empty when nothing is left to change. The text is
     * parsed again after each edit, since the positions after it have moved; no edit may undo another.
     *
     * @param own {@link #nodes} of all occurrences that are set together, compared by identity
     * @throws UserErrorException when the occurrence cannot be edited safely
     */
    Optional<byte[]> nextEdit(ImageUpdateSpec setting, Set<YamlNode> own) throws UserErrorException;
}
