package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One Argo CD Application manifest as a target. Its application and environment are what the labels or annotations {@code
 * gitops.jenkins.io/application} and {@code gitops.jenkins.io/environment} say; else the name is {@code APPLICATION-ENVIRONMENT}
 * with the name of an environment at its end; else the name is the application, and the namespace it is deployed to is or
 * ends with the environment.
 *
 * @param file path of the manifest
 * @param environment as a label or annotation says; null when none does
 * @param application as a label or annotation says; null when none does
 * @param namespace that it is deployed to; empty when it is not said
 * @param folder that is deployed; the manifest's own when that is not in a repository
 * @param ownImages whether the manifest itself holds the images
 * @param valueFiles paths of its Helm value files but for the chart's own, whether or not they are in the tree
 * @param unreadable why its images cannot be read; null when they can
 */
record ArgoCdApplicationTarget(
        String file,
        String name,
        @CheckForNull String environment,
        @CheckForNull String application,
        String namespace,
        String folder,
        boolean ownImages,
        List<String> valueFiles,
        @CheckForNull UserErrorException unreadable) {
    private static final String PREFIX = "gitops.jenkins.io/";
    /** Sources and value files of one Application that are looked at. */
    private static final int MAX_SOURCES = 100;

    ArgoCdApplicationTarget {
        valueFiles = List.copyOf(valueFiles);
    }

    /**
     * The Applications of a file.
     *
     * @throws UserErrorException when the file is not YAML
     */
    static List<ArgoCdApplicationTarget> of(String file, byte[] content) throws UserErrorException {
        YamlText text = YamlText.parse(file, content);
        List<YamlPath> roots = text.documents().stream()
                .map(node -> YamlPath.of(text, node))
                .filter(root -> root.textAt("kind").equals("Application")
                        && root.textAt("apiVersion").startsWith("argoproj.io/"))
                .toList();
        boolean own = false;
        UserErrorException unreadable = null;
        try {
            // With other Applications in the file, its images could be theirs.
            own = roots.size() == 1 && ImageFile.present(file, content, ImageFile.DEFAULT_PATHS);
        } catch (UserErrorException e) {
            unreadable = e;
        }
        List<ArgoCdApplicationTarget> found = new ArrayList<>();
        for (YamlPath root : roots) {
            found.add(of(file, root, own, unreadable));
        }
        return found;
    }

    /** The Application that an ApplicationSet's template describes; its texts may contain parameters. */
    static ArgoCdApplicationTarget template(String file, YamlPath template) {
        return of(file, template, false, null);
    }

    /** What applies a folder and has the labels and the name of an Application. */
    static ArgoCdApplicationTarget ofFolder(String file, YamlPath root, String namespace, String folder) {
        return new ArgoCdApplicationTarget(
                file,
                root.textAt("metadata", "name"),
                marked(root, "environment"),
                marked(root, "application"),
                namespace,
                folder,
                false,
                List.of(),
                null);
    }

    /** With each text replaced; empty when there is no replacement for one. */
    Optional<ArgoCdApplicationTarget> filled(UnaryOperator<String> fill) {
        List<String> files = new ArrayList<>();
        for (String valueFile : valueFiles) {
            String known = fill.apply(valueFile);
            if (known != null) {
                files.add(known);
            }
        }
        String knownName = fill.apply(name);
        String knownFolder = fill.apply(folder);
        if (knownName == null || knownFolder == null || files.size() < valueFiles.size()) {
            return Optional.empty();
        }
        return Optional.of(new ArgoCdApplicationTarget(
                file,
                knownName,
                environment == null ? null : fill.apply(environment),
                application == null ? null : fill.apply(application),
                Objects.requireNonNullElse(fill.apply(namespace), ""),
                knownFolder,
                ownImages,
                files,
                unreadable));
    }

    /** The same in this environment. */
    ArgoCdApplicationTarget withEnvironment(@CheckForNull String env) {
        return new ArgoCdApplicationTarget(
                file, name, env, application, namespace, folder, ownImages, valueFiles, unreadable);
    }

    private static ArgoCdApplicationTarget of(
            String file, YamlPath root, boolean own, @CheckForNull UserErrorException unreadable) {
        return new ArgoCdApplicationTarget(
                file,
                root.textAt("metadata", "name"),
                marked(root, "environment"),
                marked(root, "application"),
                root.textAt("spec", "destination", "namespace"),
                folder(file, root),
                own,
                valueFiles(root),
                unreadable);
    }

    /**
     * Its target: with the images in this manifest, or else in the last of its Helm value files that is in the tree and not
     * the chart's own. Empty when its images stand in neither, or its names cannot be told.
     *
     * @param environments the environments that there may be
     * @throws UserErrorException when its images cannot be read
     */
    Optional<Target> target(FileTree tree, Collection<String> environments) throws UserErrorException, IOException {
        Optional<Target> named = named(environments);
        if (named.isEmpty()) {
            return named;
        }
        if (unreadable != null) {
            throw unreadable;
        }
        String images = ownImages ? file : valuesFile(tree);
        return images == null ? Optional.empty() : Optional.of(named.get().withImageFile(images));
    }

    /** Its target without a file; empty when its names cannot be told. */
    Optional<Target> named(Collection<String> environments) {
        String byName = WellKnownEnvironments.suffix(environments, name);
        boolean named = byName != null && !byName.equals(name);
        String env = environment;
        if (env == null) {
            env = named ? byName : WellKnownEnvironments.suffix(environments, namespace);
        }
        if (env == null) {
            return Optional.empty();
        }
        String app = application;
        if (app == null) {
            app = name.endsWith("-" + env) ? name.substring(0, name.length() - env.length() - 1) : name;
        }
        return LayoutPattern.isName(app) && LayoutPattern.isName(env)
                ? Optional.of(new Target(app, env, folder, null, List.of(), name))
                : Optional.empty();
    }

    /** Whether a change of a file changes what is deployed by it. */
    boolean dependsOn(String changed) {
        return changed.equals(file) || valueFiles.contains(changed);
    }

    @CheckForNull
    private String valuesFile(FileTree tree) throws UserErrorException, IOException {
        for (int i = valueFiles.size() - 1; i >= 0; i--) {
            if (tree.exists(valueFiles.get(i))) {
                return valueFiles.get(i);
            }
        }
        return null;
    }

    /** The value of a label or else an annotation of ours; null when there is none. */
    @CheckForNull
    private static String marked(YamlPath root, String key) {
        return Stream.of("labels", "annotations")
                .map(kind -> root.textAt("metadata", kind, PREFIX + key))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String folder(String file, YamlPath root) {
        String deployed = sources(root).stream()
                .map(source -> resolved("", source.textAt("path")))
                .filter(path -> path != null && !path.isEmpty())
                .findFirst()
                .orElse(null);
        int slash = file.lastIndexOf('/');
        return deployed == null ? file.substring(0, Math.max(slash, 0)) : deployed;
    }

    private static List<String> valueFiles(YamlPath root) {
        List<String> found = new ArrayList<>();
        for (YamlPath source : sources(root)) {
            String folder = source.textAt("path");
            List<YamlPath> files = source.keys(List.of("helm", "valueFiles"))
                    .map(YamlPath::items)
                    .orElse(List.of());
            for (YamlPath item : files) {
                String name = Objects.requireNonNullElse(item.scalar(), "");
                // Behind a reference to another source of the Application stands a path from that repository's root.
                String path = name.startsWith("$")
                        ? resolved("", name.substring(name.indexOf('/') + 1))
                        : resolved(folder, name);
                boolean chartsOwn = name.equals("values.yaml");
                if (path != null && !chartsOwn && found.size() < MAX_SOURCES) {
                    found.add(path);
                }
            }
        }
        return found;
    }

    private static List<YamlPath> sources(YamlPath root) {
        List<YamlPath> sources = new ArrayList<>();
        root.keys(List.of("spec", "source")).ifPresent(sources::add);
        root.keys(List.of("spec", "sources")).ifPresent(list -> sources.addAll(list.items()));
        return sources.size() > MAX_SOURCES ? sources.subList(0, MAX_SOURCES) : sources;
    }

    /** A path without {@code .} and {@code ..}; null when it leaves the repository. */
    @CheckForNull
    static String resolved(String folder, String path) {
        Deque<String> segments = new ArrayDeque<>();
        String whole = path.startsWith("/") ? path : folder + "/" + path;
        for (String segment : whole.split("/")) {
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    return null;
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return String.join("/", segments);
    }
}
