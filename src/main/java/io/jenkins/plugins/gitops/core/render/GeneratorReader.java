package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.render.Kustomization.Behavior;
import io.jenkins.plugins.gitops.core.render.Kustomization.Entry;
import io.jenkins.plugins.gitops.core.render.Kustomization.Generator;
import io.jenkins.plugins.gitops.core.render.Kustomization.Options;
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

    private final Fields kustomization;

    GeneratorReader(Fields kustomization) {
        this.kustomization = kustomization;
    }

    List<Generator> read() throws RefusedException {
        Options global = options(kustomization, "generatorOptions");
        List<Generator> generators = new ArrayList<>();
        for (Node item : kustomization.list("configMapGenerator")) {
            generators.add(generator(item, "ConfigMap", global));
        }
        for (Node item : kustomization.list("secretGenerator")) {
            generators.add(generator(item, "Secret", global));
        }
        return generators;
    }

    private Generator generator(Node item, String kind, Options global) throws RefusedException {
        Set<String> known = new HashSet<>(FIELDS);
        if (kind.equals("Secret")) {
            known.add("type");
        }
        Fields fields = Fields.of(item, "a generator of a " + kind, known, kustomization.location());
        String name = fields.string("name");
        if (name.isEmpty()) {
            throw new RefusedException(fields.location(), "a generated " + kind + " needs a name", "Add its name");
        }
        List<Entry> envs = new ArrayList<>(KustomizationReader.entries(fields, "envs"));
        if (!fields.string("env").isEmpty()) {
            envs.add(new Entry(fields.location("env"), fields.string("env")));
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

    /** kustomize takes any other word for none, so that an object of that name is created or refused. */
    private static Behavior behavior(Fields fields) throws RefusedException {
        return switch (fields.string("behavior")) {
            case "merge" -> Behavior.MERGE;
            case "replace" -> Behavior.REPLACE;
            default -> Behavior.CREATE;
        };
    }

    private static Options options(Fields parent, String name) throws RefusedException {
        Node node = parent.node(name);
        Fields fields = Fields.of(node == null ? Node.map() : node, name, OPTIONS, parent.location());
        return new Options(
                fields.strings("labels"),
                fields.strings("annotations"),
                fields.bool("disableNameSuffixHash"),
                fields.bool("immutable"));
    }

    /** The generator's own labels and annotations win; what is switched on for all cannot be switched off. */
    private static Options merged(Options own, Options global) {
        return new Options(
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
