package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache.Weighted;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds targets by the ApplicationSets and Flux Kustomizations of a tree: the folders that they deploy. Reads only
 * manifests directly inside well-known folders. A target has the name of its Application or Kustomization; if that does
 * not end with an environment, the environment comes from a parameter, the namespace, or the only folder in its path
 * that has the name of an environment.
 */
final class DeployedFolderDiscovery implements ManifestTargets {
    private static final List<String> ROOTS = List.of(
            "applications",
            "applicationsets",
            "apps",
            "appsets",
            "argo-cd",
            "argocd",
            "bootstrap",
            "clusters",
            "components/applicationsets",
            "flux",
            "hub",
            "projects");
    /** Every subfolder of these contains manifests. */
    private static final Set<String> PARENTS = Set.of("clusters");

    private static final int MAX_FILES = 50_000;
    private static final int MAX_TARGETS = 5_000;

    private final FileTree tree;
    private final EnvironmentNames environments;
    private final TargetDiscovery discovery;
    private final List<LayoutPattern> patterns;
    private final PolicyExample example;

    private List<Deployed> deployed;
    private boolean cut;

    /**
     * @param needsImage whether its folder is a target only if it contains an image, since a Kustomization may apply
     *     anything
     */
    private record Deployed(Target target, List<String> valueFiles, boolean needsImage) {
        boolean dependsOn(String file) {
            return valueFiles.isEmpty() ? target.contains(file) : valueFiles.contains(file);
        }
    }

    /** Whether parsing a file may find anything; cached by its content, since most manifests are irrelevant. */
    private record Relevance(boolean isRelevant) implements Weighted {
        static Relevance of(byte[] content) {
            String text = new String(content, StandardCharsets.ISO_8859_1);
            return new Relevance(text.contains("ApplicationSet") || text.contains(FluxKustomizationReader.GROUP));
        }
    }

