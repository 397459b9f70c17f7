package io.jenkins.plugins.gitops.core.render.transform;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.FileLoader;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Behavior;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Generator;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.ListItem;
import io.jenkins.plugins.gitops.core.render.resource.Metadata;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.source.KustomizationPath;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Generates a ConfigMap or Secret from files, literals and env files. */
public final class ConfigMapAndSecretGenerator {
    private static final int BASE64_LINE = 70;

    private final FileLoader fileLoader;
    private final Kustomization kustomization;
    private final Generator generator;

    public ConfigMapAndSecretGenerator(FileLoader fileLoader, Kustomization kustomization, Generator generator) {
        this.fileLoader = fileLoader;
        this.kustomization = kustomization;
        this.generator = generator;
    }

    /** Adds the generated resource, or merges it with the existing one, or replaces that. */
    public void addTo(ResourceList resources) throws UserErrorException, IOException {
        Resource generated = generate();
        List<Resource> found = resources.byAnyId(generated.id());
        boolean create = generator.behavior() == Behavior.CREATE;
        if (create && found.isEmpty()) {
            resources.append(generated);
            return;
        }
        if (create || found.size() != 1) {
            throw new UserErrorException(
                    generator.at(),
                    "there is " + (found.isEmpty() ? "no " : found.size() > 1 ? "more than one " : "already a ")
                            + generated.id(),
                    create ? "Use behavior merge or replace" : "Correct name and namespace, or use behavior create");
        }
        Resource old = found.get(0);
        if (generator.behavior() == Behavior.MERGE) {
            mergeData(old.root(), generated.root(), "data");
            mergeData(old.root(), generated.root(), "binaryData");
        }
        takeOver(old, generated);
        resources.replace(old, generated);
    }

    private Resource generate() throws UserErrorException, IOException {
        YamlValue root = YamlValue.map();
        root.set("apiVersion", YamlValue.string("v1"));
        root.set("kind", YamlValue.string(generator.kind()));
        Metadata.set(root, "name", YamlValue.string(generator.name()));
        if (!generator.namespace().isEmpty()) {
            Metadata.set(root, "namespace", YamlValue.string(generator.namespace()));
        }
        boolean secret = generator.kind().equals("Secret");
        if (secret) {
            root.set("type", YamlValue.string(generator.type().isEmpty() ? "Opaque" : generator.type()));
        }
        for (Map.Entry<String, byte[]> entry : data().entrySet()) {
            setData(root, entry.getKey(), entry.getValue(), secret);
        }
        if (secret && root.get("data") == null) {
            root.set("data", YamlValue.map());
        }
        setStrings(root, "labels", generator.options().labels());
        setStrings(root, "annotations", generator.options().annotations());
        if (generator.options().immutable()) {
            root.set("immutable", YamlValue.tagged(ValueTag.BOOL, "true"));
        }
        Resource resource = new Resource(root, generator.at());
        if (!generator.options().disableHash()) {
            resource.requestHash();
        }
        return resource;
    }

    private static void setStrings(YamlValue root, String section, Map<String, String> strings) {
        if (!strings.isEmpty()) {
            Metadata.setStrings(root, section, strings);
            Metadata.section(root, section).fields().values().forEach(YamlValue::quoted);
        }
    }

    private static void setData(YamlValue root, String key, byte[] value, boolean secret) {
        String text = new String(value, StandardCharsets.UTF_8);
        boolean isText = !secret && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), value);
        String section = secret || isText ? "data" : "binaryData";
        if (root.get(section) == null) {
            root.set(section, YamlValue.map());
        }
        root.get(section).set(key, YamlValue.string(isText ? text : base64(value)));
    }

    /** Encodes in lines, each with a line end, if it does not fit on one line. */
    private static String base64(byte[] value) {
        String encoded = Base64.getEncoder().encodeToString(value);
        if (encoded.length() < BASE64_LINE) {
            return encoded;
        }
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < encoded.length(); i += BASE64_LINE) {
            lines.append(encoded, i, Math.min(encoded.length(), i + BASE64_LINE))
                    .append('\n');
        }
        return lines.toString();
    }

    /** The entries, sorted by key. */
    private Map<String, byte[]> data() throws UserErrorException, IOException {
        Map<String, byte[]> data = new TreeMap<>();
        for (ListItem env : generator.envs()) {
            String file = fileLoader.resolveFile(kustomization, env.text(), env.at());
            for (Map.Entry<String, String> variable :
                    EnvFile.parse(file, fileLoader.read(kustomization, env.text(), env.at()))) {
                put(data, variable.getKey(), variable.getValue().getBytes(StandardCharsets.UTF_8), env.at());
            }
        }
        for (ListItem literal : generator.literals()) {
            int equals = literal.text().indexOf('=');
            if (equals <= 0) {
                throw new UserErrorException(literal.at(), "a literal must have the form key=value", "Use that form");
            }
            String value = unquoted(literal.text().substring(equals + 1));
            put(data, literal.text().substring(0, equals), value.getBytes(StandardCharsets.UTF_8), literal.at());
        }
        for (ListItem file : generator.files()) {
            String[] parts = file.text().split("=", -1);
            boolean named = parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty();
            if (parts.length != 1 && !named) {
                throw new UserErrorException(file.at(), "a file must have the form path or key=path", "Use that form");
            }
            String path = parts[parts.length - 1];
            put(
                    data,
                    named ? parts[0] : KustomizationPath.name(path),
                    fileLoader.read(kustomization, path, file.at()),
                    file.at());
        }
        return data;
    }

    private void put(Map<String, byte[]> data, String key, byte[] value, SourceLocation at) throws UserErrorException {
        if (!key.matches("[-._a-zA-Z0-9]+")) {
            throw new UserErrorException(
                    at, key + " is not a valid key of a " + generator.kind(), "Use letters, digits, -, _ and . only");
        }
        if (data.put(key, value) != null) {
            throw new UserErrorException(at, "the key " + key + " is generated twice", "Remove one of the two");
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static void mergeData(YamlValue old, YamlValue generated, String section) {
        Map<String, String> merged = new TreeMap<>(texts(old.get(section)));
        merged.putAll(texts(generated.get(section)));
        generated.remove(section);
        if (!merged.isEmpty()) {
            YamlValue data = YamlValue.map();
            merged.forEach((key, value) -> data.set(key, YamlValue.string(value)));
            generated.set(section, data);
        }
    }

    private static Map<String, String> texts(YamlValue map) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (map != null) {
            map.fields().forEach((key, value) -> texts.put(key, value.isNull() ? "" : value.text()));
        }
        return texts;
    }

    /**
     * Keeps name, namespace and previous names of the old resource; the generator's labels and annotations take
     * precedence.
     */
    private static void takeOver(Resource old, Resource generated) {
        YamlValue root = generated.root();
        Map<String, String> labels = Metadata.strings(old.root(), "labels");
        labels.putAll(Metadata.strings(root, "labels"));
        Metadata.setStrings(root, "labels", labels);
        boolean hash = generated.needsHash() && old.needsHash();
        Map<String, String> own = Metadata.strings(root, "annotations");
        own.keySet().removeAll(generated.internalAnnotations().keySet());
        Map<String, String> annotations = Metadata.strings(old.root(), "annotations");
        annotations.putAll(own);
        if (!hash) {
            annotations.remove(Resource.NEEDS_HASH);
        }
        Metadata.setStrings(root, "annotations", annotations);
        generated.setName(old.name());
        Metadata.setNamespace(root, old.namespace());
    }
}
