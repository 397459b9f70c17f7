package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Alias;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The path from a document's root to one node. Reading follows aliases and merge keys. An edit is rejected if the path
 * contains one, since other places of the file would change too.
 */
public final class YamlPath {
    private static final String MERGE = "<<";

    private final YamlText text;
    /** The nodes from the root, as written. */
    private final List<YamlNode> nodes;
    /** The merge key on the path; null if there is none. */
    @CheckForNull
    private final YamlNode merge;

    private YamlPath(YamlText text, List<YamlNode> nodes, @CheckForNull YamlNode merge) {
        this.text = text;
        this.nodes = nodes;
        this.merge = merge;
    }

    /** The root of a document of this text. */
    public static YamlPath of(YamlText text, YamlNode root) {
        return new YamlPath(text, List.of(root), null);
    }

    public YamlText text() {
        return text;
    }

    /** The nodes from the root to this one, as written. */
    public List<YamlNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The node as written, which may be an alias. */
    public YamlNode written() {
        return nodes.get(nodes.size() - 1);
    }

    /** The node with aliases resolved. */
    public YamlNode node() {
        return written().resolved();
    }

    public SourceLocation location() {
        return written().location();
    }

    /** The path to the value of a key, following merge keys; empty if the node is not a mapping or has no such key. */
    public Optional<YamlPath> key(String key) {
        if (!(node() instanceof Mapping mapping)) {
            return Optional.empty();
        }
        Optional<KeyValue> own = mapping.entry(key);
        if (own.isPresent()) {
            return Optional.of(to(own.get().value(), merge));
        }
        KeyValue merged = mapping.entry(MERGE).orElse(null);
        if (merged == null) {
            return Optional.empty();
        }
        YamlNode from = merged.value().resolved();
        List<YamlNode> sources = from instanceof Sequence several ? several.items() : List.of(from);
        return sources.stream()
                .map(source -> to(source, merge == null ? merged.key() : merge).key(key))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The path along several keys. */
    public Optional<YamlPath> keys(List<String> keys) {
        Optional<YamlPath> at = Optional.of(this);
        for (String key : keys) {
            at = at.flatMap(way -> way.key(key));
        }
        return at;
    }

    /** The text of the scalar at these nested keys; empty if there is none. */
    public String textAt(String... below) {
        return keys(List.of(below)).map(YamlPath::scalar).orElse("");
    }

    /** The paths to all items; empty if the node is not a list. */
    public List<YamlPath> items() {
        if (!(node() instanceof Sequence sequence)) {
            return List.of();
        }
        return sequence.items().stream().map(item -> to(item, merge)).toList();
    }

    /** The text of the scalar; null if the node is not a scalar or has no value. */
    @CheckForNull
    public String scalar() {
        return node() instanceof Scalar scalar
                        && !scalar.isNull()
                        && !scalar.value().isEmpty()
                ? scalar.value()
                : null;
    }

    /** Whether there is no value: {@code key:}, {@code ~} or {@code null}. */
    public boolean isEmpty() {
        return node() instanceof Scalar scalar && scalar.isNull();
    }

    /**
     * The scalar, provided that editing it changes no other place.
     *
     * @param what the path as text, for messages: {@code image.tag}
     */
    public Scalar ownScalar(String what) throws UserErrorException {
        return ownScalar(what, Set.of());
    }

    /**
     * Equivalent to {@link #ownScalar(String)}, but also accepts an anchor whose uses are all meant to change.
     *
     * @param own the nodes on the paths to all those places, compared by identity
     */
    public Scalar ownScalar(String what, Set<YamlNode> own) throws UserErrorException {
        requireNotShared(what, own);
        if (node() instanceof Scalar scalar) {
            return scalar;
        }
        throw new UserErrorException(location(), what + " is not a string", "Write a string here in Git first");
    }

    /**
     * Rejects a node whose edit would change two places.
     *
     * @throws UserErrorException at the first alias, shared anchor or merge key on the path
     */
    public void requireNotShared(String what) throws UserErrorException {
        requireNotShared(what, Set.of());
    }

    private void requireNotShared(String what, Set<YamlNode> own) throws UserErrorException {
        if (merge != null) {
            throw new UserErrorException(
                    merge.location(), what + " takes its value from this merge key", "Write it out in Git first");
        }
        for (YamlNode step : nodes) {
            if (step instanceof Alias alias && !text.isSharedOnlyBy(alias.resolved(), own)) {
                throw new UserErrorException(
                        step.location(),
                        what + " is reached through the alias *" + alias.name(),
                        "Write it out here in Git first");
            }
            if (!text.isSharedOnlyBy(step, own)) {
                throw new UserErrorException(
                        step.location(),
                        what + " is anchored as &" + step.anchor() + " and used elsewhere in the file",
                        "Write it out at both places in Git first");
            }
        }
    }

    /**
     * Equivalent to {@link #requireNotShared} for a mapping that gets a new key: a merge key in it may already have
     * that key.
     */
    public Mapping ownMapping(String what) throws UserErrorException {
        requireNotShared(what);
        if (!(written() instanceof Mapping mapping)) {
            throw new UserErrorException(location(), what + " is not a mapping", "Write a mapping here in Git first");
        }
        KeyValue merged = mapping.entry(MERGE).orElse(null);
        if (merged != null) {
            throw new UserErrorException(
                    merged.key().location(), what + " has a merge key", "Write it out in Git first");
        }
        return mapping;
    }

    private YamlPath to(YamlNode node, @CheckForNull YamlNode through) {
        List<YamlNode> longer = new ArrayList<>(nodes);
        longer.add(node);
        return new YamlPath(text, longer, through);
    }
}
