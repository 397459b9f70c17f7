package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mutable YAML node. kustomize works on nodes instead of values, and its results depend on that: on a scalar's text,
 * tag and quoting, and even on two fields sharing one node. Aliases and merge keys are resolved during parsing.
 */
public final class YamlValue {
    public enum ValueKind {
        MAP,
        LIST,
        SCALAR
    }

    /** The type of a scalar; {@code NONE}: the type that its text implies if it is plain, otherwise a string. */
    public enum ValueTag {
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

    private ValueKind kind;
    private ValueTag tag;
    private String text;
    private Style style;
    private boolean tagged;
    private LinkedHashMap<String, YamlValue> fields;
    private ArrayList<YamlValue> items;
    private final TextOrigin origin;
    private final int line;
    private final int column;

    private YamlValue(
            ValueKind kind,
            ValueTag tag,
            String text,
            Style style,
            @CheckForNull TextOrigin origin,
            int line,
            int column) {
        this.kind = kind;
        this.tag = tag;
        this.text = text;
        this.style = style;
        this.origin = origin;
        this.line = line;
        this.column = column;
        if (kind == ValueKind.MAP) {
            fields = new LinkedHashMap<>();
        } else if (kind == ValueKind.LIST) {
            items = new ArrayList<>();
        }
    }

    static YamlValue map(@CheckForNull TextOrigin origin, int line, int column) {
        return new YamlValue(ValueKind.MAP, ValueTag.NONE, "", Style.PLAIN, origin, line, column);
    }

    static YamlValue list(@CheckForNull TextOrigin origin, int line, int column) {
        return new YamlValue(ValueKind.LIST, ValueTag.NONE, "", Style.PLAIN, origin, line, column);
    }

    /** @param tagged whether the text has an explicit tag, which overrides the implicit type for every reader */
    static YamlValue scalar(
            ValueTag tag, String text, Style style, boolean tagged, TextOrigin origin, int line, int column) {
        YamlValue yamlValue = new YamlValue(ValueKind.SCALAR, tag, text, style, origin, line, column);
        yamlValue.tagged = tagged;
        return yamlValue;
    }

    public static YamlValue map() {
        return map(null, 0, 0);
    }

    public static YamlValue list() {
        return list(null, 0, 0);
    }

    public static YamlValue string(String text) {
        Style style = text.indexOf('\n') < 0 ? Style.PLAIN : Style.LITERAL;
        return new YamlValue(ValueKind.SCALAR, ValueTag.STR, text, style, null, 0, 0);
    }

    /** A scalar without a tag: its text determines its type, unless it is quoted. */
    public static YamlValue untagged(String text) {
        return new YamlValue(ValueKind.SCALAR, ValueTag.NONE, text, Style.PLAIN, null, 0, 0);
    }

    public static YamlValue tagged(ValueTag tag, String text) {
        return new YamlValue(ValueKind.SCALAR, tag, text, Style.PLAIN, null, 0, 0);
    }

    public ValueKind kind() {
        return kind;
    }

    public ValueTag tag() {
        return tag;
    }

    public boolean isMap() {
        return kind == ValueKind.MAP;
    }

    public boolean isList() {
        return kind == ValueKind.LIST;
    }

    public boolean isScalar() {
        return kind == ValueKind.SCALAR;
    }

    /** The scalar's text; for a map or list the empty string, as in kustomize. */
    public String text() {
        return text;
    }

    boolean isPlain() {
        return style == Style.PLAIN;
    }

    /** Whether it was written as a literal block. */
    public boolean isLiteral() {
        return style == Style.LITERAL;
    }

    boolean isFolded() {
        return style == Style.FOLDED;
    }

    boolean isTagged() {
        return tagged;
    }

    public boolean isNull() {
        return tag == ValueTag.NULL;
    }

    public static boolean isMissingOrNull(@CheckForNull YamlValue yamlValue) {
        return yamlValue == null || yamlValue.tag == ValueTag.NULL;
    }

    /** Whether it is missing, null, or an empty map or list. */
    public static boolean isNilOrEmpty(@CheckForNull YamlValue yamlValue) {
        return isMissingOrNull(yamlValue)
                || yamlValue.isEmptyMap()
                || yamlValue.kind == ValueKind.LIST && yamlValue.items.isEmpty();
    }

