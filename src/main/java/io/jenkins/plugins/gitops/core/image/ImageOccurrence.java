package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Optional;

/** One place of a parsed file that sets an image. */
interface ImageOccurrence {
    /** As {@link ImageEntry#key}. */
    String key();

    /** Whether the image is found here by this name. */
    boolean hasName(String name);

    /** What will run; null where the place sets neither tag nor digest. */
    @CheckForNull
    ImageReference image();

    SourceLocation location();

    /** The name that a message gives for it. */
    default String displayName() {
        ImageReference image = image();
        return image == null ? key() : image.name();
    }

    /**
     * The file's bytes with the next edit towards the setting; empty when the place is as it should be. Each step is made
     * on a text parsed anew, since the places behind an edit have moved, and never undoes another.
     *
     * @throws UserErrorException when the place can't be edited with certainty
     */
    Optional<byte[]> nextEdit(ImageUpdateSpec setting) throws UserErrorException;
}
