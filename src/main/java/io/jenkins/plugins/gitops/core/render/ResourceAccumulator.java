package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.FileLoader;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Generator;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Labels;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.ListItem;
import io.jenkins.plugins.gitops.core.render.patch.PatchTransformer;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.source.KustomizationPath;
import io.jenkins.plugins.gitops.core.render.source.RenderBudget;
import io.jenkins.plugins.gitops.core.render.transform.ConfigMapAndSecretGenerator;
import io.jenkins.plugins.gitops.core.render.transform.ImageTransformer;
import io.jenkins.plugins.gitops.core.render.transform.LabelTransformer;
import io.jenkins.plugins.gitops.core.render.transform.NameTransformer;
import io.jenkins.plugins.gitops.core.render.transform.NamespaceTransformer;
import io.jenkins.plugins.gitops.core.render.transform.ReplicaTransformer;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/** Collects the resources of a kustomization and of everything it refers to. Each base is transformed separately. */
final class ResourceAccumulator {
    private final FileLoader fileLoader;
    private final RenderBudget budget;
    private final Deque<String> visited = new ArrayDeque<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    ResourceAccumulator(FileLoader fileLoader, RenderBudget budget) {
        this.fileLoader = fileLoader;
        this.budget = budget;
    }

    Set<String> warnings() {
        return warnings;
    }

    /** Returns the resources of the kustomization, without name hashes; references do not have the final names yet. */
    ResourceList accumulate(Kustomization kustomization) throws UserErrorException, IOException {
        ResourceList resources = new ResourceList();
        accumulate(kustomization, kustomization.folder(), kustomization.at(), resources);
        return resources;
    }

    private void accumulate(
            Kustomization kustomization, String place, SourceLocation includedAt, ResourceList resources)
            throws UserErrorException, IOException {
        budget.kustomization(visited.size(), includedAt);
        warnings.addAll(kustomization.warnings());
        visited.push(place);
        for (ListItem listItem : kustomization.resources()) {
            addResource(kustomization, listItem, resources);
        }
        for (Generator generator : kustomization.generators()) {
            new ConfigMapAndSecretGenerator(fileLoader, kustomization, generator).addTo(resources);
        }
        for (ListItem entry : kustomization.components()) {
            addComponent(kustomization, entry, resources);
        }
        transform(kustomization, resources);
        visited.pop();
    }

    private void addResource(Kustomization kustomization, ListItem listItem, ResourceList resources)
            throws UserErrorException, IOException {
        String path = fileLoader.resolve(kustomization.folder(), listItem.text(), listItem.at());
        if (fileLoader.isFile(path)) {
            String file = fileLoader.resolveFile(kustomization, listItem.text(), listItem.at());
            for (YamlValue manifest : fileLoader.manifests(file)) {
                budget.object(manifest.weight(), manifest.location(listItem.at()));
                resources.append(new Resource(manifest, listItem.at()));
            }
            return;
        }
        Kustomization base = folder(kustomization, path, listItem);
        if (base.component()) {
            throw new UserErrorException(
                    listItem.at(), path + " is a component, not a base", "List it under components instead");
        }
        ResourceList found = new ResourceList();
        accumulate(base, path, listItem.at(), found);
        resources.appendAll(found.resources());
    }

    private void addComponent(Kustomization kustomization, ListItem listItem, ResourceList resources)
            throws UserErrorException, IOException {
        String path = fileLoader.resolve(kustomization.folder(), listItem.text(), listItem.at());
        if (fileLoader.isFile(path)) {
            addComponentFile(kustomization, listItem, path, resources);
            return;
        }
        Kustomization component = folder(kustomization, path, listItem);
        if (!component.component()) {
            throw new UserErrorException(
                    listItem.at(),
                    path + " is a kustomization, not a component",
                    "Write kind: Component and apiVersion: kustomize.config.k8s.io/v1alpha1 there, or list it under"
                            + " resources");
        }
        accumulate(component, path, listItem.at(), resources);
        resources.checkIds();
    }

    /**
     * Loads a component that is listed by its file, a common mistake that kustomize rejects; the intention is clear.
     */
    private void addComponentFile(Kustomization kustomization, ListItem listItem, String path, ResourceList resources)
            throws UserErrorException, IOException {
        String file = fileLoader.resolveFile(kustomization, listItem.text(), listItem.at());
        if (visited.contains(file)) {
            throw cycle(file, listItem.at());
        }
        Kustomization component = fileLoader.kustomization(file, KustomizationPath.parent(path));
        String name = KustomizationPath.name(file);
        int dot = name.lastIndexOf('.');
        String folder = dot > 0 ? name.substring(0, dot) : name + "-component";
        warnings.add(listItem.at() + ": components names the file " + listItem.text()
                + ", which kustomize itself rejects: a component is a folder. To fix it, move the file to "
                + folder + "/kustomization.yaml, write kind: Component and apiVersion:"
                + " kustomize.config.k8s.io/v1alpha1 in it, and list " + folder + " here.");
        accumulate(component, file, listItem.at(), resources);
        resources.checkIds();
    }

    private Kustomization folder(Kustomization kustomization, String path, ListItem listItem)
            throws UserErrorException, IOException {
        for (String visitedFolder : visited) {
            if (KustomizationPath.isIn(visitedFolder, path)) {
                throw cycle(path, listItem.at());
            }
        }
        Kustomization found = fileLoader.kustomization(path);
        if (found == null) {
            throw new UserErrorException(
                    listItem.at(),
                    "there is neither a file nor a folder with a kustomization at " + (path.isEmpty() ? "." : path),
                    "Correct the path, or add the file");
        }
        return found;
    }

    private static UserErrorException cycle(String path, SourceLocation at) {
        return new UserErrorException(
                at,
                (path.isEmpty() ? "the root" : path) + " is, or contains, a kustomization that includes this one",
                "Refer to a folder beside this one");
    }

    private void transform(Kustomization kustomization, ResourceList resources) throws UserErrorException, IOException {
        PatchTransformer patches = new PatchTransformer(fileLoader, kustomization, budget);
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
        for (Kustomization.ImageTransform imageTransform : kustomization.images()) {
            budget.checkTime(imageTransform.at());
            new ImageTransformer(imageTransform).apply(resources);
        }
    }
}
