package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mutable YAML node. kustomize works on such nodes and not on values, and its results depend on it: on a scalar's
 * text,
 * tag and quoting, and even on two fields being one and the same node. Aliases and merge keys are resolved when
 * parsing.
 */
final class Node {
    enum Kind {
        MAP,
        LIST,
        SCALAR
    }

    /** What a scalar is; {@code NONE}: what its text reads as where it is plain, else a string. */
    enum Tag {
        NONE,
        STR,
        INT,
        FLOAT,
        BOOL,
        NULL,
        TIMESTAMP
    }

    enum Style {
        PLAIN,
        QUOTED,
        LITERAL,
        FOLDED
    }

    private static final int NODE_WEIGHT = 32;

    private Kind kind;
    private Tag tag;
    private String text;
    private Style style;
    private boolean tagged;
    private LinkedHashMap<String, Node> fields;
    private ArrayList<Node> items;
    private final Origin origin;
    private final int line;
    private final int column;

    private Node(Kind kind, Tag tag, String text, Style style, @CheckForNull Origin origin, int line, int column) {
        this.kind = kind;
        this.tag = tag;
        this.text = text;
        this.style = style;
        this.origin = origin;
        this.line = line;
        this.column = column;
        if (kind == Kind.MAP) {
            fields = new LinkedHashMap<>();
        } else if (kind == Kind.LIST) {
            items = new ArrayList<>();
        }
    }

    static Node map(@CheckForNull Origin origin, int line, int column) {
        return new Node(Kind.MAP, Tag.NONE, "", Style.PLAIN, origin, line, column);
    }

    static Node list(@CheckForNull Origin origin, int line, int column) {
        return new Node(Kind.LIST, Tag.NONE, "", Style.PLAIN, origin, line, column);
    }

    /** @param tagged whether the text carries an explicit tag, which binds every reader */
    static Node scalar(Tag tag, String text, Style style, boolean tagged, Origin origin, int line, int column) {
        Node node = new Node(Kind.SCALAR, tag, text, style, origin, line, column);
        node.tagged = tagged;
        return node;
    }

    static Node map() {
        return map(null, 0, 0);
    }

    static Node list() {
        return list(null, 0, 0);
    }

    static Node string(String text) {
        Style style = text.indexOf('\n') < 0 ? Style.PLAIN : Style.LITERAL;
        return new Node(Kind.SCALAR, Tag.STR, text, style, null, 0, 0);
    }

    /** A scalar without a tag: a text that reads as something else than a string becomes that, unless quoted. */
    static Node untagged(String text) {
        return new Node(Kind.SCALAR, Tag.NONE, text, Style.PLAIN, null, 0, 0);
    }

    static Node tagged(Tag tag, String text) {
        return new Node(Kind.SCALAR, tag, text, Style.PLAIN, null, 0, 0);
    }

    Kind kind() {
        return kind;
    }

    Tag tag() {
        return tag;
    }

    boolean isMap() {
        return kind == Kind.MAP;
    }

    boolean isList() {
        return kind == Kind.LIST;
    }

    boolean isScalar() {
        return kind == Kind.SCALAR;
    }

    /** The scalar's text; of a map or list the empty string, as in kustomize. */
    String text() {
        return text;
    }

    boolean isPlain() {
        return style == Style.PLAIN;
    }

    /** Whether it was written as a literal block, line by line as it is. */
    boolean isLiteral() {
        return style == Style.LITERAL;
    }

    boolean isFolded() {
        return style == Style.FOLDED;
    }

    boolean isTagged() {
        return tagged;
    }

    boolean isNull() {
        return tag == Tag.NULL;
    }

    static boolean isMissingOrNull(@CheckForNull Node node) {
        return node == null || node.tag == Tag.NULL;
    }

    /** Missing, null, or a map or list that holds nothing. */
    static boolean isNilOrEmpty(@CheckForNull Node node) {
        return isMissingOrNull(node) || node.isEmptyMap() || node.kind == Kind.LIST && node.items.isEmpty();
    }

