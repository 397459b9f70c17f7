package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
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

    /** Whether one of the words of a text is such a name: {@code prod}, {@code prod-eu}, {@code eu_staging}. */
    static boolean isLike(String text) {
        return certainty(text) > 0;
    }

    /** How certain it is that a text is the name of an environment: 2 is such a name, 1 contains one, 0 does not. */
    static int certainty(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (ORDER.contains(name)) {
            return 2;
        }
        return Arrays.stream(name.split("[-_.]")).anyMatch(ORDER::contains) ? 1 : 0;
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
