package io.jenkins.plugins.gitops.repository;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.repository.TargetStates.RepositoryState;
import io.jenkins.plugins.gitops.repository.TargetStates.TargetState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The state of a repository whose environments are on several branches. A pure function of the states of the branches. */
final class BranchStates {
    private BranchStates() {}

    /**
     * All targets, with a warning for each branch that cannot be read. Only the targets of such a branch are missing or
     * outdated.
     *
     * @param policy the state of the configured branch
     * @param others the other branches
     * @param states the state of a branch; empty if it has not been read yet
     * @param problems why a branch could not be fetched; empty if it could
     */
    static RepositoryState combined(
            RepositoryState policy,
            List<RepositoryConfiguration> others,
            Function<RepositoryConfiguration, Optional<RepositoryState>> states,
            Function<RepositoryConfiguration, Optional<String>> problems) {
        List<TargetState> targets = new ArrayList<>(policy.targets());
        Set<String> warnings = new LinkedHashSet<>(policy.warnings());
        for (RepositoryConfiguration other : others) {
            Optional<RepositoryState> state = states.apply(other);
            state.ifPresent(known -> {
                targets.addAll(known.targets());
                warnings.addAll(known.warnings());
            });
            state.flatMap(known -> Optional.ofNullable(known.problem()))
                    .or(() -> problems.apply(other))
                    .ifPresent(problem -> warnings.add("Branch " + other.getBranch() + ": " + problem));
        }
        List<String> environments =
                policy.environments().stream().map(Environment::name).toList();
        targets.sort(Comparator.comparing((TargetState state) -> state.target().application())
                .thenComparing(state -> environments.indexOf(state.target().environment())));
        return new RepositoryState(
                policy.repository(),
                policy.revision(),
                policy.environments(),
                targets,
                policy.problem(),
                List.copyOf(warnings),
                policy.readAt());
    }
}
