package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.RenderBudget;
import io.jenkins.plugins.gitops.core.render.yaml.JavaValues;
import io.jenkins.plugins.gitops.core.render.yaml.ScalarResolver;
import io.jenkins.plugins.gitops.core.render.yaml.TextOrigin;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads manifests without a kustomization, as Kubernetes' own YAML reader does. */
public final class PlainManifestReader {
    private PlainManifestReader() {}

    /**
     * Returns the objects of a YAML or JSON file, with lists expanded.
     *
     * @param file path relative to the repository's root, for messages
     * @return plain values as in {@link RenderResult#manifests()}; YAML 1.1, so a plain yes is a boolean
     * @throws UserErrorException if the file is not YAML, a key is a duplicate or not a string, or a document is not an
     *     object
     */
    public static List<Map<String, Object>> read(String file, byte[] content) throws UserErrorException {
        return read(file, content, RenderBudget.start());
    }

    /**
     * Reads one of several files, as {@link #read(String, byte[])} does.
     *
     * @param budget shared by all of them
     */
    public static List<Map<String, Object>> read(String file, byte[] content, RenderBudget budget)
            throws UserErrorException {
        budget.checkTime(SourceLocation.of(file));
        TextOrigin origin = TextOrigin.file(file);
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (YamlValue document : YamlValueParser.parse(origin, Dialect.YAML_11, content)) {
            if (!document.isNull()) {
                add(document, origin, budget, manifests);
            }
        }
        return manifests;
    }

    private static void add(
            YamlValue yamlValue, TextOrigin origin, RenderBudget budget, List<Map<String, Object>> manifests)
            throws UserErrorException {
        if (!yamlValue.isMap() || yamlValue.textOf("kind").isEmpty()) {
            throw new UserErrorException(
                    yamlValue.location(origin.at(0, 0)),
                    "this is not a Kubernetes object, because it has no kind",
                    "Add apiVersion and kind, or move it out of the folder");
        }
        YamlValue items = yamlValue.get("items");
        if (items == null || !items.isList() || !yamlValue.textOf("kind").endsWith("List")) {
            budget.object(yamlValue.weight(), yamlValue.location(origin.at(0, 0)));
            ScalarResolver.readAsYaml11(yamlValue);
            manifests.add(JavaValues.ofMap(yamlValue));
            return;
        }
        for (YamlValue item : items.items()) {
            add(item, origin, budget, manifests);
        }
    }
}
