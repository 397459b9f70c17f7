package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An image in a single string. */
final class ScalarImageOccurrence implements ImageOccurrence {
    private final FieldValue value;
    private final ImageString text;
    private final String key;
    /**
     * Whether it is an item of a list in which a key before the image can keep the manifests' name if the name changes.
     */
    private final boolean keyed;

    private ScalarImageOccurrence(FieldValue value, ImageString text, String key, boolean keyed) {
        this.value = value;
        this.text = text;
        this.key = key;
        this.keyed = keyed;
    }

    /** {@code image:} of a container; empty when it is not an image. */
    static Optional<ImageOccurrence> container(YamlPath way) {
        return ImageString.parse(way.scalar(), false)
                .map(text -> new ScalarImageOccurrence(new ScalarValue(way), text, text.lookupName(), false));
    }

    /** An item {@code [key=]name[:tag][@digest]} of an Argo CD Application; empty when it is not an image. */
    static Optional<ImageOccurrence> kustomize(YamlPath way) {
        return ImageString.parse(way.scalar(), true)
                .map(text -> new ScalarImageOccurrence(
                        new ScalarValue(way), text, text.key() == null ? text.name() : text.key(), true));
    }

    /**
     * A whole image in Helm values; empty without tag and digest, since the chart takes those from elsewhere.
     *
     * @param path of the image in the values
     */
    static Optional<ImageOccurrence> helm(YamlPath way, String path) {
        return ImageString.parse(way.scalar(), false)
                .filter(text -> text.image() != null)
                .map(text -> new ScalarImageOccurrence(new ScalarValue(way), text, path, false));
    }

    /**
     * A whole image at a configured path, with or without a tag; empty when it is not an image.
     *
     * @param key identifies the image; null to use its name
     */
    static Optional<ImageOccurrence> whole(FieldValue value, @CheckForNull String key) {
        return ImageString.parse(value.text(), false)
                .map(text -> new ScalarImageOccurrence(value, text, key == null ? text.lookupName() : key, false));
    }

    @Override
    public boolean isExclusive() {
        return keyed;
    }

    @Override
    public List<YamlNode> nodes() {
        return value.nodes();
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public String name() {
        return text.lookupName();
    }

    @Override
    public boolean hasName(String name) {
        return name.equals(text.lookupName()) || name.equals(key);
    }

    @Override
    @CheckForNull
    public ImageReference image() {
        return text.image();
    }

    @Override
    public SourceLocation location() {
        return value.location();
    }

    @Override
    public Optional<byte[]> nextEdit(ImageUpdateSpec setting, Set<YamlNode> own) throws UserErrorException {
        ImageString wanted = text.with(setting);
        boolean renamed = keyed && text.key() == null && !wanted.name().equals(text.name());
        String written = (renamed ? text.name() + "=" : "") + wanted;
        return value.with(written, "image " + text.lookupName(), own);
    }
}
