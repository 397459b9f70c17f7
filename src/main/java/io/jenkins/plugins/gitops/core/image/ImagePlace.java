package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.Optional;

/** One place of a parsed file that sets an image. */
interface ImagePlace {
    /** As {@link ImageEntry#key}. */
    String key();

    /** Whether the image is found here by this name. */
    boolean isCalled(String name);

    /** What will run; null where the place sets neither tag nor digest. */
    @CheckForNull
    ImageReference image();

    SourceLocation location();

    /** The name that a message gives for it. */
    default String shown() {
        ImageReference image = image();
        return image == null ? key() : image.name();
    }

    /**
     * The file's bytes with the next edit towards the setting; empty when the place is as it should be. Each step is made
     * on a text parsed anew, since the places behind an edit have moved, and never undoes another.
     *
     * @throws RefusedException when the place can't be edited with certainty
     */
    Optional<byte[]> step(ImageSetting setting) throws RefusedException;
}
