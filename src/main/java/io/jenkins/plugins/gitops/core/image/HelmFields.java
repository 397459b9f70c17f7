package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Optional;

/** The values of one image: {@code registry}, {@code repository}, {@code tag} and {@code digest}. */
interface HelmFields {
    /** The value of a field; empty when the file does not hold it. */
    Optional<? extends FieldValue> value(String field) throws UserErrorException;

    /** The file's bytes with a field that it did not hold, behind one that it does. */
    byte[] insert(String sibling, String field, String value) throws UserErrorException;

    /** Refuses a value that Helm would not take as a text here. */
    void requireText(String field, String value) throws UserErrorException;

    SourceLocation location();
}
