package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.ArrayList;

/** The {@code $patch} directives of a strategic merge patch. Reading one takes it out of the patch. */
enum PatchDirective {
    MERGE,
    REPLACE,
    DELETE;

    private static final String KEY = "$patch";

    /** Of a map of the patch. */
    static PatchDirective takeFromMap(Node patch, SourceLocation at) throws RefusedException {
        Node directive = patch.get(KEY);
        if (directive == null) {
            return MERGE;
        }
        PatchDirective result = parse(directive, at);
        patch.remove(KEY);
        return result;
    }

    /** Of a list of the patch: an element that holds nothing but the directive is meant for the whole list. */
    static PatchDirective takeFromList(Node patch, SourceLocation at) throws RefusedException {
        for (Node item : patch.items()) {
            Node directive = item.get(KEY);
            if (directive == null) {
                continue;
            }
            if (item.fields().size() > 1) {
                return MERGE;
            }
            PatchDirective result = parse(directive, at);
            ArrayList<Node> kept = new ArrayList<>();
            for (Node other : patch.items()) {
                boolean empty = other.isNull() || other.isEmptyMap();
                boolean same = other.get(KEY) != null && other.textOf(KEY).equals(directive.text());
                if (!empty && !same) {
                    kept.add(other);
                }
            }
            patch.replaceItems(kept);
            return result;
        }
        return MERGE;
    }

    private static PatchDirective parse(Node directive, SourceLocation at) throws RefusedException {
        return switch (directive.text()) {
            case "merge" -> MERGE;
            case "replace" -> REPLACE;
            case "delete" -> DELETE;
            default ->
                throw new RefusedException(
                        directive.location(at),
                        "$patch: " + directive.text() + " is not known",
                        "Use delete, replace or merge");
        };
    }
}
