package io.jenkins.plugins.gitops.core.image;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lists in messages what could have been meant, at most 20 names. */
public final class NameList {
    private static final int LISTED = 20;

    private NameList() {}

    /** {@code a, b, c}, or the first 20 {@code and 7 more}; each name once, in the order given. */
    public static String list(Collection<String> names) {
        Set<String> distinct = new LinkedHashSet<>(names);
        String listed = String.join(", ", distinct.stream().limit(LISTED).toList());
        int more = distinct.size() - LISTED;
        return more > 0 ? listed + " and " + more + " more" : listed;
    }
}
