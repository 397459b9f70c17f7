package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Fields whose values may be anywhere in the file. */
final class PlacedFields implements HelmFields {
    private final String path;
    private final Map<String, FieldValue> values = new LinkedHashMap<>();

    /** @param path for messages */
    PlacedFields(String path) {
        this.path = path;
    }

    PlacedFields with(String field, Optional<? extends FieldValue> value) {
        value.ifPresent(found -> values.put(field, found));
        return this;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    @Override
    public Optional<FieldValue> value(String field) {
        return Optional.ofNullable(values.get(field));
    }

    @Override
    public byte[] insert(String sibling, String field, String value) throws UserErrorException {
        throw new UserErrorException(location(), path + " has no " + field, "Write " + field + ": \"\" in Git first");
    }

    @Override
    public void requireText(String field, String value) {
        // Values that YAML could read as another type are quoted.
    }

    @Override
    public SourceLocation location() {
        return values.values().iterator().next().location();
    }
}
