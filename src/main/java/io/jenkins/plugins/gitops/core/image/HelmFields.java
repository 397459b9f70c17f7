package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.YamlWay;
import java.util.Optional;

/** The values below one image path: {@code registry}, {@code repository}, {@code tag} and {@code digest}. */
interface HelmFields {
    /** The value of a field; empty when the file does not hold it. */
    Optional<YamlWay> value(String field) throws RefusedException;

    /** The file's bytes with a field that it did not hold, behind one that it does. */
    byte[] insert(String sibling, String field, String value) throws RefusedException;

    /** Refuses a value that Helm would not take as a text here. */
    void requireText(String field, String value) throws RefusedException;

    SourceLocation location();
}
