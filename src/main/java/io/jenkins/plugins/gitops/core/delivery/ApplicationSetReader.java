package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.model.Wildcards;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the Applications that an Argo CD ApplicationSet generates from its lists and from the folders and files of this
 * repository. Other generators, such as clusters, depend on data that is not in Git.
 */
final class ApplicationSetReader {
    /** Maximum number of Applications of one ApplicationSet. */
    private static final int MAX_APPLICATIONS = 5_000;

    /** Maximum number of stars in one path. */
    private static final int MAX_STARS = 5;

    private static final List<String> ENVIRONMENT_PARAMETERS = List.of("env", "environment", "stage");

    private final FileTree tree;

    ApplicationSetReader(FileTree tree) {
        this.tree = tree;
    }

    /**
     * The Applications; a parameter provides the environment if there is no label.
     *
     * @param file path of the manifest
     * @param root of the document
     */
    List<ArgoCdApplicationTarget> read(String file, YamlPath root) throws IOException {
        Optional<YamlPath> template = root.keys(List.of("spec", "template"));
        if (template.isEmpty() || hasRelativeFiles(template.get())) {
            return List.of();
        }
        ArgoCdApplicationTarget application = ArgoCdApplicationTarget.template(file, template.get());
        List<ArgoCdApplicationTarget> found = new ArrayList<>();
        for (Map<String, String> parameters : parameters(root, template.get())) {
            String environment = ENVIRONMENT_PARAMETERS.stream()
                    .map(parameters::get)
                    .filter(value -> value != null && !value.isEmpty())
                    .findFirst()
                    .orElse(null);
            application
                    .filled(text -> TemplateText.fill(text, parameters))
                    .map(one -> one.environment() == null ? one.withEnvironment(environment) : one)
                    .ifPresent(found::add);
        }
        return found;
    }

    /**
     * Whether a value file has {@code ..} in its path: after a parameter with several folders, it cannot be resolved
     * before the parameter is known.
     */
    private static boolean hasRelativeFiles(YamlPath template) {
        List<YamlPath> sources = new ArrayList<>(items(template, "spec", "sources"));
        template.keys(List.of("spec", "source")).ifPresent(sources::add);
        return sources.stream()
                .flatMap(source -> items(source, "helm", "valueFiles").stream())
                .map(YamlPath::scalar)
                .anyMatch(file -> file != null && file.contains("../"));
    }

    private List<Map<String, String>> parameters(YamlPath root, YamlPath template) throws IOException {
        List<Map<String, String>> found = new ArrayList<>();
        for (YamlPath generator : items(root, "spec", "generators")) {
            for (YamlPath element : items(generator, "list", "elements")) {
                found.add(flat("", element.node(), new LinkedHashMap<>()));
            }
            Optional<YamlPath> git = generator.key("git");
            if (git.isPresent() && isSameRepository(git.get(), template)) {
                for (String folder : matches(git.get(), "directories", true)) {
                    found.add(pathParameters(folder, new HashMap<>()));
                }
                for (String file : matches(git.get(), "files", false)) {
                    found.add(pathParameters(TreePath.parent(file), values(file)));
                }
            }
            if (found.size() >= MAX_APPLICATIONS) {
                return found.subList(0, MAX_APPLICATIONS);
            }
        }
        return found;
    }

    /** Whether the generator lists the same repository that the template deploys from. */
    private static boolean isSameRepository(YamlPath git, YamlPath template) {
        String listed = git.textAt("repoURL");
        List<String> deployed = Stream.concat(
                        Stream.of(template.textAt("spec", "source", "repoURL")),
                        items(template, "spec", "sources").stream().map(source -> source.textAt("repoURL")))
                .filter(url -> !url.isEmpty())
                .toList();
        return deployed.isEmpty()
                || deployed.contains(listed)
                || deployed.stream().anyMatch(url -> url.contains("{{"));
    }

    /** The folders or files that match the paths of a generator, without the excluded ones. */
    private List<String> matches(YamlPath git, String key, boolean folders) throws IOException {
        List<String> found = new ArrayList<>();
        List<YamlPath> entries = git.key(key).map(YamlPath::items).orElse(List.of());
        List<String> excluded = entries.stream()
                .filter(entry -> entry.textAt("exclude").equals("true"))
                .map(entry -> entry.textAt("path"))
                .filter(path -> path.split("\\*+", -1).length <= MAX_STARS)
                .toList();
        for (YamlPath entry : entries) {
            String path = entry.textAt("path");
            boolean usable = !path.isEmpty() && !path.contains("{{") && path.split("\\*+", -1).length <= MAX_STARS;
            if (usable && !entry.textAt("exclude").equals("true")) {
                collect("", List.of(path.replaceFirst("^/", "").split("/")), folders, found);
            }
        }
        found.removeIf(path -> excluded.stream().anyMatch(pattern -> Wildcards.matchesPath(pattern, path, false)));
        return found.stream().distinct().toList();
    }

    private void collect(String folder, List<String> segments, boolean folders, List<String> found) throws IOException {
        boolean last = segments.size() == 1;
        String pattern = segments.get(0);
        for (FileTree.Entry entry : tree.list(folder)) {
            if (found.size() >= MAX_APPLICATIONS) {
                return;
            }
            if (!Wildcards.matches(pattern, entry.name()) || entry.folder() != (folders || !last)) {
                continue;
            }
            String path = TreePath.child(folder, entry.name());
            if (last) {
                found.add(path);
            } else {
                collect(path, segments.subList(1, segments.size()), folders, found);
            }
        }
    }

    private Map<String, String> values(String file) throws IOException {
        Map<String, String> values = new HashMap<>();
        try {
            byte[] content = tree.read(file).orElse(new byte[0]);
            YamlText.parse(file, content).first().ifPresent(root -> flat("", root, values));
        } catch (UserErrorException unreadable) {
            // The path parameters are available even if the file cannot be read.
            return values;
        }
        return values;
    }

    private static Map<String, String> pathParameters(String folder, Map<String, String> values) {
        String[] segments = folder.split("/");
        String name = segments[segments.length - 1];
        values.put("path", folder);
        values.put("path.basename", name);
        values.put("path.basenameNormalized", LayoutPattern.objectName(name));
        for (int i = 0; i < segments.length; i++) {
            values.put("path[" + i + "]", segments[i]);
        }
        return values;
    }

    /** The scalars of nested mappings, by their keys joined with dots. */
    private static Map<String, String> flat(String prefix, YamlNode node, Map<String, String> values) {
        if (node.resolved() instanceof YamlNode.Mapping mapping) {
            for (YamlNode.KeyValue entry : mapping.entries()) {
                YamlNode value = entry.value().resolved();
                String key = prefix + entry.name();
                if (value instanceof YamlNode.Scalar scalar) {
                    values.put(key, scalar.value());
                } else if (value instanceof YamlNode.Mapping) {
                    flat(key + ".", value, values);
                }
            }
        }
        return values;
    }

    private static List<YamlPath> items(YamlPath from, String... keys) {
        return from.keys(List.of(keys)).map(YamlPath::items).orElse(List.of());
    }
}
