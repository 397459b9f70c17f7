package io.jenkins.plugins.gitops.core.render.patch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.resource.Gvk;
import io.jenkins.plugins.gitops.core.render.resource.StrategicMergeSchema;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueKind;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * kustomize's strategic merge. It also walks the parts that the patch does not mention: there it drops fields without
 * any value, and merges elements of a list that have the same key. Consumes the patch.
 */
final class StrategicMerge {
    /** Marks an explicit null that no patch changes and that is kept, unlike a field without any value. */
    private static final YamlValue KEEP = YamlValue.map();

    private final SourceLocation at;

    private StrategicMerge(SourceLocation at) {
        this.at = at;
    }

    /**
     * Merges the patch into the target, in place.
     *
     * @param at the location for errors in nodes without a location of their own
     * @return whether the target still exists
     */
    static boolean apply(YamlValue target, YamlValue patch, SourceLocation at) throws UserErrorException {
        return new StrategicMerge(at).merge(target, patch, null) != null;
    }

    /** The merged node; null to remove it. */
    @CheckForNull
    YamlValue merge(
            @CheckForNull YamlValue target, @CheckForNull YamlValue patch, @CheckForNull StrategicMergeSchema known)
            throws UserErrorException {
        ValueKind kind = kind(target, patch);
        if (kind == null || kind == ValueKind.MAP) {
            return mergeMaps(target, patch, schema(target, patch, known));
        }
        if (kind == ValueKind.SCALAR) {
            return patch != null ? patch : target;
        }
        if (known == null || !known.isMerged()) {
            return patch != null ? patch : target;
        }
        return mergeLists(target, patch, known);
    }

    /** The kind of the target or, if that is missing, of the patch; both must have the same. */
    @CheckForNull
    private ValueKind kind(@CheckForNull YamlValue target, @CheckForNull YamlValue patch) throws UserErrorException {
        if (YamlValue.isMissingOrNull(target)) {
            return YamlValue.isMissingOrNull(patch) ? null : patch.kind();
        }
        if (!YamlValue.isMissingOrNull(patch) && patch.kind() != target.kind()) {
            throw new UserErrorException(
                    patch.location(at),
                    "the patch has a " + name(patch) + " where the resource has a " + name(target),
                    "Write a " + name(target) + " here, or delete the field in an earlier patch");
        }
        return target.kind();
    }

    UserErrorException refuse(YamlValue yamlValue, String what) {
        return new UserErrorException(yamlValue.location(at), what, "Correct the resource or the patch");
    }

    private static String name(YamlValue yamlValue) {
        return switch (yamlValue.kind()) {
            case MAP -> "map";
            case LIST -> "list";
            case SCALAR -> "single value";
        };
    }

    /** A map of unknown type may be a whole object of a known kind. */
    @CheckForNull
    private static StrategicMergeSchema schema(
            @CheckForNull YamlValue target, @CheckForNull YamlValue patch, @CheckForNull StrategicMergeSchema known) {
        if (known != null) {
            return known;
        }
        StrategicMergeSchema schema = ofObject(target);
        return schema != null ? schema : ofObject(patch);
    }

    @CheckForNull
    private static StrategicMergeSchema ofObject(@CheckForNull YamlValue yamlValue) {
        if (yamlValue == null
                || yamlValue.textOf("kind").isEmpty()
                || yamlValue.textOf("apiVersion").isEmpty()) {
            return null;
        }
        return StrategicMergeSchema.ofKind(Gvk.of(yamlValue.textOf("apiVersion"), yamlValue.textOf("kind")));
    }

    @CheckForNull
    private YamlValue mergeMaps(
            @CheckForNull YamlValue target, @CheckForNull YamlValue patch, @CheckForNull StrategicMergeSchema schema)
            throws UserErrorException {
        YamlValue result = resultOfMaps(target, patch);
        if (result == null || result == KEEP) {
            return result;
        }
        for (String name : names(result, patch)) {
            StrategicMergeSchema fieldSchema = schema == null ? null : schema.field(name);
            YamlValue merged = merge(result.get(name), patch == null ? null : patch.get(name), fieldSchema);
            if (merged == KEEP) {
                continue;
            }
            if (merged == null || merged.isNull()) {
                result.remove(name);
            } else {
                result.set(name, merged);
            }
        }
        return result;
    }

    private static Set<String> names(YamlValue result, @CheckForNull YamlValue patch) {
        Set<String> names = new LinkedHashSet<>(result.fields().keySet());
        if (patch != null) {
            names.addAll(patch.fields().keySet());
        }
        return names;
    }

    @CheckForNull
    private YamlValue resultOfMaps(@CheckForNull YamlValue target, @CheckForNull YamlValue patch)
            throws UserErrorException {
        if (YamlValue.isMissingOrNull(target)) {
            if (patch == null) {
                return target != null && !target.text().isEmpty() ? KEEP : null;
            }
            boolean deleted = patch.isMap() && directiveOfNew(patch) == PatchDirective.DELETE;
            return deleted ? null : patch;
        }
        if (patch == null) {
            return target;
        }
        if (patch.isNull()) {
            return null;
        }
        return chosen(PatchDirective.takeFromMap(patch, at), target, patch);
    }

    private PatchDirective directiveOfNew(YamlValue patch) throws UserErrorException {
        return PatchDirective.takeFromMap(patch, at);
    }

    @CheckForNull
    private static YamlValue chosen(PatchDirective directive, YamlValue target, YamlValue patch) {
        return switch (directive) {
            case DELETE -> null;
            case REPLACE -> patch;
            case MERGE -> target;
        };
    }

    @CheckForNull
    private YamlValue mergeLists(
            @CheckForNull YamlValue target, @CheckForNull YamlValue patch, StrategicMergeSchema schema)
            throws UserErrorException {
        YamlValue result;
        if (YamlValue.isMissingOrNull(target)) {
            result = patch;
        } else if (patch == null) {
            result = target;
        } else if (patch.isNull()) {
            result = null;
        } else {
            result = chosen(PatchDirective.takeFromList(patch, at), target, patch);
        }
        return result == null ? null : new AssociativeListMerge(this, result, patch, schema).merge();
    }
}
