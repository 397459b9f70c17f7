package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the targets that depend on a file. A change of the file changes all of them, so a rule that forbids changing
 * one of them must forbid changing the file: otherwise a dev application that uses production's value file could bypass
 * production's policy.
 */
final class FileTargets {
    private final List<LayoutPattern> patterns;
    private final TargetDiscovery discovery;

    private final List<ManifestTargets> manifests;
    private final Set<String> shared;

    /** @param shared files that several environments share on purpose */
    FileTargets(
            List<LayoutPattern> patterns,
            TargetDiscovery discovery,
            List<ManifestTargets> manifests,
            Set<String> shared) {
        this.patterns = List.copyOf(patterns);
        this.discovery = discovery;
        this.manifests = List.copyOf(manifests);
        this.shared = Set.copyOf(shared);
    }

    /**
     * The targets of a file, without duplicates.
     *
     * @throws UserErrorException when they cannot be determined
     */
    List<Target> of(String file) throws IOException, UserErrorException {
        Map<String, Target> found = new LinkedHashMap<>();
        for (LayoutPattern pattern : patterns) {
            discovery.targetOfFile(pattern, file).ifPresent(target -> found.putIfAbsent(target.id(), target));
            if (RuleFiles.mayName(pattern.images(), file)) {
                discovery.visit(pattern, null, target -> {
                    if (RuleFiles.name(target, file)) {
                        found.putIfAbsent(target.id(), target);
                    }
                    return false;
                });
                if (discovery.isCut()) {
                    throw new UserErrorException(
                            SourceLocation.of(file),
                            "There are too many folders to find the targets that this file belongs to",
                            "Name the folders of applications more precisely in " + Delivery.FILE);
                }
            }
        }
        for (ManifestTargets manifest : manifests) {
            manifest.dependsOn(file).forEach(target -> found.putIfAbsent(target.id(), target));
        }
        return List.copyOf(found.values());
    }

    /**
     * The target and all others that depend on these files.
     *
     * @throws UserErrorException when several environments depend on one of the files and it is not declared as shared
     */
    List<Target> changedWith(Target target, Collection<String> files) throws UserErrorException, IOException {
        Map<String, Target> all = new LinkedHashMap<>();
        all.put(target.id(), target);
        for (String file : files) {
            Set<String> others = new LinkedHashSet<>();
            for (Target claimant : of(file)) {
                all.putIfAbsent(claimant.id(), claimant);
                if (!claimant.environment().equals(target.environment())) {
                    others.add(claimant.id());
                }
            }
            if (!others.isEmpty() && !shared.contains(file)) {
                throw new UserErrorException(
                        SourceLocation.of(file),
                        "A change of this file for " + target.id() + " would also change " + NameList.list(others),
                        "Give each environment its own file, or list the file in sharedFiles of " + Delivery.FILE);
            }
        }
        return new ArrayList<>(all.values());
    }
}
