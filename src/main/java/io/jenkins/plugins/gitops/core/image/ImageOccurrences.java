package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;

/** What one kind of file sets: its places, and how one is added. */
interface ImageOccurrences {
    /** In the order of the file. */
    List<ImageOccurrence> all() throws UserErrorException;

    /** All places of images, also those that are not named; an anchor that is used at places of one image is set with it. */
    default List<ImageOccurrence> everywhere() throws UserErrorException {
        return all();
    }

    /** The file's bytes with a new place for an image that has none. */
    byte[] add(ImageUpdateSpec setting) throws UserErrorException;

    /** That no place is called so, with the way out. */
    UserErrorException noSuchImage(String called) throws UserErrorException;
}