    public boolean isEmptyMap() {
        return kind == ValueKind.MAP && fields.isEmpty();
    }

    /** The fields of a map; empty for any other node. Live. */
    public Map<String, YamlValue> fields() {
        return kind == ValueKind.MAP ? fields : Map.of();
    }

    /** The elements of a list; empty for any other node. Live. */
    public List<YamlValue> items() {
        return kind == ValueKind.LIST ? items : List.of();
    }

    /** The approximate memory in characters: its text, plus {@value #NODE_WEIGHT} per node. */
    public long weight() {
        long weight = NODE_WEIGHT + text.length();
        for (Map.Entry<String, YamlValue> field : fields().entrySet()) {
            weight += field.getKey().length() + field.getValue().weight();
        }
        for (YamlValue item : items()) {
            weight += item.weight();
        }
        return weight;
    }

    public void replaceItems(ArrayList<YamlValue> newItems) {
        items = newItems;
    }

    @CheckForNull
    public YamlValue get(String name) {
        return kind == ValueKind.MAP ? fields.get(name) : null;
    }

    /** The text of a scalar field; empty if there is none. */
    public String textOf(String name) {
        YamlValue field = get(name);
        return field == null ? "" : field.text;
    }

    public void remove(String name) {
        if (kind == ValueKind.MAP) {
            fields.remove(name);
        }
    }

    /**
     * Adds this very node, which may be shared with other places. An existing field keeps its identity and gets the
     * content of the node. Setting a field to itself has an effect: a string that could be misread is quoted, as in
     * kustomize.
     */
    public void set(String name, YamlValue value) {
        YamlValue field = fields.get(name);
        if (field == null) {
            value.quoteIfAmbiguous();
            fields.put(name, value);
        } else if (field == value) {
            field.quoteIfAmbiguous();
        } else {
            field.assign(value);
        }
    }

    /** Quotes a string that would be read as another type when plain. */
    private void quoteIfAmbiguous() {
        boolean string = kind == ValueKind.SCALAR && (tag == ValueTag.NONE || tag == ValueTag.STR);
        if (string && style == Style.PLAIN && PlainScalarRules.isAmbiguousInYaml11(text)) {
            style = Style.QUOTED;
        }
    }

    /** Resets the quoting to that of a newly written value. */
    public void restyle() {
        tagged = false;
        style = tag == ValueTag.STR && PlainScalarRules.needsQuotes(text) ? Style.QUOTED : Style.PLAIN;
    }

    /** Quotes the text. */
    public void quoted() {
        style = Style.QUOTED;
    }

    /**
     * Takes the content of the other node but keeps its own quoting; lists and maps share their children afterwards.
     */
    public void assign(YamlValue other) {
        if (this == other) {
            return;
        }
        kind = other.kind;
        tag = other.tag;
        text = other.text;
        fields = other.fields == null ? null : new LinkedHashMap<>(other.fields);
        items = other.items == null ? null : new ArrayList<>(other.items);
    }

    /** Converts a null into an empty node of the kind. */
    public void convertTo(ValueKind newKind, ValueTag newTag) {
        kind = newKind;
        tag = newTag;
        fields = newKind == ValueKind.MAP ? new LinkedHashMap<>() : null;
        items = newKind == ValueKind.LIST ? new ArrayList<>() : null;
    }

    /** Returns a deep copy. */
    public YamlValue copy() {
        YamlValue copy = new YamlValue(kind, tag, text, style, origin, line, column);
        copy.tagged = tagged;
        if (kind == ValueKind.MAP) {
            fields.forEach((name, value) -> copy.fields.put(name, value.copy()));
        } else if (kind == ValueKind.LIST) {
            copy.items.ensureCapacity(items.size());
            items.forEach(item -> copy.items.add(item.copy()));
        }
        return copy;
    }

    /** The location where the node was read; the fallback for a node that was created. */
    public SourceLocation location(SourceLocation fallback) {
        return origin == null ? fallback : origin.at(line, column);
    }

    /** 0-based, within the parsed text. */
    public int line() {
        return line;
    }
}
