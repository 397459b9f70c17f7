package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A scalar of a YAML text. */
record ScalarValue(YamlPath way) implements FieldValue {
    @Override
    @CheckForNull
    public String text() {
        return way.scalar();
    }

    @Override
    public SourceLocation location() {
        return way.location();
    }

    @Override
    public List<YamlNode> nodes() {
        return way.nodes();
    }

    @Override
    public Optional<byte[]> with(String value, String what, Set<YamlNode> own) throws UserErrorException {
        Scalar place = way.ownScalar(what, own);
        return way.text().hasValue(place, value)
                ? Optional.empty()
                : Optional.of(way.text().replaceScalar(place, value, own));
    }
}
