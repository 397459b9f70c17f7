package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache.Weighted;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds targets by the Argo CD Application manifests of a tree. Only the YAML files directly inside these folders are
 * read: {@code argocd}, {@code applications} and {@code apps}, their subfolders with the name of an environment, every
 * folder in {@code clusters}, {@code argocd-apps}, {@code applications} and {@code apps} in each of those, and {@link
 * ManifestFolders}. So the cost is one listing for each of these folders and one read for each file in them, whatever else the tree contains. A
 * target whose file is named {@code APPLICATION-ENVIRONMENT.yaml} or {@code APPLICATION.yaml} is found without reading
 * the others.
 */
final class ArgoCdApplicationDiscovery implements ManifestTargets {
    private static final List<String> ROOTS = List.of("argocd", "applications", "apps");
    private static final String CLUSTERS = "clusters";
    private static final List<String> IN_CLUSTER = List.of("argocd-apps", "applications", "apps");
    /** Every manifest that sets images contains at least one of these words. */
    private static final List<String> MARKERS = List.of("images", "parameters", "value");

    /** Maximum number of manifests that are read. */
    static final int MAX_FILES = 50_000;

    private static final int MAX_CLUSTERS = 2_000;

    private final FileTree tree;
    private final int maxFiles;
    private boolean cut;
    /** The possible environments. */
    private final Collection<String> environments;
    /** Whether only these environments exist; otherwise an Application may name others. */
    private final boolean declared;

    /** Environments of the Applications read so far. */
    private final Set<String> known = new HashSet<>();

    private List<String> files;
    /** Paths of manifests by the ids of their targets. */
    private final Map<String, String> manifests = new HashMap<>();

    private List<Target> targets;

    /**
     * @param declared the environments of {@code gitops.yaml}; null when it names none, so that well-known names are
     *     used
     */
    ArgoCdApplicationDiscovery(FileTree tree, @CheckForNull Set<String> declared) {
        this(tree, declared, MAX_FILES);
    }

    ArgoCdApplicationDiscovery(FileTree tree, @CheckForNull Set<String> declared, int maxFiles) {
        this.tree = tree;
        this.maxFiles = maxFiles;
        this.declared = declared != null;
        this.environments = declared != null ? declared : WellKnownEnvironments.names();
    }

    /**
     * Finds one target; empty when there is no Application for it.
     *
     * @throws UserErrorException when there are two, or the file named after the target cannot be read
     */
    @Override
    public synchronized Optional<Target> find(String app, String env) throws IOException, UserErrorException {
        Set<String> names = Set.of(app + "-" + env + ".yaml", app + "-" + env + ".yml", app + ".yaml", app + ".yml");
        List<Target> found = new ArrayList<>();
        for (String file : files()) {
            if (names.contains(file.substring(file.lastIndexOf('/') + 1))) {
                found.addAll(in(file));
            }
        }
        found.removeIf(target -> !is(target, app, env));
        if (found.isEmpty()) {
            found.addAll(all());
            found.removeIf(target -> !is(target, app, env));
        }
        if (found.size() > 1) {
            throw new UserErrorException(
                    SourceLocation.of(found.get(1).imageFile()),
                    "Two Applications match " + app + " in " + env + ": this one and the one with "
                            + found.get(0).imageFile(),
                    "Remove one of them, or change the labels of one");
        }
        return found.stream().findFirst();
    }

    private static boolean is(Target target, String app, String env) {
        return target.application().equals(app) && target.environment().equals(env);
    }

    /** Whether any Application is in this environment; stops at the first one. */
    @Override
    public synchronized boolean hasEnvironment(String env) throws IOException {
        if (known.contains(env)) {
            return true;
        }
        for (String file : files()) {
            try {
                in(file);
            } catch (UserErrorException unreadable) {
                // An unreadable file is not a target of any environment.
                continue;
            }
            if (known.contains(env)) {
                return true;
            }
        }
        return false;
    }

    /** All readable targets, in the order of the folders. */
    @Override
    public synchronized List<Target> all() throws IOException {
        if (targets == null) {
            List<Target> found = new ArrayList<>();
            for (String file : files()) {
                try {
                    for (Target target : in(file)) {
                        found.add(target);
                        manifests.putIfAbsent(target.id(), file);
                    }
                } catch (UserErrorException unreadable) {
                    // find() reports the error if the target is requested by name.
                    continue;
                }
            }
            targets = List.copyOf(found);
        }
        return targets;
    }

    @Override
    public synchronized Optional<String> manifestOf(Target target) throws IOException {
        all();
        return Optional.ofNullable(manifests.get(target.id()));
    }

