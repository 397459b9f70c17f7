package io.jenkins.plugins.gitops.core.model;

import java.util.Locale;
import java.util.Set;

/** Ids that stand for a person, and those that stand for nobody. */
public final class UserIds {
    /** What Jenkins calls a visitor without a name, and itself. */
    private static final Set<String> NOBODY = Set.of("anonymous", "system");

    private UserIds() {}

    /** Whether the id can be that of a person: builds that a timer or a push started have none. */
    public static boolean isPerson(String id) {
        return !id.isBlank() && !NOBODY.contains(id.strip().toLowerCase(Locale.ROOT));
    }
}
