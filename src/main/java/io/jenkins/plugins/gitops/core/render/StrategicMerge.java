package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Node.Kind;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * kustomize's strategic merge. It walks both trees, also where the patch says nothing: on the way it drops fields that
 * have no value at all, and merges elements of a list that have the same key. The patch is used up.
 */
final class StrategicMerge {
    /** A null that was written out and that no patch touches stays; a field without any value does not. */
    private static final Node KEEP = Node.map();

    private final SourceLocation at;

    private StrategicMerge(SourceLocation at) {
        this.at = at;
    }

    /**
     * Merges the patch into the target, in place.
     *
     * @param at to blame where a node has no place of its own
     * @return whether the target is still there
     */
    static boolean apply(Node target, Node patch, SourceLocation at) throws RefusedException {
        return new StrategicMerge(at).merge(target, patch, null) != null;
    }

    /** The merged node; null to clear the place. */
    @CheckForNull
    Node merge(@CheckForNull Node target, @CheckForNull Node patch, @CheckForNull MergeSchema known)
            throws RefusedException {
        Kind kind = kind(target, patch);
        if (kind == null || kind == Kind.MAP) {
            return mergeMaps(target, patch, schema(target, patch, known));
        }
        if (kind == Kind.SCALAR) {
            return patch != null ? patch : target;
        }
        if (known == null || !known.isMerged()) {
            return patch != null ? patch : target;
        }
        return mergeLists(target, patch, known);
    }

    /** Of the first that is there; both must be of it. */
    @CheckForNull
    private Kind kind(@CheckForNull Node target, @CheckForNull Node patch) throws RefusedException {
        if (Node.isMissingOrNull(target)) {
            return Node.isMissingOrNull(patch) ? null : patch.kind();
        }
        if (!Node.isMissingOrNull(patch) && patch.kind() != target.kind()) {
            throw new RefusedException(
                    patch.location(at),
                    "the patch has a " + name(patch) + " where the resource has a " + name(target),
                    "Write a " + name(target) + " here, or delete the field in a patch before");
        }
        return target.kind();
    }

    RefusedException refuse(Node node, String what) {
        return new RefusedException(node.location(at), what, "Mend the resource or the patch");
    }

    private static String name(Node node) {
        return switch (node.kind()) {
            case MAP -> "map";
            case LIST -> "list";
            case SCALAR -> "single value";
        };
    }

    /** A map without a known type may be a whole object of a known kind. */
    @CheckForNull
    private static MergeSchema schema(
            @CheckForNull Node target, @CheckForNull Node patch, @CheckForNull MergeSchema known) {
        if (known != null) {
            return known;
        }
        MergeSchema schema = ofObject(target);
        return schema != null ? schema : ofObject(patch);
    }

    @CheckForNull
    private static MergeSchema ofObject(@CheckForNull Node node) {
        if (node == null
                || node.textOf("kind").isEmpty()
                || node.textOf("apiVersion").isEmpty()) {
            return null;
        }
        return MergeSchema.ofKind(Gvk.of(node.textOf("apiVersion"), node.textOf("kind")));
    }

    @CheckForNull
    private Node mergeMaps(@CheckForNull Node target, @CheckForNull Node patch, @CheckForNull MergeSchema schema)
            throws RefusedException {
        Node result = resultOfMaps(target, patch);
        if (result == null || result == KEEP) {
            return result;
        }
        for (String name : names(result, patch)) {
            MergeSchema fieldSchema = schema == null ? null : schema.field(name);
            Node merged = merge(result.get(name), patch == null ? null : patch.get(name), fieldSchema);
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

    private static Set<String> names(Node result, @CheckForNull Node patch) {
        Set<String> names = new LinkedHashSet<>(result.fields().keySet());
        if (patch != null) {
            names.addAll(patch.fields().keySet());
        }
        return names;
    }

    @CheckForNull
    private Node resultOfMaps(@CheckForNull Node target, @CheckForNull Node patch) throws RefusedException {
        if (Node.isMissingOrNull(target)) {
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

    private PatchDirective directiveOfNew(Node patch) throws RefusedException {
        return PatchDirective.takeFromMap(patch, at);
    }

    @CheckForNull
    private static Node chosen(PatchDirective directive, Node target, Node patch) {
        return switch (directive) {
            case DELETE -> null;
            case REPLACE -> patch;
            case MERGE -> target;
        };
    }

    @CheckForNull
    private Node mergeLists(@CheckForNull Node target, @CheckForNull Node patch, MergeSchema schema)
            throws RefusedException {
        Node result;
        if (Node.isMissingOrNull(target)) {
            result = patch;
        } else if (patch == null) {
            result = target;
        } else if (patch.isNull()) {
            result = null;
        } else {
            result = chosen(PatchDirective.takeFromList(patch, at), target, patch);
        }
        return result == null ? null : new KeyedLists(this, result, patch, schema).merge();
    }
}
