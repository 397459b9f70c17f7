package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Part of a line of a text that is not YAML. New values contain only the characters of image names, tags and digests,
 * which need no quotes in any language of such texts.
 *
 * @param start offset of its first character
 * @param end offset after its last character
 */
record LineValue(TextLines lines, int start, int end) implements FieldValue {
    @Override
    @CheckForNull
    public String text() {
        return start == end ? null : lines.text().substring(start, end);
    }

    @Override
    public SourceLocation location() {
        return lines.location(start);
    }

    @Override
    public List<YamlNode> nodes() {
        return List.of();
    }

    @Override
    public Optional<byte[]> with(String value, String what, Set<YamlNode> own) {
        return value.equals(lines.text().substring(start, end))
                ? Optional.empty()
                : Optional.of(lines.replace(start, end, value));
    }
}
