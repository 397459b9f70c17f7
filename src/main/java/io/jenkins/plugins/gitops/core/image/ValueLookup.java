package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Optional;

/** Finds the values of one YAML document, or of one text of another kind, by the paths of rules. */
interface ValueLookup {
    /** Empty when there is no such value. @throws UserErrorException when two values are called so */
    Optional<? extends FieldValue> find(String path) throws UserErrorException;

    /** The image's name beside a tag; empty when there is none. */
    Optional<? extends FieldValue> nameBeside(String tagPath) throws UserErrorException;
}
