package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.image.ImageSearch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;

/**
 * One file that sets images of a target.
 *
 * @param search how they are found in it
 * @param below the chart's own values, which the file's values are laid over; null where they are not
 */
record ImageSource(
        LocatedFile file, ImageSearch search, @CheckForNull LocatedFile below) {
    /** The images that the file sets itself. */
    List<ImageEntry> images() throws UserErrorException, IOException {
        return file.images(search, below);
    }

    /** Whether the file has a place for an image, with or without a tag. */
    boolean hasImages() throws UserErrorException, IOException {
        return file.hasImages(search);
    }

    /** The chart's own values as they take effect where the file sets no image; this source where they do not. */
    ImageSource inEffect() throws UserErrorException, IOException {
        LocatedFile values = below;
        return values == null || hasImages() ? this : new ImageSource(values, search, null);
    }

    /** For reading and writing. */
    ImageFile open() throws UserErrorException, IOException {
        return file.open(search, below);
    }
}
