package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One entry of a list of images. */
final class ListItemOccurrence implements ImageOccurrence {
    static final String NEW_NAME = "newName";
    static final String NEW_TAG = "newTag";
    static final String DIGEST = "digest";

    private final YamlText text;
    private final ImageList list;
    private final ImageList.Item item;
    private final String tag;
    private final String digest;

    private ListItemOccurrence(YamlText text, ImageList list, ImageList.Item item) throws UserErrorException {
        this.text = text;
        this.list = list;
        this.item = item;
        this.tag = item.text(NEW_TAG);
        this.digest = item.text(DIGEST);
    }

    /** The entries of a list, in its order. */
    static List<ImageOccurrence> of(YamlText text, ImageList list) throws UserErrorException {
        List<ImageOccurrence> places = new ArrayList<>();
        for (ImageList.Item item : list.entries()) {
            places.add(new ListItemOccurrence(text, list, item));
        }
        return places;
    }

    @Override
    public String key() {
        return item.name();
    }

    @Override
    public String name() {
        return item.lookupName();
    }

    @Override
    public boolean isExclusive() {
        return true;
    }

    @Override
    public boolean hasName(String name) {
        return name.equals(item.name()) || name.equals(item.lookupName());
    }

    @Override
    @CheckForNull
    public ImageReference image() {
        return tag == null && digest == null ? null : new ImageReference(item.lookupName(), tag, digest);
    }

    @Override
    public SourceLocation location() {
        return item.location();
    }

    @Override
    public Optional<byte[]> nextEdit(ImageUpdateSpec setting, Set<YamlNode> own) throws UserErrorException {
        list.refuseShared(item);
        String newName = setting.newName();
        if (newName != null && !newName.equals(item.lookupName())) {
            return set(NEW_NAME, newName);
        }
        Optional<byte[]> tagged = write(NEW_TAG, setting.tag(), DIGEST, setting.digest());
        if (tagged.isPresent()) {
            return tagged;
        }
        Optional<byte[]> pinned = write(DIGEST, setting.digest(), NEW_TAG, setting.tag());
        if (pinned.isPresent()) {
            return pinned;
        }
        String unwanted = setting.tag() == null ? NEW_TAG : setting.digest() == null ? DIGEST : null;
        if (unwanted == null || item.text(unwanted) == null) {
            return Optional.empty();
        }
        KeyValue gone = item.entry(unwanted).orElseThrow();
        return Optional.of(text.remove(item.mapping(), gone));
    }

    private Optional<byte[]> write(
            String key, @CheckForNull String value, String otherKey, @CheckForNull String otherValue)
            throws UserErrorException {
        if (value == null) {
            return Optional.empty();
        }
        if (item.entry(key).isEmpty() && otherValue == null && item.text(otherKey) != null) {
            // Renaming the key keeps the line, its position and its comment; the value follows in the next edit.
            KeyValue other = item.entry(otherKey).orElseThrow();
            item.editable(other.value(), otherKey);
            return Optional.of(text.replaceScalar(item.editable(other.key(), otherKey), key));
        }
        return set(key, value);
    }

    private Optional<byte[]> set(String key, String value) throws UserErrorException {
        Optional<KeyValue> own = item.entry(key);
        if (own.isEmpty()) {
            return Optional.of(text.insertAfter(item.mapping(), item.lastBefore(key), key, value));
        }
        Scalar place = item.editable(own.get().value(), key);
        return text.hasValue(place, value) ? Optional.empty() : Optional.of(text.replaceScalar(place, value));
    }
}