    boolean isEmptyMap() {
        return kind == Kind.MAP && fields.isEmpty();
    }

    /** The fields of a map; of anything else none. Live. */
    Map<String, Node> fields() {
        return kind == Kind.MAP ? fields : Map.of();
    }

    /** The elements of a list; of anything else none. Live. */
    List<Node> items() {
        return kind == Kind.LIST ? items : List.of();
    }

    /** How much memory it takes, roughly in characters: its text, and as much as {@value #NODE_WEIGHT} for each node. */
    long weight() {
        long weight = NODE_WEIGHT + text.length();
        for (Map.Entry<String, Node> field : fields().entrySet()) {
            weight += field.getKey().length() + field.getValue().weight();
        }
        for (Node item : items()) {
            weight += item.weight();
        }
        return weight;
    }

    void replaceItems(ArrayList<Node> newItems) {
        items = newItems;
    }

    @CheckForNull
    Node get(String name) {
        return kind == Kind.MAP ? fields.get(name) : null;
    }

    /** The text of a scalar field; empty when there is none. */
    String textOf(String name) {
        Node field = get(name);
        return field == null ? "" : field.text;
    }

    void remove(String name) {
        if (kind == Kind.MAP) {
            fields.remove(name);
        }
    }

    /**
     * Adds the very node, which may stand elsewhere too; a field that is there takes over its content and stays itself.
     * Setting a field to itself is not idle: a string that could be misread gets quotes, as in kustomize.
     */
    void set(String name, Node value) {
        Node field = fields.get(name);
        if (field == null) {
            value.quoteIfAmbiguous();
            fields.put(name, value);
        } else if (field == value) {
            field.quoteIfAmbiguous();
        } else {
            field.assign(value);
        }
    }

    /** A new field that is a string but would not read as one is written in quotes. */
    private void quoteIfAmbiguous() {
        boolean string = kind == Kind.SCALAR && (tag == Tag.NONE || tag == Tag.STR);
        if (string && style == Style.PLAIN && PlainStyle.readsAsSomethingElse(text)) {
            style = Style.QUOTED;
        }
    }

    /** The quoting that a value gets when it is written anew. */
    void restyle() {
        tagged = false;
        style = tag == Tag.STR && PlainStyle.needsQuotes(text) ? Style.QUOTED : Style.PLAIN;
    }

    /** Puts the text into quotes. */
    void quoted() {
        style = Style.QUOTED;
    }

    /** Takes over the other's content but keeps its own quoting; lists and maps share their children from then on. */
    void assign(Node other) {
        if (this == other) {
            return;
        }
        kind = other.kind;
        tag = other.tag;
        text = other.text;
        fields = other.fields == null ? null : new LinkedHashMap<>(other.fields);
        items = other.items == null ? null : new ArrayList<>(other.items);
    }

    /** Turns a null into an empty node of the kind. */
    void become(Kind newKind, Tag newTag) {
        kind = newKind;
        tag = newTag;
        fields = newKind == Kind.MAP ? new LinkedHashMap<>() : null;
        items = newKind == Kind.LIST ? new ArrayList<>() : null;
    }

    /** A copy that shares nothing with this. */
    Node copy() {
        Node copy = new Node(kind, tag, text, style, origin, line, column);
        copy.tagged = tagged;
        if (kind == Kind.MAP) {
            fields.forEach((name, value) -> copy.fields.put(name, value.copy()));
        } else if (kind == Kind.LIST) {
            copy.items.ensureCapacity(items.size());
            items.forEach(item -> copy.items.add(item.copy()));
        }
        return copy;
    }

    /** Where the node was read; the fall-back for one that was made. */
    SourceLocation location(SourceLocation fallback) {
        return origin == null ? fallback : origin.at(line, column);
    }

    /** 0-based, within the text it was parsed from. */
    int line() {
        return line;
    }
}
