package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/**
 * The new value of one image in a file.
 *
 * @param called name to find the image by
 * @param newName new name under which the image is pulled; null keeps the current name
 * @param tag null removes a tag
 * @param digest null removes a digest
 */
public record ImageUpdateSpec(
        String called,
        @CheckForNull String newName,
        @CheckForNull String tag,
        @CheckForNull String digest) {

    /**
     * Sets tag and digest of the image with this name, as {@code kustomize edit set image NAME=*:TAG} does.
     *
     * @throws UserErrorException when there is neither tag nor digest
     */
    public static ImageUpdateSpec of(ImageReference image) throws UserErrorException {
        return checked(image.name(), null, image);
    }

    /**
     * Sets name, tag and digest of the image that the manifests refer to by {@code key} (see {@link ImageEntry#key}),
     * as {@code kustomize edit set image KEY=NAME:TAG} does.
     *
     * @throws UserErrorException when there is neither tag nor digest
     */
    public static ImageUpdateSpec of(String key, ImageReference image) throws UserErrorException {
        return checked(key, image.name(), image);
    }

    private static ImageUpdateSpec checked(String called, @CheckForNull String newName, ImageReference image)
            throws UserErrorException {
        if (image.tag() == null && image.digest() == null) {
            throw new UserErrorException("No tag and no digest for image " + image.name(), "Give tag or digest");
        }
        return new ImageUpdateSpec(called, newName, image.tag(), image.digest());
    }
}
