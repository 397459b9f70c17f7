package io.jenkins.plugins.gitops.core.render.transform;

import com.google.re2j.Pattern;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.ImageTransform;
import io.jenkins.plugins.gitops.core.render.resource.FieldPath;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpec;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpecs;
import io.jenkins.plugins.gitops.core.render.resource.GoRegex;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.Map;

/** Replaces name, tag or digest of images: in all lists of containers, wherever they are, and in image volumes. */
public final class ImageTransformer {
    private final ImageTransform imageTransform;
    private final Pattern pattern;

    /**
     * @throws UserErrorException if the image's name is not a regular expression that is certain to mean the same as in
     *     Go
     */
    public ImageTransformer(ImageTransform imageTransform) throws UserErrorException {
        this.imageTransform = imageTransform;
        this.pattern = GoRegex.image(imageTransform.name(), imageTransform.at());
    }

    public void apply(ResourceList resources) throws UserErrorException {
        for (Resource resource : resources.resources()) {
            if (!resource.kind().equals("CustomResourceDefinition")) {
                walk(resource.root(), resource);
                for (FieldSpec spec : FieldSpecs.IMAGES) {
                    FieldPath.visit(
                            spec, resource.root(), resource.location(), yamlValue -> replace(yamlValue, resource));
                }
            }
        }
    }

    private void walk(YamlValue yamlValue, Resource resource) throws UserErrorException {
        for (Map.Entry<String, YamlValue> field : yamlValue.fields().entrySet()) {
            walk(field.getValue(), resource);
            if (field.getKey().equals("containers") || field.getKey().equals("initContainers")) {
                replaceAll(field.getValue(), resource);
            }
        }
        for (YamlValue item : yamlValue.items()) {
            walk(item, resource);
        }
    }

    private void replaceAll(YamlValue containers, Resource resource) throws UserErrorException {
        for (YamlValue container : containers.items()) {
            if (!container.isMap() && !container.isNull()) {
                throw new UserErrorException(
                        container.location(resource.location()),
                        "kustomize treats this as a container, and a container must be a map",
                        "Write it as a map, or do not set images here");
            }
            YamlValue found = container.get("image");
            if (found != null) {
                replace(found, resource);
            }
        }
    }

    private void replace(YamlValue yamlValue, Resource resource) throws UserErrorException {
        if (!yamlValue.isScalar()) {
            throw new UserErrorException(
                    yamlValue.location(resource.location()),
                    "kustomize treats this as an image, and an image must be a string",
                    "Write it as a string, or do not set images here");
        }
        if (pattern.matcher(yamlValue.text()).find()) {
            yamlValue.assign(YamlValue.untagged(replaced(yamlValue.text())));
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
        if (!imageTransform.newTag().isEmpty() || !imageTransform.digest().isEmpty()) {
            tag = imageTransform.newTag();
            digest = imageTransform.digest();
        } else if (!imageTransform.tagSuffix().isEmpty()) {
            tag += imageTransform.tagSuffix();
            digest = "";
        }
        return (imageTransform.newName().isEmpty() ? old.substring(0, nameEnd) : imageTransform.newName())
                + (tag.isEmpty() ? "" : ":" + tag)
                + (digest.isEmpty() ? "" : "@" + digest);
    }
}
