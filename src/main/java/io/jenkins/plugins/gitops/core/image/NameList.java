package io.jenkins.plugins.gitops.core.image;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lists possible names in messages, at most 20. */
public final class NameList {
    private static final int LISTED = 20;

    private NameList() {}

    /** {@code a, b, c}, or the first 20 {@code and 7 more}; without duplicates, in the given order. */
    public static String list(Collection<String> names) {
        Set<String> distinct = new LinkedHashSet<>(names);
        String listed = String.join(", ", distinct.stream().limit(LISTED).toList());
        int more = distinct.size() - LISTED;
        return more > 0 ? listed + " and " + more + " more" : listed;
    }
}
