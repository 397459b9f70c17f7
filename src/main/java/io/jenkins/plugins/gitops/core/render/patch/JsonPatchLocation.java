package io.jenkins.plugins.gitops.core.render.patch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;

/**
 * The location that the path of a JSON patch refers to; it need not exist.
 *
 * @param container a map or a list
 * @param key a field, an index (negative ones count from the end), or "-" for the position after the last element
 */
record JsonPatchLocation(YamlValue container, String key, String path, SourceLocation at) {

    /** Null if a map has no such field. */
    @CheckForNull
    YamlValue get() throws UserErrorException {
        return container.isMap()
                ? container.get(key)
                : container.items().get(index(container.items().size() - 1));
    }

    void add(YamlValue value) throws UserErrorException {
        if (container.isMap()) {
            container.fields().put(key, value);
        } else if (key.equals("-")) {
            container.items().add(value);
        } else {
            container.items().add(index(container.items().size()), value);
        }
    }

    /** Adds a missing field, as kustomize does. */
    void replace(YamlValue value) throws UserErrorException {
        if (container.isMap()) {
            container.fields().put(key, value);
        } else {
            container.items().set(index(container.items().size() - 1), value);
        }
    }

    void remove() throws UserErrorException {
        if (container.isList()) {
            container.items().remove(index(container.items().size() - 1));
        } else if (container.fields().remove(key) == null) {
            throw new UserErrorException(
                    at, "the resource has no " + path + ", so it cannot be removed", "Remove the operation");
        }
    }

    private int index(int last) throws UserErrorException {
        int index;
        try {
            index = Integer.parseInt(key);
        } catch (NumberFormatException e) {
            throw outside(last).causedBy(e);
        }
        int fromStart = index < 0 ? index + last + 1 : index;
        if (fromStart < 0 || fromStart > last) {
            throw outside(last);
        }
        return fromStart;
    }

    private UserErrorException outside(int last) {
        String what = last < 0
                ? "the list is empty, so " + path + " does not exist"
                : path + " does not exist, since the list takes indexes from 0 to " + last;
        return new UserErrorException(at, what, "Correct the path");
    }
}
