package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.KeyPath;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.Optional;

/** The values of a YAML document, by paths of keys. */
record DocumentLookup(YamlPath root) implements ValueLookup {
    @Override
    public Optional<ScalarValue> find(String path) throws UserErrorException {
        YamlPath found = KeyPath.parse(null, path).find(root).orElse(null);
        if (found != null && !(found.node() instanceof Scalar)) {
            throw new UserErrorException(
                    found.location(), path + " is not a single value", "Name the key of the value itself in images");
        }
        return Optional.ofNullable(found).map(ScalarValue::new);
    }

    @Override
    public Optional<ScalarValue> nameBeside(String tagPath) throws UserErrorException {
        return ValuesImages.name(KeyPath.parse(null, tagPath), root);
    }
}
