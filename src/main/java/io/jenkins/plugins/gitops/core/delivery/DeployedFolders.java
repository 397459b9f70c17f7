package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache.Weighted;
import io.jenkins.plugins.gitops.core.model.FileTree;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folders that Applications, ApplicationSets and Flux Kustomizations of a tree deploy, and the names that these give
 * them. Reads only manifests directly inside well-known folders, and those of {@link ManifestFolders}. The name is that of
 * the Application or Kustomization; if it does not end with an environment, the environment comes from a parameter, the
 * namespace, or the only folder in the path that has the name of an environment.
 */
final class DeployedFolders {
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

    /** Maximum number of manifests that are read. */
    static final int MAX_FILES = 50_000;
    /** Maximum number of folders. */
    static final int MAX_FOLDERS = 5_000;

    private final FileTree tree;
    private final EnvironmentNames environments;

    private List<Deployed> deployed;
    private boolean cut;

    DeployedFolders(FileTree tree, EnvironmentNames environments) {
        this.tree = tree;
        this.environments = environments;
    }

    /**
     * One of the folders.
     *
     * @param manifest path of the manifest that leads to it
     * @param needsImage whether it is a target only if it contains an image, since a Kustomization may apply anything
     */
    record Deployed(Target target, String manifest, List<String> valueFiles, boolean needsImage) {
        boolean dependsOn(String file) {
            return valueFiles.isEmpty() ? target.contains(file) : valueFiles.contains(file);
        }
    }

    /** Whether parsing a file may find anything; cached by its content, since most manifests are irrelevant. */
    private record Relevance(boolean isRelevant) implements Weighted {
        static Relevance of(byte[] content) {
            String text = new String(content, StandardCharsets.ISO_8859_1);
            return new Relevance(text.contains("argoproj.io/") && text.contains("Application")
                    || text.contains(FluxKustomizationReader.GROUP));
        }
    }

    /** In the order of the manifests. */
    synchronized List<Deployed> all() throws IOException {
        if (deployed == null) {
            List<Deployed> found = new ArrayList<>();
            for (String file : files()) {
                for (YamlPath root : documents(file)) {
                    read(file, root, found);
                }
            }
            cut |= found.size() > MAX_FOLDERS;
            deployed = List.copyOf(found.subList(0, Math.min(found.size(), MAX_FOLDERS)));
        }
        return deployed;
    }

    /** Whether there are more manifests or folders than are read. */
    synchronized boolean isCut() throws IOException {
        all();
        return cut;
    }

    /** The application that a folder is in an environment; empty when manifests give it no name, or several. */
    Optional<String> applicationOf(String folder, String environment) throws IOException {
        Set<String> names = all().stream()
                .map(Deployed::target)
                .filter(target ->
                        target.path().equals(folder) && target.environment().equals(environment))
                .map(Target::application)
                .collect(Collectors.toSet());
        return names.size() == 1 ? Optional.of(names.iterator().next()) : Optional.empty();
    }

    private void read(String file, YamlPath root, List<Deployed> found) throws IOException {
        if (root.textAt("kind").equals("ApplicationSet")
                && root.textAt("apiVersion").startsWith("argoproj.io/")) {
            for (ArgoCdApplicationTarget one : new ApplicationSetReader(tree).read(file, root)) {
                addApplication(one, found);
            }
        } else if (ArgoCdApplicationTarget.isApplication(root)) {
            Optional<ArgoCdApplicationTarget> one = ArgoCdApplicationTarget.ofFolder(file, root);
            if (one.isPresent() && !isChart(one.get().folder())) {
                addFolder(one.get(), found);
            }
        } else if (FluxKustomizationReader.isKustomization(root)) {
            FluxKustomizationReader.read(file, root).ifPresent(one -> addFolder(one, found));
        }
    }

    /** The values of a chart are those of all environments. */
    private boolean isChart(String folder) throws IOException {
        return tree.list(folder).stream().anyMatch(entry -> entry.name().equals("Chart.yaml"));
    }

    private void addFolder(ArgoCdApplicationTarget one, List<Deployed> found) {
        named(one)
                .map(target -> new Target(target.application(), target.environment(), target.path(), null))
                .ifPresent(target -> found.add(new Deployed(target, one.file(), List.of(), true)));
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
                        ? new Deployed(named.get(), one.file(), List.of(), false)
                        : new Deployed(named.get().withImageFile(valueFile), one.file(), one.valueFiles(), true));
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

    private Collection<String> files() throws IOException {
        Set<String> found = new LinkedHashSet<>();
        for (String root : ROOTS) {
            for (FileTree.Entry entry : tree.list(root)) {
                if (entry.folder() && PARENTS.contains(root)) {
                    tree.list(root + "/" + entry.name()).forEach(file -> add(root + "/" + entry.name(), file, found));
                } else {
                    add(root, entry, found);
                }
            }
        }
        for (String folder : ManifestFolders.of(tree)) {
            tree.list(folder).forEach(file -> add(folder, file, found));
        }
        return found;
    }

    private void add(String folder, FileTree.Entry entry, Set<String> found) {
        String file = folder + "/" + entry.name();
        if (entry.folder() || !TreePath.isYaml(entry.name()) || found.contains(file)) {
            return;
        }
        if (found.size() >= MAX_FILES) {
            cut = true;
        } else {
            found.add(file);
        }
    }
}
