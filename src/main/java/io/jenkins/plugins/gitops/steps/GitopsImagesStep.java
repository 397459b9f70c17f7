package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** The parameters of steps that can be limited to some images of a target, by name and without tag. */
@Restricted(NoExternalUse.class)
public abstract class GitopsImagesStep extends GitopsStep {
    private String image;
    private List<String> images;

    /** The only image; null when {@code images} names several, or for all images of the target. */
    @CheckForNull
    public final String getImage() {
        return image;
    }

    @DataBoundSetter
    public final void setImage(@CheckForNull String image) {
        this.image = image;
    }

    /** Several images; null when not given. */
    @CheckForNull
    public final List<String> getImages() {
        return images == null ? null : Collections.unmodifiableList(images);
    }

    @DataBoundSetter
    public final void setImages(@CheckForNull List<String> images) {
        this.images = images == null ? null : new ArrayList<>(images);
    }

    /** Used by config.jelly: the images, one per line. */
    public final String getImageLines() {
        return images == null ? "" : String.join("\n", images);
    }

    /**
     * The image names that the two parameters specify together; empty for all images of the target.
     *
     * @param images null when not given
     * @throws UserErrorException when they contradict each other
     */
    static List<String> names(@CheckForNull String image, @CheckForNull List<String> images) throws UserErrorException {
        if (images == null) {
            return image == null ? List.of() : List.of(image);
        }
        if (image != null) {
            throw new UserErrorException("images cannot be combined with image", "Use one of them");
        }
        if (images.isEmpty()) {
            throw new UserErrorException("images is empty", "Name at least one image, or omit images for all");
        }
        return images.stream().distinct().toList();
    }
}
