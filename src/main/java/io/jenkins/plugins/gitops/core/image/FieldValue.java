package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One value in a file: a scalar of a YAML text, or part of a line of another text. */
interface FieldValue {
    /** The text; null when there is none. */
    @CheckForNull
    String text();

    SourceLocation location();

    /** The YAML nodes on the path to it, which other values of the file may share by anchors; empty for a line. */
    List<YamlNode> nodes();

    /**
     * The file's content with another value; empty when the value is already the same.
     *
     * @param what describes the value, for messages
     * @param own YAML nodes that are intended to change, compared by identity
     * @throws UserErrorException when another value would change, too, or the value cannot be edited safely
     */
    Optional<byte[]> with(String value, String what, Set<YamlNode> own) throws UserErrorException;
}
