package io.jenkins.plugins.gitops.core.model;

import java.util.List;
import java.util.StringJoiner;

/**
 * The targets that may be changed: names of repositories, applications and environments, where {@code *} matches any
 * number of characters. An empty list does not restrict.
 */
public record AllowedTargets(List<String> repositories, List<String> applications, List<String> environments) {
    /** No restrictions. */
    public static final AllowedTargets NONE = new AllowedTargets(List.of(), List.of(), List.of());

    public AllowedTargets {
        repositories = List.copyOf(repositories);
        applications = List.copyOf(applications);
        environments = List.copyOf(environments);
    }

    /** Whether a target of a repository may be changed. */
    public boolean allows(String repository, String application, String environment) {
        return among(repositories, repository) && among(applications, application) && among(environments, environment);
    }

    /** Whether any target of a repository may be changed. */
    public boolean allowsRepository(String repository) {
        return among(repositories, repository);
    }

    /** Whether an application of a repository may be changed in any environment. */
    public boolean allowsApplication(String repository, String application) {
        return among(repositories, repository) && among(applications, application);
    }

    /** Whether an environment of a repository may be changed for any application. */
    public boolean allowsEnvironment(String repository, String environment) {
        return among(repositories, repository) && among(environments, environment);
    }

    /**
     * Whether these allow nothing that the others do not allow. May return false for some cases that are allowed: each
     * pattern must lie within a single one of the others.
     */
    public boolean isWithin(AllowedTargets others) {
        return within(repositories, others.repositories)
                && within(applications, others.applications)
                && within(environments, others.environments);
    }

    /**
     * A description for messages: "repositories config, environments dev, staging"; "everything" without restrictions.
     */
    public String describe() {
        StringJoiner words = new StringJoiner("; ");
        add(words, "repositories ", repositories);
        add(words, "applications ", applications);
        add(words, "environments ", environments);
        return words.length() == 0 ? "everything" : words.toString();
    }

    private static void add(StringJoiner words, String kind, List<String> names) {
        if (!names.isEmpty()) {
            words.add(kind + String.join(", ", names));
        }
    }

    private static boolean among(List<String> patterns, String name) {
        return patterns.isEmpty() || patterns.stream().anyMatch(p -> covers(p, name));
    }

    private static boolean within(List<String> patterns, List<String> others) {
        if (others.isEmpty()) {
            return true;
        }
        return !patterns.isEmpty() && patterns.stream().allMatch(p -> among(others, p));
    }

    /**
     * Whether a pattern matches a name, or everything that another pattern matches: names do not contain {@code *}, so
     * only a {@code *} of this pattern can match one of the other.
     */
    private static boolean covers(String pattern, String text) {
        return Wildcards.matches(pattern, text);
    }
}
