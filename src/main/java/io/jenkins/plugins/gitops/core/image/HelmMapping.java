package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.List;
import java.util.Optional;

/**
 * The fields as entries of a mapping. If {@code image} is a plain name, it is the repository, and {@code imageTag} or
 * {@code version} next to it is the tag.
 */
record HelmMapping(YamlPath way, String path) implements HelmFields {
    private static final String IMAGE = "image";
    private static final List<String> TAGS_OF_IMAGE = List.of("imageTag", "version");

    @Override
    public Optional<ScalarValue> value(String field) {
        return way.key(key(field)).map(ScalarValue::new);
    }

    /** The key of the mapping for a field. */
    private String key(String field) {
        boolean other = way.key(field).isEmpty() && isNamedByImage();
        if (other && field.equals(HelmImageOccurrence.REPOSITORY)) {
            return IMAGE;
        }
        return other && field.equals(HelmImageOccurrence.TAG)
                ? TAGS_OF_IMAGE.stream()
                        .filter(key -> way.key(key).isPresent())
                        .findFirst()
                        .orElse(field)
                : field;
    }

    private boolean isNamedByImage() {
        return way.key(HelmImageOccurrence.REPOSITORY).isEmpty()
                && way.key(IMAGE)
                        .flatMap(image -> ImageString.parse(image.scalar(), false))
                        .filter(image -> image.image() == null)
                        .isPresent();
    }

    @Override
    public byte[] insert(String sibling, String field, String value) throws UserErrorException {
        Mapping mapping = way.ownMapping(path);
        return way.text().insertAfter(mapping, mapping.entry(key(sibling)).orElseThrow(), field, value);
    }

    @Override
    public void requireText(String field, String value) {
        // Values that YAML could read as another type are quoted.
    }

    @Override
    public SourceLocation location() {
        return way.location();
    }
}
