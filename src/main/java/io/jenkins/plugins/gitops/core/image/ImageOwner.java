package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Map;

/** Which program sets the images that a file lists. */
public enum ImageOwner {
    /** Argo CD: a document of the file is an {@code Application}, whose spec sets the images. */
    ARGO_CD,
    /** Kustomize: the file is a kustomization, a component, or a list of images for one of them. */
    KUSTOMIZE,
    /** A chart, or the file itself. */
    OTHER;

    /**
     * Determined by the content of a file.
     *
     * @param file path for messages
     * @throws UserErrorException when the file is not YAML
     */
    public static ImageOwner of(String file, byte[] content) throws UserErrorException {
        ImageOccurrences images = ImageFileKind.occurrences(file, content, ImageSearch.at(List.of()), Map.of());
        if (images instanceof ApplicationImages) {
            return ARGO_CD;
        }
        return images instanceof KustomizeImages ? KUSTOMIZE : OTHER;
    }
}
