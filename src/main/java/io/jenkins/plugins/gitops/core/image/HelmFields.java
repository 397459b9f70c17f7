package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Optional;

/** The fields of one image: {@code registry}, {@code repository}, {@code tag} and {@code digest}. */
interface HelmFields {
    /** The value of a field; empty when the file does not contain it. */
    Optional<? extends FieldValue> value(String field) throws UserErrorException;

    /** The file's content with a new field after an existing one. */
    byte[] insert(String sibling, String field, String value) throws UserErrorException;

    /** Rejects a value that Helm would not read as a string here. */
    void requireText(String field, String value) throws UserErrorException;

    SourceLocation location();
}
