package io.jenkins.plugins.gitops.core.model;

import java.util.Locale;
import java.util.Set;

/** Distinguishes ids of persons from other user ids. */
public final class UserIds {
    /** Jenkins' ids for anonymous visitors and for itself. */
    private static final Set<String> NOBODY = Set.of("anonymous", "system");

    private UserIds() {}

    /** Whether the id may be that of a person; builds started by a timer or a push have no such id. */
    public static boolean isPerson(String id) {
        return !id.isBlank() && !NOBODY.contains(id.strip().toLowerCase(Locale.ROOT));
    }
}
