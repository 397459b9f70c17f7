package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlWay;
import java.util.Optional;

/** An image that stands in one text. */
final class TextPlace implements ImagePlace {
    private final YamlWay way;
    private final ImageText text;
    private final String key;
    /** Whether a name in front of the image can keep it known when the image is pulled from elsewhere. */
    private final boolean keyed;

    private TextPlace(YamlWay way, ImageText text, String key, boolean keyed) {
        this.way = way;
        this.text = text;
        this.key = key;
        this.keyed = keyed;
    }

    /** {@code image:} of a container; empty when it is no image. */
    static Optional<ImagePlace> container(YamlWay way) {
        return ImageText.parse(way.scalar(), false).map(text -> new TextPlace(way, text, text.runningName(), false));
    }

    /** An item {@code [key=]name[:tag][@digest]} of an Argo CD Application; empty when it is no image. */
    static Optional<ImagePlace> kustomize(YamlWay way) {
        return ImageText.parse(way.scalar(), true)
                .map(text -> new TextPlace(way, text, text.key() == null ? text.name() : text.key(), true));
    }

    /**
     * A whole image in Helm values. Without tag and digest it is none: the chart takes those from somewhere else.
     *
     * @param path by which the chart calls it
     */
    static Optional<ImagePlace> helm(YamlWay way, String path) {
        return ImageText.parse(way.scalar(), false)
                .filter(text -> text.image() != null)
                .map(text -> new TextPlace(way, text, path, false));
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean isCalled(String name) {
        return name.equals(text.runningName()) || keyed && name.equals(key);
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
    public Optional<byte[]> step(ImageSetting setting) throws RefusedException {
        ImageText wanted = text.with(setting);
        boolean renamed = keyed && text.key() == null && !wanted.name().equals(text.name());
        String written = (renamed ? text.name() + "=" : "") + wanted;
        Scalar place = way.ownScalar("image " + text.runningName());
        return way.text().holds(place, written)
                ? Optional.empty()
                : Optional.of(way.text().replaceScalar(place, written));
    }
}