    /** Whether there are more manifests than {@link #MAX_FILES}, so that some were not read. */
    @Override
    public synchronized boolean isCut() throws IOException {
        files();
        return cut;
    }

    /**
     * The targets whose deployment depends on a file: their manifest, or one of their value files.
     *
     * @throws UserErrorException when there are more manifests than are read, so that the result would be incomplete
     */
    @Override
    public synchronized List<Target> dependsOn(String changed) throws IOException, UserErrorException {
        List<Target> found = new ArrayList<>();
        List<String> files = files();
        if (cut) {
            throw new UserErrorException(
                    "There are more than " + maxFiles + " manifests or " + MAX_CLUSTERS
                            + " clusters in the folders of Argo CD"
                            + " Applications, so it is not known which targets " + changed + " belongs to",
                    "Declare with applications in " + Delivery.FILE
                            + " where the applications are, or remove manifests");
        }
        for (String file : files) {
            try {
                for (ArgoCdApplicationTarget application : read(file)) {
                    if (application.dependsOn(changed)) {
                        application
                                .named(environments)
                                .filter(this::isKnown)
                                .map(target -> target.withImageFile(changed))
                                .ifPresent(found::add);
                    }
                }
            } catch (UserErrorException unreadable) {
                // An unreadable manifest deploys nothing that could be determined.
                continue;
            }
        }
        return found;
    }

    private boolean isKnown(Target target) {
        return !declared || environments.contains(target.environment());
    }

    private record ParsedApplications(List<ArgoCdApplicationTarget> applications) implements Weighted {
        @Override
        public int weight() {
            return 1
                    + applications.stream()
                            .mapToInt(
                                    application -> 3 + application.valueFiles().size())
                            .sum();
        }
    }

    /** The Applications of a file; the result of parsing is cached. */
    private List<ArgoCdApplicationTarget> read(String file) throws IOException, UserErrorException {
        LocatedFile locatedFile = LocatedFile.find(tree, file);
        return locatedFile == null
                ? List.of()
                : locatedFile
                        .parsed(
                                ParsedApplications.class,
                                () -> new ParsedApplications(parse(file, locatedFile.content())))
                        .applications();
    }

    private static List<ArgoCdApplicationTarget> parse(String file, byte[] content) throws UserErrorException {
        return mayBeTarget(content) ? ArgoCdApplicationTarget.of(file, content) : List.of();
    }

    private List<Target> in(String file) throws IOException, UserErrorException {
        return targets(read(file));
    }

    private List<Target> targets(List<ArgoCdApplicationTarget> applications) throws IOException, UserErrorException {
        Map<String, Target> found = new LinkedHashMap<>();
        for (ArgoCdApplicationTarget application : applications) {
            application
                    .target(tree, environments)
                    .filter(this::isKnown)
                    .ifPresent(target -> found.put(target.id(), target));
        }
        for (Target target : found.values()) {
            known.add(target.environment());
        }
        return List.copyOf(found.values());
    }

    private List<String> files() throws IOException {
        if (files == null) {
            Set<String> found = new LinkedHashSet<>();
            for (String root : ROOTS) {
                for (String folder : listed(root, found)) {
                    if (environments.contains(folder)) {
                        listed(root + "/" + folder, found);
                    }
                }
            }
            int clusters = 0;
            for (String cluster : listed(CLUSTERS, found)) {
                if (++clusters > MAX_CLUSTERS) {
                    cut = true;
                    break;
                }
                Set<String> folders = new LinkedHashSet<>(listed(CLUSTERS + "/" + cluster, found));
                folders.retainAll(IN_CLUSTER);
                for (String folder : folders) {
                    listed(CLUSTERS + "/" + cluster + "/" + folder, found);
                }
            }
            for (String folder : ManifestFolders.of(tree)) {
                listed(folder, found);
            }
            files = List.copyOf(found);
        }
        return files;
    }

    /** Adds the YAML files of a folder; returns the names of its subfolders. */
    private List<String> listed(String folder, Set<String> found) throws IOException {
        List<String> folders = new ArrayList<>();
        for (FileTree.Entry entry : tree.list(folder)) {
            String name = entry.name();
            if (entry.folder()) {
                folders.add(name);
            } else if (TreePath.isYaml(name) && !found.contains(folder + "/" + name)) {
                if (found.size() >= maxFiles) {
                    cut = true;
                    break;
                }
                found.add(folder + "/" + name);
            }
        }
        return folders;
    }

    /** Whether parsing may find a target; a cheap check, since most manifests do not set images. */
    private static boolean mayBeTarget(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.contains("argoproj.io/") && MARKERS.stream().anyMatch(text::contains);
    }
}
