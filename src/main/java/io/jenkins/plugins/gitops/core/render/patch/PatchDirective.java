package io.jenkins.plugins.gitops.core.render.patch;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayList;

/** The {@code $patch} directives of a strategic merge patch. Reading a directive removes it from the patch. */
enum PatchDirective {
    MERGE,
    REPLACE,
    DELETE;

    private static final String KEY = "$patch";

    /** Takes the directive of a map of the patch. */
    static PatchDirective takeFromMap(YamlValue patch, SourceLocation at) throws UserErrorException {
        YamlValue directive = patch.get(KEY);
        if (directive == null) {
            return MERGE;
        }
        PatchDirective result = parse(directive, at);
        patch.remove(KEY);
        return result;
    }

    /** Takes the directive of a list of the patch: an element with only the directive applies to the whole list. */
    static PatchDirective takeFromList(YamlValue patch, SourceLocation at) throws UserErrorException {
        for (YamlValue item : patch.items()) {
            YamlValue directive = item.get(KEY);
            if (directive == null) {
                continue;
            }
            if (item.fields().size() > 1) {
                return MERGE;
            }
            PatchDirective result = parse(directive, at);
            ArrayList<YamlValue> kept = new ArrayList<>();
            for (YamlValue other : patch.items()) {
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

    private static PatchDirective parse(YamlValue directive, SourceLocation at) throws UserErrorException {
        return switch (directive.text()) {
            case "merge" -> MERGE;
            case "replace" -> REPLACE;
            case "delete" -> DELETE;
            default ->
                throw new UserErrorException(
                        directive.location(at),
                        "$patch: " + directive.text() + " is not known",
                        "Use delete, replace or merge");
        };
    }
}
