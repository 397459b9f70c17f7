package io.jenkins.plugins.gitops.core.render.kustomization;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Behavior;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Generator;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.GeneratorOptions;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.ListItem;
import io.jenkins.plugins.gitops.core.render.yaml.TypedFields;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads configMapGenerator, secretGenerator and generatorOptions of a kustomization. */
final class GeneratorReader {
    private static final Set<String> OPTIONS = Set.of("labels", "annotations", "disableNameSuffixHash", "immutable");
    private static final Set<String> FIELDS =
            Set.of("name", "namespace", "behavior", "literals", "files", "envs", "env", "options");

    private final TypedFields kustomization;

    GeneratorReader(TypedFields kustomization) {
        this.kustomization = kustomization;
    }

    List<Generator> read() throws UserErrorException {
        GeneratorOptions global = options(kustomization, "generatorOptions");
        List<Generator> generators = new ArrayList<>();
        for (YamlValue item : kustomization.list("configMapGenerator")) {
            generators.add(generator(item, "ConfigMap", global));
        }
        for (YamlValue item : kustomization.list("secretGenerator")) {
            generators.add(generator(item, "Secret", global));
        }
        return generators;
    }

    private Generator generator(YamlValue item, String kind, GeneratorOptions global) throws UserErrorException {
        Set<String> known = new HashSet<>(FIELDS);
        if (kind.equals("Secret")) {
            known.add("type");
        }
        TypedFields fields = TypedFields.of(item, "a generator of a " + kind, known, kustomization.location());
        String name = fields.string("name");
        if (name.isEmpty()) {
            throw new UserErrorException(fields.location(), "a generated " + kind + " needs a name", "Add its name");
        }
        List<ListItem> envs = new ArrayList<>(KustomizationReader.entries(fields, "envs"));
        if (!fields.string("env").isEmpty()) {
            envs.add(new ListItem(fields.location("env"), fields.string("env")));
        }
        return new Generator(
                fields.location(),
                kind,
                name,
                fields.string("namespace"),
                behavior(fields),
                kind.equals("Secret") ? fields.string("type") : "",
                KustomizationReader.entries(fields, "literals"),
                KustomizationReader.entries(fields, "files"),
                envs,
                merged(options(fields, "options"), global));
    }

    /** kustomize treats any other value like none: the object is created, or rejected if it exists. */
    private static Behavior behavior(TypedFields fields) throws UserErrorException {
        return switch (fields.string("behavior")) {
            case "merge" -> Behavior.MERGE;
            case "replace" -> Behavior.REPLACE;
            default -> Behavior.CREATE;
        };
    }

    private static GeneratorOptions options(TypedFields parent, String name) throws UserErrorException {
        YamlValue yamlValue = parent.node(name);
        TypedFields fields =
                TypedFields.of(yamlValue == null ? YamlValue.map() : yamlValue, name, OPTIONS, parent.location());
        return new GeneratorOptions(
                fields.strings("labels"),
                fields.strings("annotations"),
                fields.bool("disableNameSuffixHash"),
                fields.bool("immutable"));
    }

    /** The generator's own labels and annotations take precedence; a flag that is set globally cannot be unset. */
    private static GeneratorOptions merged(GeneratorOptions own, GeneratorOptions global) {
        return new GeneratorOptions(
                merged(own.labels(), global.labels()),
                merged(own.annotations(), global.annotations()),
                own.disableHash() || global.disableHash(),
                own.immutable() || global.immutable());
    }

    private static Map<String, String> merged(Map<String, String> own, Map<String, String> global) {
        Map<String, String> merged = new HashMap<>(global);
        merged.putAll(own);
        return merged;
    }
}
