package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One value of a file: a scalar of a YAML text, or part of a line of another text. */
interface FieldValue {
    /** The text; null when there is none. */
    @CheckForNull
    String text();

    SourceLocation location();

    /** The YAML nodes on the way to it, of which other values of the file may be made too; empty for a line. */
    List<YamlNode> nodes();

    /**
     * The file's bytes with another value; empty when it is this value already.
     *
     * @param what the place in words, for messages
     * @param own YAML nodes that are meant to change, compared by identity
     * @throws UserErrorException when another place would change too, or the value cannot be edited with certainty
     */
    Optional<byte[]> with(String value, String what, Set<YamlNode> own) throws UserErrorException;
}
