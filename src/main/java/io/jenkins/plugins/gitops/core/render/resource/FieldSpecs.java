package io.jenkins.plugins.gitops.core.render.resource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields that the built-in transformers change, from {@code field-specs.txt}. */
public final class FieldSpecs {
    private static final Map<String, List<FieldSpec>> SECTIONS = load();
    private static final String NAME_REFERENCE = "nameReference ";

    public static final List<FieldSpec> COMMON_LABELS = SECTIONS.get("commonLabels");
    public static final List<FieldSpec> TEMPLATE_LABELS = SECTIONS.get("templateLabels");
    public static final List<FieldSpec> COMMON_ANNOTATIONS = SECTIONS.get("commonAnnotations");
    public static final List<FieldSpec> NAMESPACE = SECTIONS.get("namespace");
    public static final List<FieldSpec> IMAGES = SECTIONS.get("images");
    public static final List<FieldSpec> REPLICAS = SECTIONS.get("replicas");
    public static final List<FieldSpec> METADATA_LABELS =
            List.of(new FieldSpec(new Gvk("", "", ""), "metadata/labels", true));
    public static final List<NameReference> NAME_REFERENCES = nameReferences();

    /**
     * A field with the name of another resource.
     *
     * @param target the kind of the referenced resource
     * @param field the field that contains the name
     */
    public record NameReference(Gvk target, FieldSpec field) {}

    private FieldSpecs() {}

    private static Map<String, List<FieldSpec>> load() {
        Map<String, List<FieldSpec>> sections = new LinkedHashMap<>();
        List<FieldSpec> section = List.of();
        for (String line : TableFile.lines("field-specs.txt")) {
            if (line.startsWith("[")) {
                section = new ArrayList<>();
                sections.put(line.substring(1, line.length() - 1), section);
            } else {
                String[] cells = line.split(" ");
                Gvk gvk = new Gvk(TableFile.cell(cells[0]), TableFile.cell(cells[1]), TableFile.cell(cells[2]));
                section.add(new FieldSpec(gvk, cells[3], Boolean.parseBoolean(cells[4])));
            }
        }
        return sections;
    }

    private static List<NameReference> nameReferences() {
        List<NameReference> references = new ArrayList<>();
        SECTIONS.forEach((name, specs) -> {
            if (name.startsWith(NAME_REFERENCE)) {
                String[] cells = name.substring(NAME_REFERENCE.length()).split(" ");
                Gvk target = new Gvk(TableFile.cell(cells[0]), TableFile.cell(cells[1]), TableFile.cell(cells[2]));
                specs.forEach(spec -> references.add(new NameReference(target, spec)));
            }
        });
        return List.copyOf(references);
    }
}
