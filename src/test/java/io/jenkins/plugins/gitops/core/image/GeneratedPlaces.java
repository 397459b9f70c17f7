package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.ImageRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Places of images that a rule or a path names, that several workloads share, or that are written as JSON, from a seed. */
final class GeneratedPlaces implements ImageFileSample {
    /** What kind of place is set. */
    enum PlaceKind {
        BARE_TAG,
        BARE_VERSION,
        RULE_IN_OBJECT,
        RULE_WITH_DIGEST,
        APPLICATION_SET,
        KNATIVE,
        SEVERAL_WORKLOADS,
        ANCHORED_TAG,
        ANCHORED_IMAGE,
        MARKED,
        JSON_VALUES,
        JSON_RULE
    }

    private static final String IMAGE = "ghcr.io/o/a";
    private static final List<String> TAGS = List.of("v1", "sha-a1b2c3d", "1.2.3", "latest", "1.10", "0777", "on");

    private final Random random;
    private final PlaceKind kind;
    private final String tag;
    private final String text;
    private final List<List<Object>> paths = new ArrayList<>();
    private ImageSearch search = ImageSearch.at(List.of());
    private String before = "";

    GeneratedPlaces(PlaceKind kind, long seed) {
        this.kind = kind;
        this.random = new Random(seed * 31 + kind.ordinal());
        this.tag = TAGS.get(random.nextInt(TAGS.size()));
        this.text = switch (kind) {
            case BARE_TAG -> yaml(bareTag());
            case BARE_VERSION -> yaml(bareVersion());
            case RULE_IN_OBJECT -> yaml(ruleInObject());
            case RULE_WITH_DIGEST -> yaml(ruleWithDigest());
            case APPLICATION_SET -> yaml(applicationSet());
            case KNATIVE -> yaml(knative());
            case SEVERAL_WORKLOADS -> severalWorkloads();
            case ANCHORED_TAG, ANCHORED_IMAGE -> anchored();
            case MARKED -> marked();
            case JSON_VALUES, JSON_RULE -> json();
        };
    }

