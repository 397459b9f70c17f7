package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An image in separate fields, as in Helm values. */
final class HelmImageOccurrence implements ImageOccurrence {
    static final String REPOSITORY = "repository";
    private static final String REGISTRY = "registry";
    static final String TAG = "tag";
    static final String DIGEST = "digest";
    private static final List<String> FIELDS = List.of(REGISTRY, REPOSITORY, TAG, DIGEST);

    private final HelmFields fields;
    private final String key;
    private final String name;
    private final boolean named;
    private final String tag;
    private final String digest;

    /** Whether the tag's text also contains the digest, after {@code @}, for charts without a digest field. */
    private final boolean joined;

    private HelmImageOccurrence(HelmFields fields, String key, String name, boolean named) throws UserErrorException {
        String text = text(fields, TAG);
        String own = text(fields, DIGEST);
        this.fields = fields;
        this.key = key;
        this.name = name;
        this.named = named;
        int at = text == null || own != null ? -1 : text.indexOf('@');
        this.joined = at >= 0;
        this.tag = at == 0 ? null : joined ? text.substring(0, at) : text;
        this.digest = joined ? text.substring(at + 1) : own;
    }

    /**
     * Empty when no field except {@code registry} has a text.
     *
     * @param path of the image in the values
     * @param chartName the name in the chart's default values, for a file without a name; null when it is unknown, so
     *     that the image is identified by its path
     */
    static Optional<ImageOccurrence> of(HelmFields fields, String path, @CheckForNull String chartName)
            throws UserErrorException {
        boolean empty = name(fields) == null && text(fields, TAG) == null && text(fields, DIGEST) == null;
        return empty ? Optional.empty() : Optional.of(of(fields, path, chartName, ImageString.nameOfPath(path)));
    }

    /**
     * An image even if some or all of the fields are missing.
     *
     * @param key identifies the image, whatever its name is
     * @param knownName used when the fields contain no name; null when unknown
     * @param unknownName used when there is no other name
     */
    static ImageOccurrence of(HelmFields fields, String key, @CheckForNull String knownName, String unknownName)
            throws UserErrorException {
        String own = name(fields);
        String known = own != null ? own : knownName;
        return new HelmImageOccurrence(fields, key, known == null ? unknownName : known, known != null);
    }

    /** {@code registry/repository} of these fields; null when there is no repository. */
    @CheckForNull
    static String name(HelmFields fields) throws UserErrorException {
        String registry = text(fields, REGISTRY);
        String repository = text(fields, REPOSITORY);
        return repository == null || registry == null ? repository : registry + "/" + repository;
    }

    @CheckForNull
    private static String text(HelmFields fields, String field) throws UserErrorException {
        return fields.value(field).map(FieldValue::text).orElse(null);
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean isNamed() {
        return named;
    }

    @Override
    public List<YamlNode> nodes() {
        List<YamlNode> nodes = new ArrayList<>();
        for (String field : List.of(TAG, DIGEST, REPOSITORY)) {
            valueOf(field).ifPresent(value -> nodes.addAll(value.nodes()));
        }
        return nodes;
    }

    private Optional<? extends FieldValue> valueOf(String field) {
        try {
            return fields.value(field);
        } catch (UserErrorException e) {
            // Rejected when it is written.
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean hasName(String called) {
        return called.equals(name) || called.equals(key);
    }

    @Override
    @CheckForNull
    public ImageReference image() {
        return tag == null && digest == null ? null : new ImageReference(name, tag, digest);
    }

    @Override
    public SourceLocation location() {
        return fields.location();
    }

    @Override
    public Optional<byte[]> nextEdit(ImageUpdateSpec setting, Set<YamlNode> own) throws UserErrorException {
        String newName = setting.newName();
        Optional<byte[]> renamed = newName == null || newName.equals(name) ? Optional.empty() : rename(newName, own);
        if (renamed.isPresent()) {
            return renamed;
        }
        if (joined && setting.tag() != null && setting.digest() != null) {
            return write(TAG, setting.tag() + "@" + setting.digest(), own);
        }
        Optional<byte[]> tagged = write(TAG, setting.tag(), own);
        return tagged.isPresent() ? tagged : write(DIGEST, setting.digest(), own);
    }

    private Optional<byte[]> rename(String newName, Set<YamlNode> own) throws UserErrorException {
        String registry = text(fields, REGISTRY);
        if (registry != null && !newName.startsWith(registry + "/")) {
            throw new UserErrorException(
                    location(),
                    key + " is pulled from registry " + registry + ", which " + newName + " does not begin with",
                    "Change registry and repository in Git first");
        }
        return write(REPOSITORY, registry == null ? newName : newName.substring(registry.length() + 1), own);
    }

    /** The next edit of a field; null clears the value but keeps the field, since the chart may have a default. */
    private Optional<byte[]> write(String field, @CheckForNull String value, Set<YamlNode> own)
            throws UserErrorException {
        FieldValue place = fields.value(field).orElse(null);
        if (place == null || value == null && place.text() == null) {
            return place == null && value != null ? Optional.of(insert(field, value)) : Optional.empty();
        }
        String written = value == null ? "" : value;
        fields.requireText(field, written);
        return place.with(written, key + "." + field, own);
    }

    private byte[] insert(String field, String value) throws UserErrorException {
        if (!field.equals(TAG)) {
            throw new UserErrorException(
                    location(),
                    key + " has no " + field + ", and the chart may not know it",
                    "Write " + field + ": \"\" at " + key + " in Git first");
        }
        for (int i = FIELDS.size() - 1; i >= 0; i--) {
            if (fields.value(FIELDS.get(i)).isPresent()) {
                return fields.insert(FIELDS.get(i), field, value);
            }
        }
        throw new IllegalStateException(key);
    }
}
