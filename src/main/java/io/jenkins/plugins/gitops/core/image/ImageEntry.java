package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;

/**
 * One image that a file sets.
 *
 * @param image the image that will run: {@code newName} where the entry has one, with its tag and digest
 * @param location start of the entry
 * @param key the entry's {@code name}, which the manifests refer to; it stays the same where environments pull from
 *     different registries
 * @param named false if the name of the image is unknown, so that {@code image} has a substitute name and cannot be
 *     compared with the running images
 */
public record ImageEntry(ImageReference image, SourceLocation location, String key, boolean named) {
    /** An entry whose name is known. */
    public ImageEntry(ImageReference image, SourceLocation location, String key) {
        this(image, location, key, true);
    }
}
