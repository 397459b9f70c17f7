package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;

/**
 * One image that a file sets.
 *
 * @param image the image that will run: {@code newName} where the entry has one, with its tag and digest
 * @param location where the entry begins
 * @param key the entry's {@code name}, by which the manifests call the image; it stays the same where environments pull
 *     from different registries
 * @param named false where nothing says what the image is called, so that {@code image} has a name of ours and cannot be
 *     found among those that run
 */
public record ImageEntry(ImageReference image, SourceLocation location, String key, boolean named) {
    /** One whose name is known. */
    public ImageEntry(ImageReference image, SourceLocation location, String key) {
        this(image, location, key, true);
    }
}
