package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the {@code Application} manifests of one folder. A field that is not honoured is refused by name, so that nothing
 * is deployed otherwise than its author meant; one refused manifest does not keep the others from being deployed.
 *
 * <p>{@code spec.project} is accepted and not enforced: {@code AppProject} is not read.
 */
public final class ApplicationReader {
    /** Annotation of an {@code Application}: the revision whose deletions a person confirms, 12 to 40 hex digits. */
    public static final String CONFIRM_PRUNE = "gitops.jenkins.io/confirm-prune";

    private static final String API_VERSION = "argoproj.io/v1alpha1";
    private static final List<String> ROOT = List.of("apiVersion", "kind", "metadata", "spec");
    private static final List<String> METADATA = List.of("name", "namespace", "labels", "annotations", "finalizers");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final int LONGEST_NAME = 253;

    private final ApplicationSpecReader specs;
    private final FileTree tree;
    private final String folder;

    /**
     * @param folder where the manifests stand; folders below it are not looked at
     * @param repositories URLs under which manifests may name the agent's own repository
     * @param branch the branch that the agent follows
     * @param destinations servers and cluster names that mean the agent's own cluster
     */
    public ApplicationReader(
            FileTree tree, String folder, Set<String> repositories, String branch, Set<String> destinations) {
        this.tree = tree;
        this.folder = folder;
        this.specs = new ApplicationSpecReader(repositories, branch, destinations);
    }

    /** In the order of file names; manifests of other kinds are left out. */
    public List<ApplicationSource> read() throws IOException {
        List<ApplicationSource> found = new ArrayList<>();
        for (FileTree.Entry entry : tree.list(folder)) {
            String name = entry.name();
            if (!entry.folder() && (name.endsWith(".yaml") || name.endsWith(".yml"))) {
                readFile(folder.isEmpty() ? name : folder + "/" + name, found);
            }
        }
        return withoutTwins(found);
    }

    /** Those of one file; empty when there is no such file. */
    public List<ApplicationSource> read(String file) throws IOException {
        List<ApplicationSource> found = new ArrayList<>();
        readFile(file, found);
        return withoutTwins(found);
    }

    private void readFile(String file, List<ApplicationSource> found) throws IOException {
        try {
            Optional<byte[]> content = tree.read(file);
            if (content.isPresent()) {
                for (YamlNode document : YamlText.parse(file, content.get()).documents()) {
                    readDocument(file, document).ifPresent(found::add);
                }
            }
        } catch (RefusedException e) {
            found.add(new ApplicationSource(fileName(file), file, null, null, e.getMessage()));
        }
    }

    private Optional<ApplicationSource> readDocument(String file, YamlNode document) {
        if (!(document.resolved() instanceof Mapping mapping) || !API_VERSION.equals(text(mapping, "apiVersion"))) {
            return Optional.empty();
        }
        if ("ApplicationSet".equals(text(mapping, "kind"))) {
            RefusedException problem = new RefusedException(
                    mapping.location(), "An ApplicationSet is not supported", "Write its Applications out");
            return Optional.of(new ApplicationSource(fileName(file), file, null, null, problem.getMessage()));
        }
        return "Application".equals(text(mapping, "kind"))
                ? Optional.of(readApplication(file, mapping))
                : Optional.empty();
    }

    private ApplicationSource readApplication(String file, Mapping document) {
        String name = nested(document, "metadata", "name");
        String shown = name == null || !NAME.matcher(name).matches() ? fileName(file) : name;
        String path = Optional.ofNullable(child(document, "spec"))
                .map(spec -> nested(spec, "source", "path"))
                .map(ApplicationSpecReader::folder)
                .orElse(null);
        try {
            StrictMapping root = StrictMapping.of(document, "an Application", ROOT);
            YamlNode metadata = root.value("metadata");
            if (metadata == null) {
                throw new RefusedException(root.location(), "metadata is missing", "Name the application");
            }
            requireName(StrictMapping.of(metadata, "an Application's metadata", METADATA));
            YamlNode spec = root.value("spec");
            if (spec == null) {
                throw new RefusedException(root.location(), "spec is missing", "Say what to deploy where");
            }
            return new ApplicationSource(shown, file, path, specs.read(spec), null, confirmedPrune(document));
        } catch (RefusedException e) {
            return new ApplicationSource(shown, file, path, null, e.getMessage());
        }
    }

    @CheckForNull
    private static String confirmedPrune(Mapping document) {
        Mapping metadata = child(document, "metadata");
        return metadata == null ? null : nested(metadata, "annotations", CONFIRM_PRUNE);
    }

    private static void requireName(StrictMapping metadata) throws RefusedException {
        String name = metadata.requiredText("name");
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new RefusedException(
                    metadata.valueLocation("name"),
                    "\"" + name + "\" is not a name of a Kubernetes object",
                    "Use small letters, digits, dots and dashes");
        }
    }

    /** Two manifests of one name would fight over the same resources: neither is deployed. */
    private static List<ApplicationSource> withoutTwins(List<ApplicationSource> all) {
        Map<String, ApplicationSource> byName = new LinkedHashMap<>();
        for (ApplicationSource source : all) {
            byName.merge(source.name(), source, ApplicationReader::twin);
        }
        return List.copyOf(byName.values());
    }

    private static ApplicationSource twin(ApplicationSource first, ApplicationSource second) {
        if (first.problem() != null && first.name().equals(fileName(first.file()))) {
            return first; // Nameless ones of one file, each refused already.
        }
        RefusedException problem = new RefusedException(
                SourceLocation.of(second.file()),
                "The application " + first.name() + " stands in " + first.file() + " too",
                "Remove or rename one of the two");
        return new ApplicationSource(first.name(), first.file(), first.path(), null, problem.getMessage());
    }

    private static String fileName(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    @CheckForNull
    private static Mapping child(Mapping mapping, String key) {
        return mapping.entry(key)
                .map(e -> e.value().resolved())
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast)
                .orElse(null);
    }

    @CheckForNull
    private static String text(Mapping mapping, String key) {
        return mapping.entry(key)
                .map(e -> e.value().resolved())
                .filter(Scalar.class::isInstance)
                .map(v -> ((Scalar) v).value())
                .orElse(null);
    }

    @CheckForNull
    private static String nested(Mapping mapping, String parent, String key) {
        Mapping child = child(mapping, parent);
        return child == null ? null : text(child, key);
    }
}
