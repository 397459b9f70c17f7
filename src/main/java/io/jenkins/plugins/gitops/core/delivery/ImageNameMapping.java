package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The image names of an environment that pulls images from another registry than the environment it is promoted from.
 * Tags and digests are not changed.
 *
 * @param registries name prefixes of whole path components: source to destination; the longest match counts
 * @param rename complete names: source to destination; take precedence over {@code registries}
 */
public record ImageNameMapping(Map<String, String> registries, Map<String, String> rename) {
    /** Names are not changed. */
    public static final ImageNameMapping NONE = new ImageNameMapping(Map.of(), Map.of());

    static final String REGISTRIES = "registries";
    static final String RENAME = "rename";
    private static final int MAX_ENTRIES = 200;

    public ImageNameMapping {
        registries = Map.copyOf(registries);
        rename = Map.copyOf(rename);
    }

    /** The name of an image in the environment; empty when there is no mapping for it. */
    public Optional<String> map(String name) {
        String whole = rename.get(name);
        if (whole != null) {
            return Optional.of(whole);
        }
        for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
            String here = registries.get(name.substring(0, end));
            if (here != null) {
                return Optional.of(here + name.substring(end));
            }
        }
        return Optional.empty();
    }

    /** The mapping of one environment. */
    static ImageNameMapping of(StrictMapping environment) throws UserErrorException {
        return new ImageNameMapping(names(environment, REGISTRIES, "/image"), names(environment, RENAME, ""));
    }

    /** @param end appended to an entry to check whether it is a valid image name */
    private static Map<String, String> names(StrictMapping environment, String key, String end)
            throws UserErrorException {
        YamlNode node = environment.value(key);
        if (node == null) {
            return Map.of();
        }
        if (!(node.resolved() instanceof Mapping mapping) || mapping.entries().size() > MAX_ENTRIES) {
            throw new UserErrorException(
                    environment.valueLocation(key),
                    "\"" + key + "\" is not a mapping of at most " + MAX_ENTRIES + " names",
                    "Map each image name of the promoted environment to its name in this one, as in " + example(key));
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (KeyValue entry : mapping.entries()) {
            names.put(name(entry.key(), key, end), name(entry.value(), key, end));
        }
        return names;
    }

    private static String name(YamlNode node, String key, String end) throws UserErrorException {
        if (node.resolved() instanceof Scalar scalar && !scalar.isNull() && isName(scalar.value() + end)) {
            return scalar.value();
        }
        throw new UserErrorException(
                node.location(),
                key.equals(RENAME)
                        ? "This is not the name of an image"
                        : "This is not a registry, or a registry with the beginning of a path",
                "Write names without tag, as in " + example(key));
    }

    private static boolean isName(String text) {
        try {
            ImageReference.of(text, "any", null);
            return true;
        } catch (UserErrorException e) {
            return false;
        }
    }

    private static String example(String key) {
        return key.equals(RENAME)
                ? "rename: {ghcr.io/acme/shop-dev: ghcr.io/acme/shop}"
                : "registries: {ghcr.io/acme/dev: registry.example.com/prod}";
    }
}
