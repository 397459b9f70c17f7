package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Those targets of manifests that are on the branch that is read. */
final class BranchManifestTargets implements ManifestTargets {
    private final ManifestTargets all;
    private final Predicate<Target> here;

    BranchManifestTargets(ManifestTargets all, Predicate<Target> here) {
        this.all = all;
        this.here = here;
    }

    @Override
    public Optional<Target> find(String app, String env) throws IOException, UserErrorException {
        return all.find(app, env).filter(here);
    }

    @Override
    public boolean hasEnvironment(String env) throws IOException {
        return all().stream().anyMatch(target -> target.environment().equals(env));
    }

    @Override
    public Collection<Target> all() throws IOException {
        return all.all().stream().filter(here).toList();
    }

    @Override
    public Optional<String> manifestOf(Target target) throws IOException {
        return all.manifestOf(target);
    }

    @Override
    public boolean isCut() throws IOException {
        return all.isCut();
    }

    @Override
    public List<Target> dependsOn(String file) throws IOException, UserErrorException {
        return all.dependsOn(file).stream().filter(here).toList();
    }
}
