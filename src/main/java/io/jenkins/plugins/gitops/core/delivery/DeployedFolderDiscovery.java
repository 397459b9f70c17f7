package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.delivery.DeployedFolders.Deployed;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds targets by the {@link DeployedFolders} of a tree. */
final class DeployedFolderDiscovery implements ManifestTargets {
    private final DeployedFolders folders;
    private final TargetDiscovery discovery;
    private final List<LayoutPattern> patterns;
    private final PolicyExample example;
    /** Whether they are targets, as far as that is known. */
    private final Map<Deployed, Boolean> checked = new HashMap<>();

    private List<Target> targets;
    /** Paths of manifests by the ids of their targets. */
    private final Map<String, String> manifests = new HashMap<>();

    /** @param patterns that take precedence over deployed folders */
    DeployedFolderDiscovery(
            DeployedFolders folders, TargetDiscovery discovery, List<LayoutPattern> patterns, PolicyExample example) {
        this.folders = folders;
        this.discovery = discovery;
        this.patterns = List.copyOf(patterns);
        this.example = example;
    }

    /**
     * Finds one target; empty when nothing deploys it.
     *
     * @throws UserErrorException when it is deployed from two folders
     */
    @Override
    public Optional<Target> find(String app, String env) throws IOException, UserErrorException {
        Set<Target> found = new LinkedHashSet<>();
        for (Deployed one : folders.all()) {
            Target target = one.target();
            if (target.application().equals(app) && target.environment().equals(env) && isTarget(one)) {
                found.add(target);
            }
        }
        if (found.size() > 1) {
            List<Target> both = List.copyOf(found);
            throw new UserErrorException(
                    SourceLocation.of(both.get(1).path()),
                    "Two folders are deployed as " + app + " in " + env + ": this one and "
                            + both.get(0).path(),
                    "Choose one with " + example.target(app, env, both.get(0).path(), null));
        }
        return found.stream().findFirst();
    }

    @Override
    public boolean hasEnvironment(String env) throws IOException {
        for (Deployed one : folders.all()) {
            if (one.target().environment().equals(env) && isTarget(one)) {
                return true;
            }
        }
        return false;
    }

    /** All targets, without duplicates. */
    @Override
    public synchronized Collection<Target> all() throws IOException {
        if (targets == null) {
            Map<String, Target> found = new LinkedHashMap<>();
            for (Deployed one : folders.all()) {
                if (isTarget(one) && found.putIfAbsent(one.target().id(), one.target()) == null) {
                    manifests.put(one.target().id(), one.manifest());
                }
            }
            targets = List.copyOf(found.values());
        }
        return targets;
    }

    /**
     * The targets that depend on a file.
     *
     * @throws UserErrorException when the result would be incomplete
     */
    @Override
    public List<Target> dependsOn(String file) throws IOException, UserErrorException {
        List<Target> found = new ArrayList<>();
        for (Deployed one : folders.all()) {
            if (one.dependsOn(file) && isTarget(one)) {
                found.add(one.target());
            }
        }
        if (isCut()) {
            throw new UserErrorException(
                    "There are more than " + DeployedFolders.MAX_FILES
                            + " manifests in the folders of ApplicationSets and Flux"
                            + " Kustomizations, or more than " + DeployedFolders.MAX_FOLDERS
                            + " folders that they deploy, so it is not"
                            + " known which targets " + file + " belongs to",
                    "Declare with applications in " + Delivery.FILE + " where the applications are");
        }
        return found;
    }

    @Override
    public boolean isCut() throws IOException {
        return folders.isCut();
    }

    @Override
    public Optional<String> manifestOf(Target target) throws IOException {
        all();
        return Optional.ofNullable(manifests.get(target.id()));
    }

    private synchronized boolean isTarget(Deployed one) throws IOException {
        Boolean known = checked.get(one);
        if (known == null) {
            known = check(one);
            checked.put(one, known);
        }
        return known;
    }

    private boolean check(Deployed one) throws IOException {
        Target target = one.target();
        for (LayoutPattern pattern : patterns) {
            if (discovery
                    .targetOfFile(pattern, target.path() + "/kustomization.yaml")
                    .isPresent()) {
                return false;
            }
        }
        return one.needsImage() ? discovery.setsImages(target) : discovery.isMarkedOrSetsImages(target);
    }
}
