package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.Optional;

/** An image that stands in one text. */
final class ScalarImageOccurrence implements ImageOccurrence {
    private final YamlPath way;
    private final ImageString text;
    private final String key;
    /** Whether a name in front of the image can keep it known when the image is pulled from elsewhere. */
    private final boolean keyed;

    private ScalarImageOccurrence(YamlPath way, ImageString text, String key, boolean keyed) {
        this.way = way;
        this.text = text;
        this.key = key;
        this.keyed = keyed;
    }

    /** {@code image:} of a container; empty when it is no image. */
    static Optional<ImageOccurrence> container(YamlPath way) {
        return ImageString.parse(way.scalar(), false)
                .map(text -> new ScalarImageOccurrence(way, text, text.lookupName(), false));
    }

    /** An item {@code [key=]name[:tag][@digest]} of an Argo CD Application; empty when it is no image. */
    static Optional<ImageOccurrence> kustomize(YamlPath way) {
        return ImageString.parse(way.scalar(), true)
                .map(text -> new ScalarImageOccurrence(way, text, text.key() == null ? text.name() : text.key(), true));
    }

    /**
     * A whole image in Helm values. Without tag and digest it is none: the chart takes those from somewhere else.
     *
     * @param path by which the chart calls it
     */
    static Optional<ImageOccurrence> helm(YamlPath way, String path) {
        return ImageString.parse(way.scalar(), false)
                .filter(text -> text.image() != null)
                .map(text -> new ScalarImageOccurrence(way, text, path, false));
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean hasName(String name) {
        return name.equals(text.lookupName()) || keyed && name.equals(key);
    }

    @Override
    @CheckForNull
    public ImageReference image() {
        return text.image();
    }

    @Override
    public SourceLocation location() {
        return way.location();
    }

    @Override
    public Optional<byte[]> nextEdit(ImageUpdateSpec setting) throws UserErrorException {
        ImageString wanted = text.with(setting);
        boolean renamed = keyed && text.key() == null && !wanted.name().equals(text.name());
        String written = (renamed ? text.name() + "=" : "") + wanted;
        Scalar place = way.ownScalar("image " + text.lookupName());
        return way.text().hasValue(place, written)
                ? Optional.empty()
                : Optional.of(way.text().replaceScalar(place, written));
    }
}
