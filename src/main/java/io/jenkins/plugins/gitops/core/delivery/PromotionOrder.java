package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sorts environments in promotion order. */
final class PromotionOrder {
    private PromotionOrder() {}

    /**
     * Each environment after the one it is promoted from, otherwise in the given order.
     *
     * @param sources location of each environment's {@code promoteFrom}
     * @throws UserErrorException when a {@code promoteFrom} refers to no environment, or there is a cycle
     */
    static List<Environment> of(Map<String, Environment> environments, Map<String, SourceLocation> sources)
            throws UserErrorException {
        for (Environment environment : environments.values()) {
            String from = environment.promoteFrom();
            if (from != null && !environments.containsKey(from)) {
                throw new UserErrorException(
                        sources.get(environment.name()),
                        "There is no environment \"" + from + "\" to promote from",
                        "Use one of " + NameList.list(environments.keySet()));
            }
        }
        List<Environment> ordered = new ArrayList<>();
        Set<String> placed = new LinkedHashSet<>();
        for (Environment environment : environments.values()) {
            place(environment, environments, sources, new LinkedHashSet<>(), placed);
        }
        placed.forEach(name -> ordered.add(environments.get(name)));
        return List.copyOf(ordered);
    }

    private static void place(
            Environment environment,
            Map<String, Environment> environments,
            Map<String, SourceLocation> sources,
            Set<String> waiting,
            Set<String> placed)
            throws UserErrorException {
        if (!waiting.add(environment.name())) {
            List<String> circle = new ArrayList<>(waiting);
            circle = circle.subList(circle.indexOf(environment.name()), circle.size());
            throw new UserErrorException(
                    sources.get(environment.name()),
                    "Promotion forms a cycle: " + NameList.list(circle)
                            + (circle.size() == 1 ? " is promoted from itself" : " are promoted from each other"),
                    "Remove promoteFrom from the environment that gets images first");
        }
        String from = environment.promoteFrom();
        if (from != null && !placed.contains(from)) {
            place(environments.get(from), environments, sources, waiting, placed);
        }
        placed.add(environment.name());
    }
}
