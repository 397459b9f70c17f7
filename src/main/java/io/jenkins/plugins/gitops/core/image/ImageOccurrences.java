package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;

/** The images of one kind of file: their occurrences, and how to add one. */
interface ImageOccurrences {
    /** In the order of the file. */
    List<ImageOccurrence> all() throws UserErrorException;

    /**
     * All occurrences of images, including those at paths that are not configured; an anchor that is used at several
     * occurrences of one image is set for all of them.
     */
    default List<ImageOccurrence> everywhere() throws UserErrorException {
        return all();
    }

    /** The file's content with a new entry for an image. */
    byte[] add(ImageUpdateSpec setting) throws UserErrorException;

    /** The error, with the remedy, that no occurrence has this name. */
    UserErrorException noSuchImage(String called) throws UserErrorException;
}
