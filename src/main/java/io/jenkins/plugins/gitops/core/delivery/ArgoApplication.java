package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import io.jenkins.plugins.gitops.core.yaml.YamlWay;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One Argo CD Application manifest as a target. Its application and environment are what the labels or annotations {@code
 * gitops.jenkins.io/application} and {@code gitops.jenkins.io/environment} say; else the name is {@code APPLICATION-ENVIRONMENT}
 * with the name of an environment at its end; else the name is the application, and the namespace it is deployed to is or
 * ends with the environment.
 */
final class ArgoApplication {
    private static final String PREFIX = "gitops.jenkins.io/";

    private final String file;
    private final byte[] content;
    private final YamlWay root;
    /** Whether the file holds other Applications too, so that its images could be theirs. */
    private final boolean shared;

    private ArgoApplication(String file, byte[] content, YamlWay root, boolean shared) {
        this.file = file;
        this.content = content;
        this.root = root;
        this.shared = shared;
    }

    /**
     * The Applications of a file.
     *
     * @throws RefusedException when the file is not YAML
     */
    static List<ArgoApplication> of(String file, byte[] content) throws RefusedException {
        YamlText text = YamlText.parse(file, content);
        List<YamlWay> roots = text.documents().stream()
                .map(node -> YamlWay.of(text, node))
                .filter(root -> text(root, "kind").equals("Application")
                        && text(root, "apiVersion").startsWith("argoproj.io/"))
                .toList();
        return roots.stream()
                .map(root -> new ArgoApplication(file, content, root, roots.size() > 1))
                .toList();
    }

    /**
     * Its target: with the images in this manifest, or else in the last of its Helm value files that is in the tree and not
     * the chart's own. Empty when its images stand in neither, or its names cannot be told.
     *
     * @param environments the environments that there may be
     * @throws RefusedException when its images cannot be read
     */
    Optional<Target> target(FileTree tree, Collection<String> environments) throws RefusedException, IOException {
        String name = text(root, "metadata", "name");
        String env = marked("environment");
        String app = marked("application");
        String byName = UsualEnvironments.suffix(environments, name);
        boolean named = byName != null && !byName.equals(name);
        if (env == null) {
            env = named
                    ? byName
                    : UsualEnvironments.suffix(environments, text(root, "spec", "destination", "namespace"));
        }
        if (env == null) {
            return Optional.empty();
        }
        if (app == null) {
            app = name.endsWith("-" + env) ? name.substring(0, name.length() - env.length() - 1) : name;
        }
        if (!LayoutPattern.isName(app) || !LayoutPattern.isName(env)) {
            return Optional.empty();
        }
        boolean own = !shared && ImageFile.present(file, content, ImageFile.DEFAULT_PATHS);
        String images = own ? file : valuesFile(tree);
        return images == null ? Optional.empty() : Optional.of(new Target(app, env, folder(), images, List.of(), name));
    }

    /** The value of a label or else an annotation of ours; null when there is none. */
    @CheckForNull
    private String marked(String key) {
        return Stream.of("labels", "annotations")
                .map(kind -> text(root, "metadata", kind, PREFIX + key))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse(null);
    }

    /** The folder that is deployed; the manifest's own when that is not in a repository. */
    private String folder() {
        String deployed = sources().stream()
                .map(source -> resolved("", text(source, "path")))
                .filter(path -> path != null && !path.isEmpty())
                .findFirst()
                .orElse(null);
        int slash = file.lastIndexOf('/');
        return deployed == null ? file.substring(0, Math.max(slash, 0)) : deployed;
    }

    @CheckForNull
    private String valuesFile(FileTree tree) throws RefusedException, IOException {
        String found = null;
        for (YamlWay source : sources()) {
            String folder = text(source, "path");
            List<YamlWay> files = source.keys(List.of("helm", "valueFiles"))
                    .map(YamlWay::items)
                    .orElse(List.of());
            for (YamlWay item : files) {
                String name = Objects.requireNonNullElse(item.scalar(), "");
                // Behind a reference to another source of the Application stands a path from that repository's root.
                String path = name.startsWith("$")
                        ? resolved("", name.substring(name.indexOf('/') + 1))
                        : resolved(folder, name);
                boolean chartsOwn = name.equals("values.yaml");
                if (path != null && !chartsOwn && tree.read(path).isPresent()) {
                    found = path;
                }
            }
        }
        return found;
    }

    private List<YamlWay> sources() {
        List<YamlWay> sources = new ArrayList<>();
        root.keys(List.of("spec", "source")).ifPresent(sources::add);
        root.keys(List.of("spec", "sources")).ifPresent(list -> sources.addAll(list.items()));
        return sources;
    }

    /** A path without {@code .} and {@code ..}; null when it leaves the repository. */
    @CheckForNull
    private static String resolved(String folder, String path) {
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

    private static String text(YamlWay from, String... keys) {
        return from.keys(List.of(keys)).map(YamlWay::scalar).orElse("");
    }
}
