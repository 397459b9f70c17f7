package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Kustomization.Entry;
import io.jenkins.plugins.gitops.core.render.Kustomization.Generator;
import io.jenkins.plugins.gitops.core.render.Kustomization.Labels;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/** Brings together the resources of a kustomization and of all it refers to, each base transformed for itself. */
final class Accumulator {
    private final Sources sources;
    private final RenderBudget budget;
    private final Deque<String> visited = new ArrayDeque<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    Accumulator(Sources sources, RenderBudget budget) {
        this.sources = sources;
        this.budget = budget;
    }

    Set<String> warnings() {
        return warnings;
    }

    /** The resources of the kustomization, without hashes and with names not yet referred to by their final form. */
    ResourceList accumulate(Kustomization kustomization) throws RefusedException, IOException {
        ResourceList resources = new ResourceList();
        accumulate(kustomization, kustomization.folder(), kustomization.at(), resources);
        return resources;
    }

    private void accumulate(
            Kustomization kustomization, String place, SourceLocation includedAt, ResourceList resources)
            throws RefusedException, IOException {
        budget.kustomization(visited.size(), includedAt);
        warnings.addAll(kustomization.warnings());
        visited.push(place);
        for (Entry entry : kustomization.resources()) {
            addResource(kustomization, entry, resources);
        }
        for (Generator generator : kustomization.generators()) {
            new DataGenerator(sources, kustomization, generator).addTo(resources);
        }
        for (Entry entry : kustomization.components()) {
            addComponent(kustomization, entry, resources);
        }
        transform(kustomization, resources);
        visited.pop();
    }

    private void addResource(Kustomization kustomization, Entry entry, ResourceList resources)
            throws RefusedException, IOException {
        String path = sources.resolve(kustomization.folder(), entry.text(), entry.at());
        if (sources.isFile(path)) {
            String file = sources.resolveFile(kustomization, entry.text(), entry.at());
            for (Node manifest : sources.manifests(file)) {
                budget.object(manifest.weight(), manifest.location(entry.at()));
                resources.append(new Resource(manifest, entry.at()));
            }
            return;
        }
        Kustomization base = folder(kustomization, path, entry);
        if (base.component()) {
            throw new RefusedException(
                    entry.at(), path + " is a component, not a base", "List it under components instead");
        }
        ResourceList found = new ResourceList();
        accumulate(base, path, entry.at(), found);
        resources.appendAll(found.resources());
    }

    private void addComponent(Kustomization kustomization, Entry entry, ResourceList resources)
            throws RefusedException, IOException {
        String path = sources.resolve(kustomization.folder(), entry.text(), entry.at());
        if (sources.isFile(path)) {
            addComponentFile(kustomization, entry, path, resources);
            return;
        }
        Kustomization component = folder(kustomization, path, entry);
        if (!component.component()) {
            throw new RefusedException(
                    entry.at(),
                    path + " is a kustomization, not a component",
                    "Write kind: Component and apiVersion: kustomize.config.k8s.io/v1alpha1 there, or list it under"
                            + " resources");
        }
        accumulate(component, path, entry.at(), resources);
        resources.checkIds();
    }

    /** A common mistake that kustomize refuses; what is meant is clear. */
    private void addComponentFile(Kustomization kustomization, Entry entry, String path, ResourceList resources)
            throws RefusedException, IOException {
        String file = sources.resolveFile(kustomization, entry.text(), entry.at());
        if (visited.contains(file)) {
            throw cycle(file, entry.at());
        }
        Kustomization component = sources.kustomization(file, TreePath.parent(path));
        String name = TreePath.name(file);
        int dot = name.lastIndexOf('.');
        String folder = dot > 0 ? name.substring(0, dot) : name + "-component";
        warnings.add(entry.at() + ": components names the file " + entry.text()
                + ", which kustomize itself refuses: a component is a folder. To mend it, move the file to "
                + folder + "/kustomization.yaml, write kind: Component and apiVersion:"
                + " kustomize.config.k8s.io/v1alpha1 in it, and list " + folder + " here.");
        accumulate(component, file, entry.at(), resources);
        resources.checkIds();
    }

    private Kustomization folder(Kustomization kustomization, String path, Entry entry)
            throws RefusedException, IOException {
        for (String visitedFolder : visited) {
            if (TreePath.isIn(visitedFolder, path)) {
                throw cycle(path, entry.at());
            }
        }
        Kustomization found = sources.kustomization(path);
        if (found == null) {
            throw new RefusedException(
                    entry.at(),
                    "there is neither a file nor a folder with a kustomization at " + (path.isEmpty() ? "." : path),
                    "Mend the path, or add the file");
        }
        return found;
    }

    private static RefusedException cycle(String path, SourceLocation at) {
        return new RefusedException(
                at,
                (path.isEmpty() ? "the root" : path) + " is, or holds, a kustomization that leads here",
                "Refer to a folder beside this one");
    }

    private void transform(Kustomization kustomization, ResourceList resources) throws RefusedException, IOException {
        PatchTransformer patches = new PatchTransformer(sources, kustomization, budget);
        patches.applyAll(resources);
        NamespaceTransformer.apply(kustomization.namespace(), resources);
        NameTransformer.prefix(kustomization.prefix(), resources);
        NameTransformer.suffix(kustomization.suffix(), resources);
        for (Labels labels : kustomization.labels()) {
            budget.checkTime(labels.at());
            LabelTransformer.apply(labels, resources);
        }
        if (kustomization.annotations() != null) {
            LabelTransformer.apply(kustomization.annotations(), resources);
        }
        patches.applyJsonPatches(resources);
        for (Kustomization.Replica replica : kustomization.replicas()) {
            budget.checkTime(replica.at());
            ReplicaTransformer.apply(replica, resources);
        }
        for (Kustomization.Image image : kustomization.images()) {
            budget.checkTime(image.at());
            new ImageTransformer(image).apply(resources);
        }
    }
}
