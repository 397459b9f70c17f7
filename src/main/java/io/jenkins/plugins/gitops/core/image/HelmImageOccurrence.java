package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.List;
import java.util.Optional;

/** An image in Helm values, in fields of its own. */
final class HelmImageOccurrence implements ImageOccurrence {
    static final String REPOSITORY = "repository";
    private static final String REGISTRY = "registry";
    private static final String TAG = "tag";
    private static final String DIGEST = "digest";
    private static final List<String> FIELDS = List.of(REGISTRY, REPOSITORY, TAG, DIGEST);

    private final HelmFields fields;
    private final String path;
    private final String name;
    private final String tag;
    private final String digest;

    /** Whether the tag's text holds the digest too, behind {@code @}, for charts that know no digest. */
    private final boolean joined;

    private HelmImageOccurrence(
            HelmFields fields, String path, String name, @CheckForNull String tag, @CheckForNull String digest) {
        this.fields = fields;
        this.path = path;
        this.name = name;
        int at = tag == null || digest != null ? -1 : tag.indexOf('@');
        this.joined = at >= 0;
        this.tag = at == 0 ? null : joined ? tag.substring(0, at) : tag;
        this.digest = joined ? tag.substring(at + 1) : digest;
    }

    /**
     * Empty when none of the fields but {@code registry} has a text.
     *
     * @param path by which the chart calls the image
     * @param chartName the name out of the chart's own values, for a file that does not say it; null when it is not known
     *     and the image goes by its path
     */
    static Optional<ImageOccurrence> of(HelmFields fields, String path, @CheckForNull String chartName)
            throws UserErrorException {
        String name = name(fields);
        String tag = text(fields, TAG);
        String digest = text(fields, DIGEST);
        if (name == null && tag == null && digest == null) {
            return Optional.empty();
        }
        String known = name != null ? name : chartName != null ? chartName : path;
        return Optional.of(new HelmImageOccurrence(fields, path, known, tag, digest));
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
        return fields.value(field).map(YamlPath::scalar).orElse(null);
    }

    @Override
    public String key() {
        return path;
    }

    @Override
    public boolean hasName(String called) {
        return called.equals(name);
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
    public Optional<byte[]> nextEdit(ImageUpdateSpec setting) throws UserErrorException {
        String newName = setting.newName();
        Optional<byte[]> renamed = newName == null || newName.equals(name) ? Optional.empty() : rename(newName);
        if (renamed.isPresent()) {
            return renamed;
        }
        if (joined && setting.tag() != null && setting.digest() != null) {
            return write(TAG, setting.tag() + "@" + setting.digest());
        }
        Optional<byte[]> tagged = write(TAG, setting.tag());
        return tagged.isPresent() ? tagged : write(DIGEST, setting.digest());
    }

    private Optional<byte[]> rename(String newName) throws UserErrorException {
        String registry = text(fields, REGISTRY);
        if (registry != null && !newName.startsWith(registry + "/")) {
            throw new UserErrorException(
                    location(),
                    path + " is pulled from registry " + registry + ", which " + newName + " does not begin with",
                    "Change registry and repository in Git first");
        }
        return write(REPOSITORY, registry == null ? newName : newName.substring(registry.length() + 1));
    }

    /** The next edit of a field; null takes its value away but leaves the field, since the chart may have a default. */
    private Optional<byte[]> write(String field, @CheckForNull String value) throws UserErrorException {
        YamlPath way = fields.value(field).orElse(null);
        if (way == null || value == null && way.scalar() == null) {
            return way == null && value != null ? Optional.of(insert(field, value)) : Optional.empty();
        }
        String written = value == null ? "" : value;
        fields.requireText(field, written);
        Scalar place = way.ownScalar(path + "." + field);
        return way.text().hasValue(place, written)
                ? Optional.empty()
                : Optional.of(way.text().replaceScalar(place, written));
    }

    private byte[] insert(String field, String value) throws UserErrorException {
        if (!field.equals(TAG)) {
            throw new UserErrorException(
                    location(),
                    path + " has no " + field + ", and the chart may not know it",
                    "Write " + field + ": \"\" at " + path + " in Git first");
        }
        for (int i = FIELDS.size() - 1; i >= 0; i--) {
            if (fields.value(FIELDS.get(i)).isPresent()) {
                return fields.insert(FIELDS.get(i), field, value);
            }
        }
        throw new IllegalStateException(path);
    }
}
