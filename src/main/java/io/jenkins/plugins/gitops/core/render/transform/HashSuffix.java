package io.jenkins.plugins.gitops.core.render.transform;

import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.yaml.GoJson;
import io.jenkins.plugins.gitops.core.render.yaml.JavaValues;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Appends a hash of the content to the names of generated resources, so that changed content results in a new resource.
 */
public final class HashSuffix {
    private static final int LENGTH = 10;

    private HashSuffix() {}

    public static void apply(ResourceList resources) {
        for (Resource resource : resources.resources()) {
            if (resource.needsHash()) {
                String hash = hash(resource);
                resource.storePreviousId();
                resource.setName(resource.name() + "-" + hash);
            }
        }
        resources.idsChanged();
    }

    private static String hash(Resource resource) {
        YamlValue root = resource.root();
        Map<String, Object> content = new LinkedHashMap<>();
        boolean secret = resource.kind().equals("Secret");
        putMap(content, root, secret ? "stringData" : "binaryData");
        YamlValue data = root.get("data");
        content.put("data", YamlValue.isMissingOrNull(data) ? "" : JavaValues.of(data));
        content.put("kind", resource.kind());
        // Always empty, because kustomize reads the name from a field that does not exist.
        content.put("name", "");
        if (secret) {
            content.put("type", root.textOf("type"));
        }
        return encode(Sha256.hex(GoJson.write(content)));
    }

    private static void putMap(Map<String, Object> content, YamlValue root, String name) {
        YamlValue map = root.get(name);
        if (map != null && map.isMap()) {
            content.put(name, JavaValues.ofMap(map));
        }
    }

    /** Avoids vowels and similar characters, so that the suffix is never a word. */
    private static String encode(String hex) {
        return hex.substring(0, LENGTH)
                .replace('0', 'g')
                .replace('1', 'h')
                .replace('3', 'k')
                .replace('a', 'm')
                .replace('e', 't');
    }
}
