package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.List;

/** What one kind of file sets: its places, and how one is added. */
interface ImagePlaces {
    /** In the order of the file. */
    List<ImagePlace> all() throws RefusedException;

    /** Whether the file may name one image at several places, so that all of them are set at once. */
    boolean repeat();

    /** The file's bytes with a new place for an image that has none. */
    byte[] add(ImageSetting setting) throws RefusedException;

    /** That no place is called so, with the way out. */
    RefusedException missing(String called) throws RefusedException;
}
