package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that environments usually have, in the order in which changes usually reach them. */
final class WellKnownEnvironments {
    private static final List<String> ORDER = List.of(
            "dev",
            "development",
            "int",
            "integration",
            "test",
            "testing",
            "qa",
            "uat",
            "stage",
            "staging",
            "preprod",
            "prod",
            "production");

    private WellKnownEnvironments() {}

    static List<String> names() {
        return ORDER;
    }

    /** In the usual order, whatever their case; other names after them, by name. */
    static int compare(String one, String other) {
        return Comparator.comparingInt(WellKnownEnvironments::rank)
                .thenComparing(Comparator.naturalOrder())
                .compare(one, other);
    }

    private static int rank(String name) {
        int rank = ORDER.indexOf(name.toLowerCase(Locale.ROOT));
        return rank < 0 ? ORDER.size() : rank;
    }

    /** The longest of these environments that the text ends with, alone or behind a hyphen; null when there is none. */
    @CheckForNull
    static String suffix(Collection<String> environments, String text) {
        return environments.stream()
                .filter(env -> text.equals(env) || text.endsWith("-" + env))
                .max(Comparator.comparingInt(String::length))
                .orElse(null);
    }
}
