package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The branch that a delivery is read on, and which of the policy's targets are there. */
final class DeliveryBranch {
    private final TreeBranch branch;
    private final TargetBranches branches;
    private final Set<String> environments;

    DeliveryBranch(TreeBranch branch, DeliveryFile file) {
        this.branch = branch;
        this.branches = file.branches();
        this.environments = file.environmentNames().names();
    }

    /** Whether all targets are on this branch, so that nothing has to be filtered. */
    private boolean hasAll() {
        return branches.isEmpty() && branch.isOfPolicy();
    }

    private boolean isHere(Target target) {
        return isHere(target.application(), target.environment());
    }

    private boolean isHere(String application, String environment) {
        return hasAll() || branches.isOn(branch, application, environment);
    }

    /**
     * The patterns that lead to targets here, each with its environment.
     *
     * @throws UserErrorException when a pattern without an environment would be in several
     */
    List<LayoutPattern> patterns(List<LayoutPattern> all) throws UserErrorException {
        if (hasAll() || all.stream().noneMatch(LayoutPattern::isOfBranch)) {
            return all;
        }
        List<String> here = branches.environmentsOn(branch, environments);
        List<LayoutPattern> patterns = new ArrayList<>();
        for (LayoutPattern pattern : all) {
            if (!pattern.isOfBranch()) {
                patterns.add(pattern);
            } else if (here.size() > 1) {
                throw new UserErrorException(
                        SourceLocation.of(Delivery.FILE),
                        "\"" + pattern + "\" has no {env}, and on branch " + branch.name() + " are "
                                + NameList.list(here),
                        "Write {env} in path or imageFile, or name its environment with environment: NAME");
            } else if (here.size() == 1) {
                patterns.add(pattern.inEnvironment(here.get(0)));
            }
        }
        return patterns;
    }

    /** The pattern as it is here; null when it leads to nothing here. */
    @CheckForNull
    LayoutPattern here(LayoutPattern pattern) {
        if (!pattern.isOfBranch()) {
            return pattern;
        }
        List<String> here = branches.environmentsOn(branch, environments);
        return here.size() == 1 ? pattern.inEnvironment(here.get(0)) : null;
    }

    /** Those targets of manifests that are here. */
    List<ManifestTargets> manifests(List<ManifestTargets> all) {
        return hasAll()
                ? all
                : all.stream()
                        .<ManifestTargets>map(targets -> new BranchManifestTargets(targets, this::isHere))
                        .toList();
    }

    /** Those that a discovery finds and are here. */
    TargetDiscovery discovery(TargetDiscovery discovery) {
        return hasAll() ? discovery : discovery.restrictedTo(this::isHere);
    }

    /** The target, knowing its branch where that matters. */
    Target known(Target target) {
        return branches.isEmpty() ? target : target.withBranch(branch);
    }

    /** The branch of a target; null for that of the policy. */
    @CheckForNull
    String of(String application, String environment) {
        String named = branches.of(application, environment);
        return named == null || named.equals(branch.policy()) ? null : named;
    }

    /** Branches that are named, other than that of the policy. */
    Set<String> others() {
        Set<String> others = new LinkedHashSet<>(branches.all());
        others.remove(branch.policy());
        return others;
    }

    /** Where a branch is named first; null when it is not. */
    @CheckForNull
    SourceLocation location(String name) {
        return branches.location(name);
    }

    /**
     * @throws OtherBranchException if the target is on another branch
     */
    void require(String application, String environment) throws UserErrorException {
        if (!isHere(application, environment)) {
            String named = branches.of(application, environment);
            throw new OtherBranchException(
                    branches.location(named),
                    application + " in " + environment + " is on "
                            + (named == null ? "the branch of " + Delivery.FILE : "branch " + named)
                            + (branch.name() == null ? "" : ", and not on " + branch.name()),
                    branch.name() == null
                            ? "Name the repository instead of a folder, so that its branches can be read"
                            : "Run it again: " + Delivery.FILE + " has changed");
        }
    }
}
