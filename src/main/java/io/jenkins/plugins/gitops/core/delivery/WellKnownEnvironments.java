package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Conventional names of environments, in the usual promotion order. */
final class WellKnownEnvironments {
    private static final List<String> ORDER = List.of(
            "sandbox",
            "dev",
            "development",
            "alpha",
            "int",
            "integration",
            "test",
            "testing",
            "tst",
            "sit",
            "qa",
            "beta",
            "uat",
            "acceptance",
            "stage",
            "staging",
            "stg",
            "preprod",
            "pre-prod",
            "prod",
            "production",
            "prd");

    /** Folders beside those of environments, for what these have in common. */
    private static final Set<String> SHARED =
            Set.of("base", "bases", "common", "shared", "default", "defaults", "templates", "components");

    private WellKnownEnvironments() {}

    /** Whether a folder that is called so is not that of an environment, though it is beside them. */
    static boolean isShared(String folder) {
        return SHARED.contains(folder.toLowerCase(Locale.ROOT));
    }

    static List<String> names() {
        return ORDER;
    }

    /** Compares in the usual order, ignoring case; other names come after them, alphabetically. */
    static int compare(String one, String other) {
        return Comparator.comparingInt(WellKnownEnvironments::rank)
                .thenComparing(Comparator.naturalOrder())
                .compare(one, other);
    }

    private static int rank(String name) {
        int rank = ORDER.indexOf(name.toLowerCase(Locale.ROOT));
        return rank < 0 ? ORDER.size() : rank;
    }

    /** Whether any word of a text is such a name: {@code prod}, {@code prod-eu}, {@code eu_staging}. */
    static boolean isLike(String text) {
        return certainty(text) > 0;
    }

    /**
     * How certain it is that a text is the name of an environment: 2 if it is such a name, 1 if it contains one, else
     * 0.
     */
    static int certainty(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (ORDER.contains(name)) {
            return 2;
        }
        return Arrays.stream(name.split("[-_.]")).anyMatch(ORDER::contains) ? 1 : 0;
    }

    /**
     * The longest of these environments that the text is equal to, or ends with after a hyphen; null when there is
     * none.
     */
    @CheckForNull
    static String suffix(Collection<String> environments, String text) {
        return environments.stream()
                .filter(env -> text.equals(env) || text.endsWith("-" + env))
                .max(Comparator.comparingInt(String::length))
                .orElse(null);
    }
}
