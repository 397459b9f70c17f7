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
 * One Argo CD Application manifest as a target. Its application and environment come from the labels or annotations
 * {@code gitops.jenkins.io/application} and {@code gitops.jenkins.io/environment}. Otherwise, if the name is
 * {@code APPLICATION-ENVIRONMENT} with a known environment, they come from the name; otherwise the name is the
 * application, and the destination namespace is the environment or ends with it.
 *
 * @param file path of the manifest
 * @param environment from a label or annotation; null when there is none
 * @param application from a label or annotation; null when there is none
 * @param namespace destination namespace; empty when it is not set
 * @param folder that is deployed; the manifest's own folder when the source is not in a repository
 * @param ownImages whether the manifest itself sets the images
 * @param valueFiles paths of its Helm value files except the chart's defaults, whether or not they are in the tree
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
    /** Maximum number of sources and value files of one Application. */
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
                .filter(ArgoCdApplicationTarget::isApplication)
                .toList();
        boolean own = false;
        UserErrorException unreadable = null;
        try {
            // If there are other Applications in the file, the images could belong to them.
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

    /** Whether a document is an Application of Argo CD. */
    static boolean isApplication(YamlPath root) {
        return root.textAt("kind").equals("Application")
                && root.textAt("apiVersion").startsWith("argoproj.io/");
    }

    /** An Application that deploys the manifests of one folder; empty for one with a chart, and any other. */
    static Optional<ArgoCdApplicationTarget> ofFolder(String file, YamlPath root) {
        List<YamlPath> sources = sources(root);
        boolean folder = sources.size() == 1
                && !sources.get(0).textAt("path").replaceAll("[./]", "").isEmpty()
                && sources.get(0).key("helm").isEmpty();
        return folder ? Optional.of(of(file, root, false, null)) : Optional.empty();
    }

    /** The Application in the template of an ApplicationSet; its texts may contain parameters. */
    static ArgoCdApplicationTarget template(String file, YamlPath template) {
        return of(file, template, false, null);
    }

    /** A target for another object that applies a folder and has labels and a name like an Application. */
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

    /** A copy with each text replaced; empty when a text cannot be replaced. */
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

    /** A copy in this environment. */
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
     * Its target: with the images in this manifest, or else in the last of its Helm value files that is in the tree and
     * does not belong to the chart. Empty when neither sets images, or its names cannot be determined.
     *
     * @param environments the possible environments
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

    /** Its target without a file; empty when its names cannot be determined. */
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

    /** Whether the deployment depends on a file. */
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

    /** The value of the plugin's label, or else annotation; null when there is none. */
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
                // A path after a reference to another source of the Application is relative to that repository's root.
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

    /** The path with {@code .} and {@code ..} resolved; null when it leaves the repository. */
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
