package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Optional;

/** Finds values by the paths of rules, in one YAML document or one text of another kind. */
interface ValueLookup {
    /**
     * Empty when there is no such value.
     *
     * @throws UserErrorException when two values have this path
     */
    Optional<? extends FieldValue> find(String path) throws UserErrorException;

    /** The image's name next to a tag; empty when there is none. */
    Optional<? extends FieldValue> nameBeside(String tagPath) throws UserErrorException;
}
