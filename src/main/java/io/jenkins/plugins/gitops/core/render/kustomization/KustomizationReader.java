package io.jenkins.plugins.gitops.core.render.kustomization;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.ImageTransform;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Labels;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.ListItem;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.PatchEntry;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Replica;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.SortOptions;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.StringField;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpec;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpecs;
import io.jenkins.plugins.gitops.core.render.resource.TargetSelector;
import io.jenkins.plugins.gitops.core.render.yaml.TextOrigin;
import io.jenkins.plugins.gitops.core.render.yaml.TypedFields;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser.Dialect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads a kustomization file as strictly as kustomize does. */
final class KustomizationReader {
    private static final String GROUP = "kustomize.config.k8s.io/";
    private static final Set<String> SUPPORTED = Set.of(
            "apiVersion",
            "kind",
            "metadata",
            "resources",
            "bases",
            "components",
            "namespace",
            "namePrefix",
            "nameSuffix",
            "commonLabels",
            "labels",
            "commonAnnotations",
            "patches",
            "patchesStrategicMerge",
            "patchesJson6902",
            "images",
            "imageTags",
            "replicas",
            "configMapGenerator",
            "secretGenerator",
            "generatorOptions",
            "sortOptions");
    private static final List<String> NOT_SUPPORTED = List.of(
            "openapi",
            "replacements",
            "vars",
            "crds",
            "helmGlobals",
            "helmCharts",
            "helmChartInflationGenerator",
            "configurations",
            "generators",
            "transformers",
            "validators",
            "buildMetadata");
    private static final Map<String, String> DEPRECATED = new TreeMap<>(Map.of(
            "bases", "resources",
            "commonLabels", "labels",
            "imageTags", "images",
            "patchesJson6902", "patches",
            "patchesStrategicMerge", "patches"));

    private final TypedFields fields;
    private final String folder;
    /** The documents after the first one. */
    private final List<YamlValue> ignored;

    private KustomizationReader(TypedFields fields, String folder, List<YamlValue> ignored) {
        this.fields = fields;
        this.folder = folder;
        this.ignored = ignored;
    }

    /**
     * @param folder the folder that the paths of the file are relative to
     * @throws UserErrorException if the file is not a kustomization, or contains something unsupported
     */
    static Kustomization read(String file, String folder, byte[] content) throws UserErrorException {
        List<YamlValue> documents = YamlValueParser.parse(TextOrigin.file(file), Dialect.YAML_11, content);
        SourceLocation at = SourceLocation.of(file);
        if (documents.isEmpty() || documents.get(0).isNull()) {
            throw empty(at);
        }
        Set<String> known = new HashSet<>(SUPPORTED);
        known.addAll(NOT_SUPPORTED);
        TypedFields fields = TypedFields.of(documents.get(0), "a kustomization", known, at);
        refuseNotSupported(fields);
        List<YamlValue> ignored = documents.subList(1, documents.size());
        return new KustomizationReader(fields, folder, ignored).read();
    }

    private static UserErrorException empty(SourceLocation at) {
        return new UserErrorException(at, "the kustomization is empty", "List its resources");
    }

    private static void refuseNotSupported(TypedFields fields) throws UserErrorException {
        for (String name : NOT_SUPPORTED) {
            if (!YamlValue.isNilOrEmpty(fields.node(name))) {
                throw new UserErrorException(
                        fields.location(name),
                        name + " is not supported here",
                        "Render it with kustomize and commit the result, or remove it");
            }
        }
    }

    private Kustomization read() throws UserErrorException {
        boolean component = readType();
        checkNotEmpty();
        checkMetadata();
        List<ListItem> resources = new ArrayList<>(entries("resources"));
        resources.addAll(entries("bases"));
        return new Kustomization(
                fields.location(),
                folder,
                component,
                resources,
                entries("components"),
                setting("namespace"),
                setting("namePrefix"),
                setting("nameSuffix"),
                labels(),
                annotations(),
                new GeneratorReader(fields).read(),
                entries("patchesStrategicMerge"),
                patches("patches", true),
                patches("patchesJson6902", false),
                images(),
                replicas(),
                sorting(),
                warnings());
    }

