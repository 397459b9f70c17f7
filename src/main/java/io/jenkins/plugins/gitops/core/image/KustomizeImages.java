package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Entry;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code images} list of a kustomization, a component or a file that holds only this list. Kustomize reads no more than
 * the first document of such a file, so nothing else is read or written here.
 */
public final class KustomizeImages {
    private static final String NEW_TAG = "newTag";
    private static final String DIGEST = "digest";

    private KustomizeImages() {}

    /** Whether the file has an {@code images} list with at least one entry. */
    public static boolean present(String file, byte[] content) throws RefusedException {
        return !ImageList.of(file, content).entries().isEmpty();
    }

    /**
     * The images that the file sets, in the order of the file. Entries that only rename an image, without tag and digest,
     * are left out. A file without {@code images} gives none.
     *
     * @param file path for messages, relative to the repository's root
     * @throws RefusedException when the file is not YAML or its {@code images} are not what kustomize reads
     */
    public static List<ImageEntry> read(String file, byte[] content) throws RefusedException {
        List<ImageEntry> images = new ArrayList<>();
        for (ImageList.Item item : ImageList.of(file, content).entries()) {
            String tag = item.text(NEW_TAG);
            String digest = item.text(DIGEST);
            if (tag != null || digest != null) {
                images.add(new ImageEntry(
                        new ImageReference(item.runningName(), tag, digest), item.location(), item.name()));
            }
        }
        return List.copyOf(images);
    }

    /**
     * Sets tag and digest of the one entry whose {@code name} or {@code newName} is the image's name. As with {@code
     * kustomize edit set image}, a tag alone removes the entry's digest, a digest alone its tag, and both set both. Only the
     * bytes of the value change; the same value gives the same bytes.
     *
     * @param file path for messages, relative to the repository's root
     * @throws RefusedException when no entry or more than one matches, an alias or merge key stands at the place, or the
     *     entry is written in a way that can't be edited without touching other bytes
     */
    public static byte[] set(String file, byte[] content, ImageReference image) throws RefusedException {
        if (image.tag() == null && image.digest() == null) {
            throw new RefusedException("No tag and no digest for image " + image.name(), "Give tag or digest");
        }
        byte[] current = content.clone();
        // Each step is made on a text parsed anew, since the places behind an edit have moved. A step never undoes
        // another.
        Optional<byte[]> next = step(file, current, image);
        while (next.isPresent()) {
            current = next.get();
            next = step(file, current, image);
        }
        return current;
    }

    /** The next edit towards the image; empty when the entry is as it should be. */
    private static Optional<byte[]> step(String file, byte[] content, ImageReference image) throws RefusedException {
        ImageList list = ImageList.of(file, content);
        ImageList.Item item = list.editable(image.name());
        Optional<byte[]> tag = write(list, item, NEW_TAG, image.tag(), DIGEST, image.digest());
        if (tag.isPresent()) {
            return tag;
        }
        Optional<byte[]> digest = write(list, item, DIGEST, image.digest(), NEW_TAG, image.tag());
        if (digest.isPresent()) {
            return digest;
        }
        String unwanted = image.tag() == null ? NEW_TAG : image.digest() == null ? DIGEST : null;
        if (unwanted == null || item.text(unwanted) == null) {
            return Optional.empty();
        }
        Entry gone = item.entry(unwanted).orElseThrow();
        return Optional.of(list.text().remove(item.mapping(), gone));
    }

    private static Optional<byte[]> write(
            ImageList list,
            ImageList.Item item,
            String key,
            @CheckForNull String value,
            String otherKey,
            @CheckForNull String otherValue)
            throws RefusedException {
        if (value == null) {
            return Optional.empty();
        }
        YamlText text = list.text();
        Optional<Entry> own = item.entry(key);
        if (own.isPresent()) {
            Scalar place = item.editable(own.get().value(), key);
            return text.holds(place, value) ? Optional.empty() : Optional.of(text.replaceScalar(place, value));
        }
        if (otherValue == null && item.text(otherKey) != null) {
            // Renaming the key keeps the line, its place and its comment; the value follows in the next step.
            Entry other = item.entry(otherKey).orElseThrow();
            item.editable(other.value(), otherKey);
            return Optional.of(text.replaceScalar(item.editable(other.key(), otherKey), key));
        }
        return Optional.of(text.insertAfter(item.mapping(), item.lastBefore(key), key, value));
    }
}
