package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Alias;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code images} list of one text: its entries, and whether they can be edited. */
final class ImageList {
    private static final String IMAGES = "images";
    private static final String MERGE = "<<";
    /** In the order of the kustomize documentation. */
    private static final List<String> KEYS = List.of("name", "newName", "newTag", "digest", "tagSuffix");

    private final YamlText text;
    /** The nodes from the root to the list. */
    private final List<YamlNode> holders = new ArrayList<>();

    private final List<Item> entries = new ArrayList<>();

    private ImageList(YamlText text) {
        this.text = text;
    }

    static ImageList of(YamlText text) throws UserErrorException {
        ImageList list = new ImageList(text);
        list.load();
        return list;
    }

    /** The list in any mapping of the text, such as {@code spec} of a Flux Kustomization. */
    static ImageList in(YamlPath holder) throws UserErrorException {
        ImageList list = new ImageList(holder.text());
        list.holders.addAll(holder.nodes());
        YamlPath images = holder.key(IMAGES).orElse(null);
        if (images != null && !images.isEmpty()) {
            list.loadItems(images.written());
        }
        return list;
    }

    List<Item> entries() {
        return entries;
    }

    /** The location of the list; call it only if there are entries. */
    SourceLocation location() {
        return holders.get(holders.size() - 1).location();
    }

    /**
     * Rejects an entry that is shared with another part of the file, or whose values are elsewhere.
     *
     * @throws UserErrorException with the location
     */
    void refuseShared(Item item) throws UserErrorException {
        item.refuseShared(holders);
    }

    private void load() throws UserErrorException {
        for (YamlNode other : text.furtherRoots()) {
            if (other instanceof Mapping mapping && mapping.entry(IMAGES).isPresent()) {
                throw new UserErrorException(
                        mapping.entry(IMAGES).get().key().location(),
                        "These images are after the first document, where kustomize does not read them",
                        "Move them into the first document in Git first");
            }
        }
        YamlNode root = text.first().orElse(null);
        if (root == null || root instanceof Scalar scalar && scalar.isNull()) {
            return;
        }
        if (!(root instanceof Mapping mapping)) {
            throw new UserErrorException(
                    root.location(), "This is not a kustomization", "Name a file with a list of images");
        }
        holders.add(root);
        KeyValue images = field(mapping, IMAGES);
        if (images == null && mapping.entry(MERGE).isPresent()) {
            throw new UserErrorException(
                    mapping.entry(MERGE).get().key().location(),
                    "The images may come from this merge key",
                    "Write the list of images out in Git first");
        }
        if (images == null || images.value() instanceof Scalar scalar && scalar.isNull()) {
            return;
        }
        loadItems(images.value());
    }

    private void loadItems(YamlNode images) throws UserErrorException {
        if (!(images.resolved() instanceof Sequence sequence)) {
            throw new UserErrorException(
                    images.location(), "images is not a list", "Write a list of entries with name and newTag");
        }
        holders.add(images);
        for (YamlNode node : sequence.items()) {
            if (!(node.resolved() instanceof Mapping mapping)) {
                throw new UserErrorException(
                        node.location(), "This entry of images is not a mapping", "Write name and newTag here");
            }
            entries.add(new Item(node, mapping));
        }
    }

    /** The entry with this key. Rejects a key that differs only in case, since kustomize accepts it as the same key. */
    @CheckForNull
    private static KeyValue field(Mapping mapping, String key) throws UserErrorException {
        for (KeyValue keyValue : mapping.entries()) {
            String name = keyValue.name();
            if (name != null && name.equalsIgnoreCase(key) && !name.equals(key)) {
                throw new UserErrorException(
                        keyValue.key().location(), "\"" + name + "\" is misspelled", "Write " + key);
            }
        }
        return mapping.entry(key).orElse(null);
    }

    /** One entry of the list. */
    final class Item {
        private final YamlNode node;
        private final Mapping mapping;
        private final String name;
        private final String newName;

        private Item(YamlNode node, Mapping mapping) throws UserErrorException {
            this.node = node;
            this.mapping = mapping;
            for (String key : KEYS) {
                field(mapping, key);
            }
            this.name = text("name");
            this.newName = text("newName");
            if (name == null) {
                throw new UserErrorException(
                        node.location(), "This entry of images has no name", "Write the image's name");
            }
        }

        Mapping mapping() {
            return mapping;
        }

        SourceLocation location() {
            return node.location();
        }

        String name() {
            return name;
        }

        String lookupName() {
            return newName == null ? name : newName;
        }

        /** The entry's own key with its value; does not follow merge keys. */
        Optional<KeyValue> entry(String key) {
            return mapping.entry(key);
        }

        /** The value of a key, also of a merge key; null when it is missing or empty. */
        @CheckForNull
        String text(String key) throws UserErrorException {
            KeyValue keyValue = find(mapping, key);
            if (keyValue == null) {
                return null;
            }
            if (!(keyValue.value().resolved() instanceof Scalar scalar)) {
                throw new UserErrorException(
                        keyValue.value().location(), key + " is not a string", "Write a string here");
            }
            return scalar.value().isEmpty() || scalar.isNull() ? null : scalar.value();
        }

        @CheckForNull
        private KeyValue find(Mapping from, String key) throws UserErrorException {
            KeyValue own = field(from, key);
            if (own != null || from.entry(MERGE).isEmpty()) {
                return own;
            }
            YamlNode merged = from.entry(MERGE).get().value().resolved();
            List<YamlNode> sources = merged instanceof Sequence several ? several.items() : List.of(merged);
            for (YamlNode source : sources) {
                KeyValue found = source.resolved() instanceof Mapping map ? find(map, key) : null;
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        /** The key or value of an own entry, if it is a scalar at this position and not an alias. */
        Scalar editable(YamlNode node, String key) throws UserErrorException {
            if (node instanceof Scalar scalar) {
                return scalar;
            }
            throw aliasHere(node, key);
        }

        /** The entry after which a missing key is inserted. */
        KeyValue lastBefore(String key) {
            return KEYS.subList(0, KEYS.indexOf(key)).stream()
                    .flatMap(before -> entry(before).stream())
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
        }

        private void refuseShared(List<YamlNode> holders) throws UserErrorException {
            if (mapping.entry(MERGE).isPresent()) {
                throw new UserErrorException(
                        mapping.entry(MERGE).get().key().location(),
                        "The entry of image " + name + " takes values from a merge key",
                        "Write the entry out in Git first");
            }
            List<YamlNode> path = new ArrayList<>(holders);
            path.add(node);
            for (YamlNode step : path) {
                if (step instanceof Alias) {
                    throw aliasHere(step, "The entry of image " + name);
                }
                if (text.isAliased(step)) {
                    throw new UserErrorException(
                            step.location(),
                            "The entry of image " + name + " is anchored as &" + step.anchor()
                                    + " and used elsewhere in the file",
                            "Write the entry out at both places in Git first");
                }
            }
            for (KeyValue keyValue : mapping.entries()) {
                if (!KEYS.contains(keyValue.name())) {
                    throw new UserErrorException(
                            keyValue.key().location(),
                            "\"" + keyValue.name() + "\" is not a key of an image entry",
                            "Use one of " + String.join(", ", KEYS));
                }
            }
        }

        private static UserErrorException aliasHere(YamlNode node, String what) {
            String alias = node instanceof Alias found ? "the alias *" + found.name() : "not a string";
            return new UserErrorException(
                    node.location(), what + " is " + alias, "Write the value out here in Git first");
        }
    }
}