    /** Whether it is a component. */
    private boolean readType() throws UserErrorException {
        String kind = fields.string("kind");
        String version = fields.string("apiVersion");
        boolean component = kind.equals("Component");
        if (!component && !kind.isEmpty() && !kind.equals("Kustomization")) {
            throw new UserErrorException(
                    fields.location("kind"), "a kustomization cannot be of kind " + kind, "Write kind: Kustomization");
        }
        String wanted = GROUP + (component ? "v1alpha1" : "v1beta1");
        if (!version.isEmpty() && !version.equals(wanted)) {
            throw new UserErrorException(
                    fields.location("apiVersion"),
                    "the apiVersion of a " + (component ? "Component" : "Kustomization") + " is not " + version,
                    "Write apiVersion: " + wanted);
        }
        return component;
    }

    private void checkNotEmpty() throws UserErrorException {
        for (String name : SUPPORTED) {
            if (!name.equals("kind") && !name.equals("apiVersion") && fields.has(name)) {
                return;
            }
        }
        throw empty(fields.location());
    }

    private void checkMetadata() throws UserErrorException {
        YamlValue metadata = fields.node("metadata");
        if (metadata != null) {
            Set<String> known = Set.of("name", "namespace", "labels", "annotations");
            TypedFields checked = TypedFields.of(metadata, "the metadata of a kustomization", known, fields.location());
            checked.string("name");
            checked.string("namespace");
            checked.strings("labels");
            checked.strings("annotations");
        }
    }

    private StringField setting(String name) throws UserErrorException {
        return new StringField(fields.location(name), fields.string(name));
    }

    private List<ListItem> entries(String name) throws UserErrorException {
        return entries(fields, name);
    }

    static List<ListItem> entries(TypedFields fields, String name) throws UserErrorException {
        List<ListItem> entries = new ArrayList<>();
        for (YamlValue item : fields.list(name)) {
            String what = "an entry of " + name;
            entries.add(
                    new ListItem(item.location(fields.location()), TypedFields.string(item, what, fields.location())));
        }
        return entries;
    }

    /** The labels in the order in which they are set. */
    private List<Labels> labels() throws UserErrorException {
        List<Labels> all = new ArrayList<>();
        for (YamlValue item : fields.list("labels")) {
            Set<String> known = Set.of("pairs", "includeSelectors", "includeTemplates", "fields");
            TypedFields label = TypedFields.of(item, "an entry of labels", known, fields.location());
            if (!YamlValue.isNilOrEmpty(label.node("fields"))) {
                throw new UserErrorException(
                        label.location("fields"),
                        "fields of labels are not supported here",
                        "Use includeSelectors or includeTemplates, or a patch");
            }
            boolean templates = label.bool("includeTemplates");
            List<FieldSpec> specs = label.bool("includeSelectors")
                    ? FieldSpecs.COMMON_LABELS
                    : templates ? FieldSpecs.TEMPLATE_LABELS : FieldSpecs.METADATA_LABELS;
            all.add(new Labels(label.location(), new TreeMap<>(label.strings("pairs")), specs));
        }
        Map<String, String> common = new TreeMap<>(fields.strings("commonLabels"));
        if (!common.isEmpty()) {
            all.add(new Labels(fields.location("commonLabels"), common, FieldSpecs.COMMON_LABELS));
        }
        return all;
    }

    @CheckForNull
    private Labels annotations() throws UserErrorException {
        Map<String, String> pairs = new TreeMap<>(fields.strings("commonAnnotations"));
        return pairs.isEmpty()
                ? null
                : new Labels(fields.location("commonAnnotations"), pairs, FieldSpecs.COMMON_ANNOTATIONS);
    }

