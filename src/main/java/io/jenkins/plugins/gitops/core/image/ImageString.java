package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image as one string: {@code [key=]name[:tag][@digest]}.
 *
 * @param key the name before the equals sign; null when there is none
 * @param name {@code *} after a key stands for the key itself
 */
record ImageString(
        @CheckForNull String key,
        String name,
        @CheckForNull String tag,
        @CheckForNull String digest) {
    private static final String SAME = "*";
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^a-z0-9]+");

    /**
     * Empty when the text is not an image, for example a variable.
     *
     * @param keyed whether a key and an equals sign are allowed
     */
    static Optional<ImageString> parse(@CheckForNull String text, boolean keyed) {
        if (text == null) {
            return Optional.empty();
        }
        int equals = keyed ? text.indexOf('=') : -1;
        String key = equals < 0 ? null : text.substring(0, equals);
        String rest = text.substring(equals + 1);
        boolean same = key != null && (rest.equals(SAME) || rest.startsWith("*:") || rest.startsWith("*@"));
        try {
            if (key != null) {
                ImageReference.of(key, "any", null);
            }
            ImageReference image = reference(same ? key + rest.substring(1) : rest);
            return Optional.of(new ImageString(key, same ? SAME : image.name(), image.tag(), image.digest()));
        } catch (UserErrorException notAnImage) {
            return Optional.empty();
        }
    }

    private static ImageReference reference(String text) throws UserErrorException {
        boolean bare = text.indexOf('@') < 0 && text.lastIndexOf(':') <= text.lastIndexOf('/');
        return bare
                ? new ImageReference(ImageReference.of(text, "any", null).name(), null, null)
                : ImageReference.parse(text);
    }

    /** A name for an image of which only the path is known: the path if it is a valid name, otherwise its segments. */
    static String nameOfPath(String path) {
        if (parse(path, false).filter(image -> image.image() == null).isPresent()) {
            return path;
        }
        String words = NOT_IN_NAMES.matcher(path.toLowerCase(Locale.ROOT)).replaceAll("-");
        String name = words.replaceAll("^-|-$", "");
        return name.isEmpty() ? "image" : name;
    }

    /** The name under which the image is pulled. */
    String lookupName() {
        return name.equals(SAME) && key != null ? key : name;
    }

    /** The image that will run; null when there is neither tag nor digest. */
    @CheckForNull
    ImageReference image() {
        return tag == null && digest == null ? null : new ImageReference(lookupName(), tag, digest);
    }

    ImageString with(ImageUpdateSpec setting) {
        String newName = setting.newName();
        boolean keep = newName == null || newName.equals(lookupName());
        return new ImageString(key, keep ? name : newName, setting.tag(), setting.digest());
    }

    /** In the original format. */
    @Override
    public String toString() {
        return (key == null ? "" : key + "=")
                + name
                + (tag == null ? "" : ":" + tag)
                + (digest == null ? "" : "@" + digest);
    }
}
