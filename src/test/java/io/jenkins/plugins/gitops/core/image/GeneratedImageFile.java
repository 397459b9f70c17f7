package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.ImageRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A file of each kind that {@link ImageFile} supports, with unrelated content around its images, generated from a seed.
 */
final class GeneratedImageFile implements ImageFileSample {
    /** The kinds of image occurrences. */
    enum OccurrenceKind {
        KUSTOMIZATION,
        ARGO_IMAGES,
        ARGO_PARAMETERS,
        ARGO_VALUES,
        VALUES,
        VALUES_TEXT,
        MANIFEST,
        CUSTOM_RESOURCE,
        HELM_RELEASE,
        FLUX_KUSTOMIZATION,
        VALUES_INLINE,
        RULE_TAG,
        RULE_IMAGE
    }

    private static final List<String> TAGS =
            List.of("v1", "sha-a1b2c3d", "1.2.3", "latest", "1.10", "2024-01-01", "on", "0777");
    static final List<String> PATHS = List.of("image", "backend.image");

    /** Kinds of which only the first document is read. */
    private static final Set<OccurrenceKind> FIRST_DOCUMENT = Set.of(
            OccurrenceKind.KUSTOMIZATION,
            OccurrenceKind.VALUES,
            OccurrenceKind.VALUES_TEXT,
            OccurrenceKind.VALUES_INLINE);

    private final Random random;
    private final OccurrenceKind kind;
    private ImageSearch search = ImageSearch.at(PATHS);
    /** The path of the edited value; begins with the document. */
    private final List<Object> path = new ArrayList<>();

    private final String text;
    private String image;
    /** The text before the tag in the edited value. */
    private String before = "";

    GeneratedImageFile(OccurrenceKind kind, long seed) {
        this.kind = kind;
        this.random = new Random(seed * 31 + kind.ordinal());
        Map<String, Object> document =
                switch (kind) {
                    case KUSTOMIZATION -> kustomization();
                    case ARGO_IMAGES, ARGO_PARAMETERS, ARGO_VALUES -> application();
                    case VALUES, VALUES_TEXT -> values(kind == OccurrenceKind.VALUES_TEXT);
                    case MANIFEST -> manifest();
                    case CUSTOM_RESOURCE -> customResource();
                    case HELM_RELEASE -> helmRelease();
                    case FLUX_KUSTOMIZATION -> fluxKustomization();
                    case VALUES_INLINE -> valuesInline();
                    case RULE_TAG, RULE_IMAGE -> ruled(kind == OccurrenceKind.RULE_IMAGE);
                };
        List<Object> documents = new ArrayList<>(List.of(document));
        boolean several = !FIRST_DOCUMENT.contains(kind);
        int at = 0;
        if (several && chance(2)) {
            at = random.nextInt(2);
            documents.add(1 - at, "apiVersion: v1 # other\nkind: ConfigMap\ndata: {image: 'o/app-0:v1'}");
        }
        path.add(0, at);
        this.text = new RandomYaml(random).text(documents);
    }

    @Override
    public String file() {
        return "f.yaml";
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public List<List<Object>> paths() {
        return List.of(path);
    }

    @Override
    public String image() {
        return image;
    }

    @Override
    public String value(String tag) {
        return before + tag;
    }

    private Map<String, Object> kustomization() {
        List<Object> images = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        int chosen = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", name(i));
            if (chance(3)) {
                entry.put("newName", "mirror/app-" + i);
            }
            entry.put("newTag", tag());
            images.add(shuffled(entry));
        }
        path.addAll(List.of("images", chosen, "newTag"));
        image = name(chosen);
        return withNoise("images", images, "resources");
    }

    private Map<String, Object> application() {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("repoURL", "https://git.example/r");
        source.put("path", "services/a");
        switch (kind) {
            case ARGO_IMAGES -> source.put("kustomize", Map.of("images", argoImages()));
            case ARGO_PARAMETERS -> source.put("helm", Map.of("parameters", parameters()));
            default -> source.put("helm", Map.of("valuesObject", values(chance(3))));
        }
        if (kind != OccurrenceKind.ARGO_IMAGES) {
            path.addAll(0, List.of("helm", kind == OccurrenceKind.ARGO_VALUES ? "valuesObject" : "parameters"));
        } else {
            path.addAll(0, List.of("kustomize", "images"));
        }
        boolean several = chance(3);
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("project", "default");
        spec.put(several ? "sources" : "source", several ? List.of(Map.of("chart", "c"), source) : source);
        path.addAll(0, several ? List.of("spec", "sources", 1) : List.of("spec", "source"));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", "argoproj.io/v1alpha1");
        document.put("kind", "Application");
        document.put("spec", shuffled(spec));
        return document;
    }

