package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.Optional;

/**
 * The fields as entries of a mapping.
 *
 * @param path for messages
 */
record HelmMapping(YamlPath way, String path) implements HelmFields {
    @Override
    public Optional<YamlPath> value(String field) {
        return way.key(field);
    }

    @Override
    public byte[] insert(String sibling, String field, String value) throws UserErrorException {
        Mapping mapping = way.ownMapping(path);
        return way.text().insertAfter(mapping, mapping.entry(sibling).orElseThrow(), field, value);
    }

    @Override
    public void requireText(String field, String value) {
        // What could be taken for something else is written in quotes.
    }

    @Override
    public SourceLocation location() {
        return way.location();
    }
}