    @Override
    public String file() {
        return kind.name().startsWith("JSON") ? "f.json" : "f.yaml";
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public ImageSearch search() {
        return search;
    }

    @Override
    public String image() {
        return IMAGE;
    }

    @Override
    public List<List<Object>> paths() {
        return paths;
    }

    @Override
    public String value(String newTag) {
        return before + newTag;
    }

    @Override
    public int lines() {
        return kind == PlaceKind.ANCHORED_TAG || kind == PlaceKind.ANCHORED_IMAGE ? 1 : paths.size();
    }

    private static ImageSearch rule(ImageRule rule) {
        return new ImageSearch(List.of(), List.of(rule), "a");
    }

    private static ImageRule tagRule(String... tags) {
        return new ImageRule(IMAGE, List.of(), List.of(tags), List.of(), List.of(), List.of());
    }

    private static ImageRule imageRule(String path) {
        return new ImageRule(IMAGE, List.of(), List.of(), List.of(path), List.of(), List.of());
    }

    private String yaml(Map<String, ?> document) {
        paths.forEach(path -> path.add(0, 0));
        return new RandomYaml(random).text(List.of(document));
    }

    private void path(Object... keys) {
        paths.add(new ArrayList<>(List.of(keys)));
    }

    private Map<String, Object> bareTag() {
        boolean deep = random.nextBoolean();
        search = rule(tagRule(deep ? "main.tags.api\\.tag" : "image_tag"));
        Map<String, Object> document = noise();
        if (deep) {
            document.put("main", Map.of("tags", shuffled(Map.of("api.tag", tag, "web.tag", "v1"))));
            path("main", "tags", "api.tag");
        } else {
            document.put("image_tag", tag);
            path("image_tag");
        }
        return shuffled(document);
    }

    private Map<String, Object> bareVersion() {
        search = ImageSearch.at(List.of("main_app"));
        Map<String, Object> app = new LinkedHashMap<>();
        app.put("image", IMAGE);
        app.put("version", tag);
        app.put("replicas", "r1");
        Map<String, Object> document = noise();
        document.put("main_app", shuffled(app));
        path("main_app", "version");
        return shuffled(document);
    }

    private Map<String, Object> ruleInObject() {
        boolean whole = random.nextBoolean();
        before = whole ? IMAGE + ":" : "";
        Map<String, Object> agent = new LinkedHashMap<>();
        agent.put("name", "main");
        agent.put("runs", before + tag);
        String at = "spec.agents[name=main].runs";
        search = rule(whole ? imageRule(at) : tagRule(at));
        path("spec", "agents", 1, "runs");
        Map<String, Object> other = shuffled(Map.of("name", "other", "runs", "v1"));
        return object(
                "example.com/v1",
                "Fleet",
                shuffled(Map.of("agents", List.of(other, shuffled(agent)), "image", "x:v1")));
    }

    private Map<String, Object> ruleWithDigest() {
        search = rule(new ImageRule(
                null, List.of(), List.of("app.tag"), List.of(), List.of("app.digest"), List.of("app.name")));
        Map<String, Object> app = new LinkedHashMap<>();
        app.put("name", IMAGE);
        app.put("tag", tag);
        app.put("digest", "");
        Map<String, Object> document = noise();
        document.put("app", shuffled(app));
        path("app", "tag");
        return shuffled(document);
    }

    private Map<String, Object> applicationSet() {
        search = rule(tagRule("spec.generators[0].list.elements[env=dev].tag"));
        List<Map<String, Object>> elements = new ArrayList<>();
        for (String env : List.of("dev", "staging", "production")) {
            Map<String, Object> element = new LinkedHashMap<>();
            element.put("env", env);
            element.put("tag", env.equals("dev") ? tag : "v1");
            element.put("cluster", "c1");
            elements.add(shuffled(element));
        }
        Collections.shuffle(elements, random);
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i).get("env").equals("dev")) {
                path("spec", "generators", 0, "list", "elements", i, "tag");
            }
        }
        Map<String, Object> generator = Map.of("list", Map.of("elements", elements));
        Map<String, Object> template = Map.of("spec", Map.of("source", Map.of("path", "charts/a")));
        return object(
                "argoproj.io/v1alpha1",
                "ApplicationSet",
                shuffled(Map.of("generators", List.of(generator), "template", template)));
    }

    private Map<String, Object> knative() {
        before = IMAGE + ":";
        path("spec", "template", "spec", "containers", 0, "image");
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("image", before + tag);
        container.put("args", List.of("image: v1"));
        Object spec = Map.of("template", Map.of("spec", Map.of("containers", List.of(shuffled(container)))));
        return object("serving.knative.dev/v1", "Service", spec);
    }

    private String severalWorkloads() {
        before = IMAGE + ":";
        List<Object> documents = new ArrayList<>();
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            List<Object> containers = new ArrayList<>();
            int at = random.nextInt(2);
            containers.add(shuffled(Map.of("name", "other", "image", "ghcr.io/o/b:v1")));
            containers.add(at, shuffled(Map.of("name", "a", "image", before + tag)));
            boolean init = random.nextBoolean();
            String list = init ? "initContainers" : "containers";
            path(i, "spec", "template", "spec", list, at, "image");
            documents.add(
                    object("apps/v1", "Deployment", Map.of("template", Map.of("spec", Map.of(list, containers)))));
        }
        return new RandomYaml(random).text(documents);
    }

    private String anchored() {
        boolean whole = kind == PlaceKind.ANCHORED_IMAGE;
        String quote = List.of("", "'", "\"").get(random.nextInt(3));
        String end = random.nextBoolean() ? "\n" : " # tag\n";
        String value = quote + tag + quote;
        String used = whole ? "job:\n  image: *a\n" : "job:\n  image:\n    tag: *a\n    repository: " + IMAGE + "\n";
        path(0, "web", "image", "tag");
        path(0, "job", "image", "tag");
        return "# c\nweb:\n  image: " + (whole ? "&a" : "") + "\n    repository: " + IMAGE + end + "    tag: "
                + (whole ? "" : "&a ") + value + end + used + (random.nextBoolean() ? "port: 1\n" : "");
    }

    private String marked() {
        boolean whole = random.nextBoolean();
        before = whole ? IMAGE + ":" : "";
        String mark = " ".repeat(1 + random.nextInt(3)) + "# gitops: image=" + IMAGE;
        String quote = List.of("'", "\"").get(random.nextInt(2));
        String value = quote + before + tag + quote;
        path(0, "a", "b");
        String other = "  c: v1 # image=" + IMAGE + "\n";
        return "x: [v1, &n v2] # " + IMAGE + "\na:\n" + (random.nextBoolean() ? other : "") + "  b: " + value + mark
                + "\n" + (random.nextBoolean() ? "d: " + tag + "\n" : "");
    }

    private String json() {
        boolean ruled = kind == PlaceKind.JSON_RULE;
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("repository", IMAGE);
        image.put("tag", tag);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("cluster", "d: [e] {f} \\u00e4 \\\"q\\\"");
        document.put("replicas", 3);
        document.put("flags", List.of(true, "v1"));
        document.put(ruled ? "list" : "image", ruled ? List.of("x", shuffled(image)) : shuffled(image));
        if (ruled) {
            search = rule(tagRule("list[1].tag"));
            path(0, "list", 1, "tag");
        } else {
            path(0, "image", "tag");
        }
        return new JsonLayout(random).text(shuffled(document));
    }

    private Map<String, Object> noise() {
        Map<String, Object> noise = new LinkedHashMap<>();
        noise.put("env", List.of("a: b", tag));
        noise.put("labels", Map.of("tag", "v1"));
        noise.put("note", new RandomYaml.Raw("|-", List.of("tag: v1", "image_tag: v1")));
        return noise;
    }

    private Map<String, Object> object(String version, String name, Object spec) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", version);
        document.put("kind", name);
        document.put("spec", spec);
        return shuffled(document);
    }

    private <T> Map<String, T> shuffled(Map<String, T> map) {
        List<String> keys = new ArrayList<>(map.keySet());
        Collections.sort(keys);
        Collections.shuffle(keys, random);
        Map<String, T> shuffled = new LinkedHashMap<>();
        keys.forEach(key -> shuffled.put(key, map.get(key)));
        return shuffled;
    }

    /** JSON as editors and programs write it: on one line, or indented with spaces or tabs, with either line end. */
    private static final class JsonLayout {
        private final String indent;
        private final String lineEnd;
        private final String colon;

        JsonLayout(Random random) {
            this.indent = List.of("", "  ", "    ", "\t").get(random.nextInt(4));
            this.lineEnd = indent.isEmpty() ? "" : random.nextBoolean() ? "\n" : "\r\n";
            this.colon = random.nextBoolean() ? ": " : " : ";
        }

        /** Values are written verbatim, with their escapes. */
        String text(Object value) {
            return text(value, 0) + lineEnd;
        }

        private String text(Object value, int depth) {
            if (value instanceof Map<?, ?> map) {
                List<String> entries = new ArrayList<>();
                map.forEach((key, item) -> entries.add("\"" + key + "\"" + colon + text(item, depth + 1)));
                return around("{", entries, "}", depth);
            }
            if (value instanceof List<?> list) {
                return around(
                        "[", list.stream().map(item -> text(item, depth + 1)).toList(), "]", depth);
            }
            return value instanceof String string ? "\"" + string + "\"" : String.valueOf(value);
        }

        private String around(String open, List<String> items, String close, int depth) {
            String inner = lineEnd + indent.repeat(depth + 1);
            return open
                    + inner
                    + String.join("," + (indent.isEmpty() ? " " : inner), items)
                    + lineEnd
                    + indent.repeat(depth)
                    + close;
        }
    }
}
