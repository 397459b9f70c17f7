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
 * The way from a document's root to one node. Aliases and merge keys are followed when reading; an edit is refused where
 * the way meets one, since other places of the file would change too.
 */
public final class YamlPath {
    private static final String MERGE = "<<";

    private final YamlText text;
    /** From the root to the node, as written. */
    private final List<YamlNode> nodes;
    /** The merge key through which the way leads; null when there is none. */
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

    /** The node as written: perhaps an alias. */
    public YamlNode written() {
        return nodes.get(nodes.size() - 1);
    }

    /** The node that is meant. */
    public YamlNode node() {
        return written().resolved();
    }

    public SourceLocation location() {
        return written().location();
    }

    /** The way on to the value of a key, merge keys followed; empty when the node is no mapping or has no such key. */
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

    /** The way along several keys. */
    public Optional<YamlPath> keys(List<String> keys) {
        Optional<YamlPath> at = Optional.of(this);
        for (String key : keys) {
            at = at.flatMap(way -> way.key(key));
        }
        return at;
    }

    /** The text of the scalar at these keys, each below the one before; empty when there is none. */
    public String textAt(String... below) {
        return keys(List.of(below)).map(YamlPath::scalar).orElse("");
    }

    /** The ways to all items; empty when the node is no list. */
    public List<YamlPath> items() {
        if (!(node() instanceof Sequence sequence)) {
            return List.of();
        }
        return sequence.items().stream().map(item -> to(item, merge)).toList();
    }

    /** The text here; null when there is none: another node, or nothing written. */
    @CheckForNull
    public String scalar() {
        return node() instanceof Scalar scalar
                        && !scalar.isNull()
                        && !scalar.value().isEmpty()
                ? scalar.value()
                : null;
    }

    /** Whether nothing is written here: {@code key:}, {@code ~} or {@code null}. */
    public boolean isEmpty() {
        return node() instanceof Scalar scalar && scalar.isNull();
    }

    /**
     * The scalar here, where an edit changes this place and no other.
     *
     * @param what the place in words, for messages: {@code image.tag}
     */
    public Scalar ownScalar(String what) throws UserErrorException {
        return ownScalar(what, Set.of());
    }

    /**
     * As {@link #ownScalar(String)}, also where an anchor is used at several places that are all meant to change.
     *
     * @param own the nodes on the ways to all those places, compared by identity
     */
    public Scalar ownScalar(String what, Set<YamlNode> own) throws UserErrorException {
        requireNotShared(what, own);
        if (node() instanceof Scalar scalar) {
            return scalar;
        }
        throw new UserErrorException(location(), what + " is not a string", "Write a string here in Git first");
    }

    /**
     * Refuses a node that an edit would change at two places.
     *
     * @throws UserErrorException at the first alias, shared anchor or merge key on the way
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

    /** As {@link #requireNotShared}, for a mapping that gets a new key: a merge key in it may hold that key already. */
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
