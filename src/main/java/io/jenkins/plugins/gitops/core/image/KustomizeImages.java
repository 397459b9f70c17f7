package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlInsertion;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code images} list of a kustomization, a component or a file that holds only this list. Kustomize reads no more than
 * the first document of such a file, so nothing else is read or written here.
 */
final class KustomizeImages implements ImageOccurrences {
    private static final String NEW_NAME = "newName";
    private static final String NEW_TAG = "newTag";
    private static final String DIGEST = "digest";

    private final String file;
    private final YamlText text;
    private final ImageList list;

    KustomizeImages(String file, YamlText text) throws UserErrorException {
        this.file = file;
        this.text = text;
        this.list = ImageList.of(text);
    }

    @Override
    public List<ImageOccurrence> all() throws UserErrorException {
        List<ImageOccurrence> places = new ArrayList<>();
        for (ImageList.Item item : list.entries()) {
            places.add(new ListItemOccurrence(item));
        }
        return places;
    }

    @Override
    public boolean allowsDuplicates() {
        return false;
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", setting.called());
        put(entry, NEW_NAME, setting.newName());
        put(entry, NEW_TAG, setting.tag());
        put(entry, DIGEST, setting.digest());
        YamlPath root = text.first().map(node -> YamlPath.of(text, node)).orElse(null);
        return YamlInsertion.into(text).put(root, List.of("images"), List.of(entry), "images");
    }

    private static void put(Map<String, Object> entry, String key, @CheckForNull String value) {
        if (value != null) {
            entry.put(key, value);
        }
    }

    @Override
    public UserErrorException noSuchImage(String called) {
        if (list.entries().isEmpty()) {
            return new UserErrorException(
                    SourceLocation.of(file),
                    "There is no list of images here, so nothing to set for image " + called,
                    "Add it with create: true, or add images with \"name: " + called + "\" and a newTag in Git first");
        }
        String known =
                NameList.list(list.entries().stream().map(ImageList.Item::name).toList());
        return new UserErrorException(
                list.location(),
                "There is no entry for image " + called + " here",
                "Use one of " + known + ", or add the entry with create: true");
    }

    /** One entry of the list. */
    private final class ListItemOccurrence implements ImageOccurrence {
        private final ImageList.Item item;
        private final String tag;
        private final String digest;

        private ListItemOccurrence(ImageList.Item item) throws UserErrorException {
            this.item = item;
            this.tag = item.text(NEW_TAG);
            this.digest = item.text(DIGEST);
        }

        @Override
        public String key() {
            return item.name();
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
        public Optional<byte[]> nextEdit(ImageUpdateSpec setting) throws UserErrorException {
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
                // Renaming the key keeps the line, its place and its comment; the value follows in the next step.
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
}
