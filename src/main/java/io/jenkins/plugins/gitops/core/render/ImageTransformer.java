package io.jenkins.plugins.gitops.core.render;

import com.google.re2j.Pattern;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.render.Kustomization.Image;
import java.util.Map;

/** Replaces name, tag or digest of images: in every list of containers wherever it stands, and in image volumes. */
final class ImageTransformer {
    private final Image image;
    private final Pattern pattern;

    /** @throws RefusedException when the image's name is no regular expression that can be trusted to mean the same */
    ImageTransformer(Image image) throws RefusedException {
        this.image = image;
        this.pattern = GoRegex.image(image.name(), image.at());
    }

    void apply(ResourceList resources) throws RefusedException {
        for (Resource resource : resources.resources()) {
            if (!resource.kind().equals("CustomResourceDefinition")) {
                walk(resource.root(), resource);
                for (FieldSpec spec : FieldSpecs.IMAGES) {
                    FieldPath.visit(spec, resource.root(), resource.location(), node -> replace(node, resource));
                }
            }
        }
    }

    private void walk(Node node, Resource resource) throws RefusedException {
        for (Map.Entry<String, Node> field : node.fields().entrySet()) {
            walk(field.getValue(), resource);
            if (field.getKey().equals("containers") || field.getKey().equals("initContainers")) {
                replaceAll(field.getValue(), resource);
            }
        }
        for (Node item : node.items()) {
            walk(item, resource);
        }
    }

    private void replaceAll(Node containers, Resource resource) throws RefusedException {
        for (Node container : containers.items()) {
            if (!container.isMap() && !container.isNull()) {
                throw new RefusedException(
                        container.location(resource.location()),
                        "kustomize takes this for a container, and a container must be a map",
                        "Write it as a map, or do not set images here");
            }
            Node found = container.get("image");
            if (found != null) {
                replace(found, resource);
            }
        }
    }

    private void replace(Node node, Resource resource) throws RefusedException {
        if (!node.isScalar()) {
            throw new RefusedException(
                    node.location(resource.location()),
                    "kustomize takes this for an image, and an image must be a string",
                    "Write it as a string, or do not set images here");
        }
        if (pattern.matcher(node.text()).find()) {
            node.assign(Node.untagged(replaced(node.text())));
        }
    }

    private String replaced(String old) {
        int path = Math.max(0, old.indexOf('/'));
        int at = old.indexOf('@', path);
        int colon = old.indexOf(':', path);
        if (at >= 0 && colon > at) {
            colon = -1;
        }
        int nameEnd = colon >= 0 ? colon : at >= 0 ? at : old.length();
        String tag = colon < 0 ? "" : old.substring(colon + 1, at >= 0 ? at : old.length());
        String digest = at < 0 ? "" : old.substring(at + 1);
        if (!image.newTag().isEmpty() || !image.digest().isEmpty()) {
            tag = image.newTag();
            digest = image.digest();
        } else if (!image.tagSuffix().isEmpty()) {
            tag += image.tagSuffix();
            digest = "";
        }
        return (image.newName().isEmpty() ? old.substring(0, nameEnd) : image.newName())
                + (tag.isEmpty() ? "" : ":" + tag)
                + (digest.isEmpty() ? "" : "@" + digest);
    }
}