    private List<PatchEntry> patches(String name, boolean withoutTarget) throws UserErrorException {
        List<PatchEntry> patches = new ArrayList<>();
        for (YamlValue item : fields.list(name)) {
            Set<String> known = Set.of("path", "patch", "target", "options");
            TypedFields patch = TypedFields.of(item, "an entry of " + name, known, fields.location());
            String inline = patch.string("patch").strip();
            String path = patch.string("path");
            if (inline.isEmpty() == path.isEmpty()) {
                throw new UserErrorException(
                        patch.location(), "a patch needs either path or patch", "Write one of the two");
            }
            YamlValue target = patch.node("target");
            TargetSelector selector = target == null ? null : TargetSelector.read(target, patch.location());
            if (!withoutTarget && (selector == null || !selector.isNamed())) {
                throw new UserErrorException(
                        patch.location(), "an entry of " + name + " needs a target with a name", "Add target.name");
            }
            YamlValue options = patch.node("options");
            TypedFields allowed = TypedFields.of(
                    options == null ? YamlValue.map() : options,
                    "the options of a patch",
                    Set.of("allowNameChange", "allowKindChange"),
                    patch.location());
            YamlValue text = inline.isEmpty() ? null : patch.node("patch");
            boolean nameChange = allowed.bool("allowNameChange");
            boolean kindChange = allowed.bool("allowKindChange");
            patches.add(new PatchEntry(patch.location(), text, path, selector, nameChange, kindChange));
        }
        return patches;
    }

    private List<ImageTransform> images() throws UserErrorException {
        List<YamlValue> items = new ArrayList<>(fields.list("images"));
        items.addAll(fields.list("imageTags"));
        List<ImageTransform> images = new ArrayList<>();
        for (YamlValue item : items) {
            Set<String> known = Set.of("name", "newName", "newTag", "digest", "tagSuffix");
            TypedFields image = TypedFields.of(item, "an entry of images", known, fields.location());
            images.add(new ImageTransform(
                    image.location(),
                    image.string("name"),
                    image.string("newName"),
                    image.string("newTag"),
                    image.string("digest"),
                    image.string("tagSuffix")));
        }
        return images;
    }

    private List<Replica> replicas() throws UserErrorException {
        List<Replica> replicas = new ArrayList<>();
        for (YamlValue item : fields.list("replicas")) {
            TypedFields replica =
                    TypedFields.of(item, "an entry of replicas", Set.of("name", "count"), fields.location());
            replicas.add(new Replica(replica.location(), replica.string("name"), replica.integer("count")));
        }
        return replicas;
    }

    @CheckForNull
    private SortOptions sorting() throws UserErrorException {
        YamlValue yamlValue = fields.node("sortOptions");
        if (yamlValue == null) {
            return null;
        }
        Set<String> known = Set.of("order", "legacySortOptions");
        TypedFields options = TypedFields.of(yamlValue, "sortOptions", known, fields.location());
        String order = options.string("order");
        YamlValue legacy = options.node("legacySortOptions");
        if (!order.equals("legacy") && (!order.equals("fifo") || legacy != null)) {
            throw new UserErrorException(
                    options.location("order"),
                    "sortOptions needs the order legacy, or fifo without legacySortOptions",
                    "Write order: legacy or order: fifo");
        }
        if (legacy == null) {
            return new SortOptions(order.equals("legacy"), SortOrder.FIRST, SortOrder.LAST);
        }
        TypedFields kinds =
                TypedFields.of(legacy, "legacySortOptions", Set.of("orderFirst", "orderLast"), options.location());
        return new SortOptions(true, texts(kinds, "orderFirst"), texts(kinds, "orderLast"));
    }

    private static List<String> texts(TypedFields fields, String name) throws UserErrorException {
        return entries(fields, name).stream().map(ListItem::text).toList();
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        ignored.stream()
                .filter(document -> !document.isNull())
                .findFirst()
                .ifPresent(document -> warnings.add(document.location(fields.location())
                        + ": kustomize reads only the first document of a kustomization. Remove the others."));
        DEPRECATED.forEach((name, instead) -> {
            if (fields.has(name)) {
                warnings.add(fields.location(name) + ": " + name + " is deprecated. Use " + instead
                        + ", as kustomize edit fix does.");
            }
        });
        return warnings;
    }
}
