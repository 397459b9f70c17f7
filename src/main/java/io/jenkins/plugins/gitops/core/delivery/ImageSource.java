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
 * @param search how to find the images in the file
 * @param below the chart's default values, which the file's values override; null when there are none
 * @param base the file that sets the image of a kustomization that sets none; null when it is not known
 */
record ImageSource(
        LocatedFile file,
        ImageSearch search,
        @CheckForNull LocatedFile below,
        @CheckForNull LocatedFile base) {
    ImageSource(LocatedFile file, ImageSearch search, @CheckForNull LocatedFile below) {
        this(file, search, below, null);
    }

    /** The images that the file sets itself. */
    List<ImageEntry> images() throws UserErrorException, IOException {
        return file.images(search, below);
    }

    /** Whether the file has an occurrence of an image, with or without a tag. */
    boolean hasImages() throws UserErrorException, IOException {
        // A tag without a name is only an image by the chart's default values.
        return file.hasImages(search) || below != null && !images().isEmpty();
    }

    /** The chart's default values or the base if they are effective because the file sets no image; otherwise this source. */
    ImageSource inEffect() throws UserErrorException, IOException {
        LocatedFile values = below == null ? base : below;
        return values == null || hasImages() ? this : new ImageSource(values, search, null);
    }

    /** Opens the file for reading and writing. */
    ImageFile open() throws UserErrorException, IOException {
        return file.open(search, below);
    }
}