    private List<Object> argoImages() {
        int chosen = random.nextInt(3);
        List<Object> images = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String start =
                    switch (random.nextInt(3)) {
                        case 0 -> name(i) + "=mirror/app-" + i + ":";
                        case 1 -> name(i) + "=reg.example:5000/app-" + i + ":";
                        default -> name(i) + ":";
                    };
            images.add(start + tag());
            before = i == chosen ? start : before;
        }
        path.add(chosen);
        image = name(chosen);
        return images;
    }

    private List<Object> parameters() {
        String at = PATHS.get(random.nextInt(2));
        List<Map<String, Object>> parameters = new ArrayList<>();
        image = "reg.example:5000/o/a";
        parameters.add(parameter(at + ".repository", image));
        parameters.add(parameter(at + ".tag", tag()));
        parameters.add(parameter("service.port", "p80"));
        Collections.shuffle(parameters, random);
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).get("name").equals(at + ".tag")) {
                path.addAll(List.of(i, "value"));
            }
        }
        return new ArrayList<>(parameters);
    }

    private Map<String, Object> parameter(String name, String value) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("value", value);
        parameter.put("forceString", true);
        return shuffled(parameter);
    }

    private Map<String, Object> values(boolean asText) {
        boolean deep = chance(2);
        image = "ghcr.io/o/a";
        Object value;
        if (asText) {
            before = image + ":";
            value = before + tag();
        } else {
            Map<String, Object> fields = new LinkedHashMap<>();
            boolean registry = chance(3);
            if (registry) {
                fields.put("registry", "ghcr.io");
            }
            fields.put("repository", registry ? "o/a" : image);
            fields.put("tag", tag());
            fields.put("pullPolicy", "Always");
            value = shuffled(fields);
        }
        path.addAll(deep ? List.of("backend", "image") : List.of("image"));
        if (!asText) {
            path.add("tag");
        }
        return deep
                ? withNoise("backend", shuffled(new LinkedHashMap<>(Map.of("image", value, "port", "p1"))), "env")
                : withNoise("image", value, "env");
    }

    private Map<String, Object> manifest() {
        String list = chance(3) ? "initContainers" : "containers";
        List<Object> containers = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        int chosen = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            Map<String, Object> container = new LinkedHashMap<>();
            container.put("name", "c" + i);
            container.put("image", name(i) + ":" + tag());
            container.put("args", List.of("a", "image: x"));
            containers.add(shuffled(container));
        }
        image = name(chosen);
        before = image + ":";
        boolean cron = chance(3);
        Object spec = Map.of("template", Map.of("spec", Map.of(list, containers)));
        path.addAll(cron ? List.of("spec", "jobTemplate", "spec") : List.of("spec"));
        path.addAll(List.of("template", "spec", list, chosen, "image"));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", "apps/v1");
        document.put("kind", cron ? "CronJob" : "Deployment");
        document.put("spec", cron ? Map.of("jobTemplate", Map.of("spec", spec)) : spec);
        return shuffled(document);
    }

    @Override
    public ImageSearch search() {
        return search;
    }

    private Map<String, Object> object(String version, String name, Object spec) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", version);
        document.put("kind", name);
        document.put("spec", spec);
        return shuffled(document);
    }

    private Map<String, Object> customResource() {
        List<Object> containers = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        int chosen = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            Map<String, Object> container = new LinkedHashMap<>();
            container.put("name", "c" + i);
            container.put("image", name(i) + ":" + tag());
            containers.add(shuffled(container));
        }
        image = name(chosen);
        before = image + ":";
        path.addAll(List.of("spec", "parts", 1, "pod", "containers", chosen, "image"));
        Object pod = Map.of("pod", Map.of("containers", containers));
        return object("example.com/v1", "Thing", Map.of("parts", List.of("none", pod), "image", "plain"));
    }

    private Map<String, Object> helmRelease() {
        Map<String, Object> values = values(chance(3));
        path.addAll(0, List.of("spec", "values"));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("interval", "1h");
        spec.put("values", values);
        return object("helm.toolkit.fluxcd.io/v2", "HelmRelease", shuffled(spec));
    }

    private Map<String, Object> fluxKustomization() {
        Map<String, Object> spec = kustomization();
        path.add(0, "spec");
        return object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", spec);
    }

    private Map<String, Object> valuesInline() {
        Map<String, Object> values = values(chance(3));
        path.addAll(0, List.of("helmCharts", 1, "valuesInline"));
        Map<String, Object> chart = new LinkedHashMap<>();
        chart.put("name", "c");
        chart.put("valuesInline", values);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", "Kustomization");
        document.put("helmCharts", List.of(Map.of("name", "other"), shuffled(chart)));
        return shuffled(document);
    }

    private Map<String, Object> ruled(boolean whole) {
        image = "ghcr.io/o/a";
        String value = (whole ? image + ":" : "") + tag();
        before = whole ? image + ":" : "";
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("name", "api");
        item.put("v.x", value);
        boolean byName = chance(2);
        String at = "parts" + (byName ? "[name=api]" : "[1]") + ".v\\.x";
        path.addAll(List.of("parts", 1, "v.x"));
        List<String> paths = List.of(at, "nowhere.tag");
        search = new ImageSearch(
                List.of(),
                List.of(new ImageRule(
                        image, List.of(), whole ? List.of() : paths, whole ? paths : List.of(), List.of(), List.of())),
                null);
        return withNoise("parts", List.of(Map.of("name", "web", "v", "v0"), shuffled(item)), "env");
    }

    /** Surrounds one entry with content that no edit may change. */
    private Map<String, Object> withNoise(String key, Object value, String list) {
        Map<String, Object> noise = new LinkedHashMap<>();
        noise.put(list, List.of("../base", "b c"));
        noise.put("namespace", "payments");
        noise.put("labels", Map.of("a", "b: c"));
        noise.put("note", new RandomYaml.Raw("|-", List.of("tag: v1", "# no comment")));
        noise.put("folded", new RandomYaml.Raw(">-", List.of("one", "two \u00e4")));
        noise.put("x-tags", new RandomYaml.Raw("[&t one, *t, *t]", List.of()));
        noise.put(key, value);
        return shuffled(noise);
    }

    private <T> Map<String, T> shuffled(Map<String, T> map) {
        List<String> keys = new ArrayList<>(map.keySet());
        Collections.sort(keys);
        Collections.shuffle(keys, random);
        Map<String, T> shuffled = new LinkedHashMap<>();
        keys.forEach(key -> shuffled.put(key, map.get(key)));
        return shuffled;
    }

    private static String name(int number) {
        return "ghcr.io/myorg/app-" + number;
    }

    private String tag() {
        return TAGS.get(random.nextInt(TAGS.size()));
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