    /** @param patterns that take precedence over deployed folders */
    DeployedFolderDiscovery(
            FileTree tree,
            EnvironmentNames environments,
            TargetDiscovery discovery,
            List<LayoutPattern> patterns,
            PolicyExample example) {
        this.tree = tree;
        this.environments = environments;
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
        for (Deployed one : deployed()) {
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
        for (Deployed one : deployed()) {
            if (one.target().environment().equals(env) && isTarget(one)) {
                return true;
            }
        }
        return false;
    }

    /** All targets, without duplicates. */
    @Override
    public Collection<Target> all() throws IOException {
        Map<String, Target> found = new LinkedHashMap<>();
        for (Deployed one : deployed()) {
            if (isTarget(one)) {
                found.putIfAbsent(one.target().id(), one.target());
            }
        }
        return found.values();
    }

    /**
     * The targets that depend on a file.
     *
     * @throws UserErrorException when the result would be incomplete
     */
    @Override
    public List<Target> dependsOn(String file) throws IOException, UserErrorException {
        List<Target> found = new ArrayList<>();
        for (Deployed one : deployed()) {
            if (one.dependsOn(file) && isTarget(one)) {
                found.add(one.target());
            }
        }
        if (isCut()) {
            throw new UserErrorException(
                    "There are more than " + MAX_FILES + " manifests in the folders of ApplicationSets and Flux"
                            + " Kustomizations, or more than " + MAX_TARGETS + " folders that they deploy, so it is not"
                            + " known which targets " + file + " belongs to",
                    "Declare with applications in " + Delivery.FILE + " where the applications are");
        }
        return found;
    }

    @Override
    public synchronized boolean isCut() throws IOException {
        deployed();
        return cut;
    }

    private boolean isTarget(Deployed one) throws IOException {
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

    private synchronized List<Deployed> deployed() throws IOException {
        if (deployed == null) {
            List<Deployed> found = new ArrayList<>();
            for (String file : files()) {
                for (YamlPath root : documents(file)) {
                    read(file, root, found);
                }
            }
            cut |= found.size() > MAX_TARGETS;
            deployed = List.copyOf(found.subList(0, Math.min(found.size(), MAX_TARGETS)));
        }
        return deployed;
    }

    private void read(String file, YamlPath root, List<Deployed> found) throws IOException {
        if (root.textAt("kind").equals("ApplicationSet")
                && root.textAt("apiVersion").startsWith("argoproj.io/")) {
            for (ArgoCdApplicationTarget one : new ApplicationSetReader(tree).read(file, root)) {
                addApplication(one, found);
            }
        } else if (FluxKustomizationReader.isKustomization(root)) {
            FluxKustomizationReader.read(file, root).ifPresent(one -> addKustomization(one, found));
        }
    }

    private void addKustomization(ArgoCdApplicationTarget one, List<Deployed> found) {
        named(one)
                .map(target -> new Target(target.application(), target.environment(), target.path(), null))
                .ifPresent(target -> found.add(new Deployed(target, List.of(), true)));
    }

    private void addApplication(ArgoCdApplicationTarget one, List<Deployed> found) throws IOException {
        Optional<Target> named = named(one);
        if (named.isEmpty()) {
            return;
        }
        String valueFile = null;
        for (String file : one.valueFiles()) {
            try {
                valueFile = tree.exists(file) ? file : valueFile;
            } catch (UserErrorException link) {
                continue;
            }
        }
        found.add(
                valueFile == null
                        ? new Deployed(named.get(), List.of(), false)
                        : new Deployed(named.get().withImageFile(valueFile), one.valueFiles(), true));
    }

    /** Empty when its names cannot be determined. */
    private Optional<Target> named(ArgoCdApplicationTarget one) {
        Collection<String> known = environments.areDeclared() ? environments.names() : WellKnownEnvironments.names();
        String folder = folderEnvironment(one.folder());
        Optional<Target> named = one.named(known);
        if (named.isEmpty() && folder != null) {
            named = one.withEnvironment(folder).named(known);
        }
        return named.filter(target -> environments.contains(target.environment())
                && !BuiltInLayouts.isStructural(target.application())
                && WellKnownEnvironments.certainty(target.application()) < 2);
    }

    /** The only folder of a path that has the name of an environment; null when there is none or more than one. */
    @CheckForNull
    private String folderEnvironment(String path) {
        List<String> names = Arrays.stream(path.split("/"))
                .filter(name -> environments.certainty(name) > 0)
                .toList();
        return names.size() == 1 && !environments.areDeclared() ? names.get(0) : null;
    }

    private List<YamlPath> documents(String file) throws IOException {
        try {
            LocatedFile located = LocatedFile.find(tree, file);
            if (located == null
                    || !located.parsed(Relevance.class, () -> Relevance.of(located.content()))
                            .isRelevant()) {
                return List.of();
            }
            YamlText yaml = YamlText.parse(file, located.content());
            List<YamlPath> roots = new ArrayList<>();
            for (YamlNode root : yaml.documents()) {
                roots.add(YamlPath.of(yaml, root));
            }
            return roots;
        } catch (UserErrorException unreadable) {
            // An unreadable manifest deploys nothing that could be determined.
            return List.of();
        }
    }

    private List<String> files() throws IOException {
        List<String> found = new ArrayList<>();
        for (String root : ROOTS) {
            for (FileTree.Entry entry : tree.list(root)) {
                if (entry.folder() && PARENTS.contains(root)) {
                    tree.list(root + "/" + entry.name()).forEach(file -> add(root + "/" + entry.name(), file, found));
                } else {
                    add(root, entry, found);
                }
            }
        }
        return found;
    }

    private void add(String folder, FileTree.Entry entry, List<String> found) {
        boolean yaml = !entry.folder() && TreePath.isYaml(entry.name());
        if (yaml && found.size() >= MAX_FILES) {
            cut = true;
        } else if (yaml) {
            found.add(folder + "/" + entry.name());
        }
    }
}
