package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;

/**
 * What one image of a file shall be.
 *
 * @param called by which name the image is found
 * @param newName the name under which the image shall be pulled from now on; null keeps the name that is there
 * @param tag null takes a tag away
 * @param digest null takes a digest away
 */
public record ImageUpdateSpec(
        String called,
        @CheckForNull String newName,
        @CheckForNull String tag,
        @CheckForNull String digest) {

    /**
     * Tag and digest of the image that has this name, as {@code kustomize edit set image NAME=*:TAG} sets them.
     *
     * @throws UserErrorException when there is neither tag nor digest
     */
    public static ImageUpdateSpec of(ImageReference image) throws UserErrorException {
        return checked(image.name(), null, image);
    }

    /**
     * Name, tag and digest of the image that the manifests call {@code key} (see {@link ImageEntry#key}), as {@code
     * kustomize edit set image KEY=NAME:TAG} sets them.
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
