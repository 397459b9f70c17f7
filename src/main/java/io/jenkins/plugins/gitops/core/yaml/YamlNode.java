package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.List;
import java.util.Optional;

/** One node of a {@link YamlText}, with its location. Aliases are not expanded. Compared by identity. */
public abstract sealed class YamlNode {
    private final SourceText index;
    private final int start;
    private final int end;
    private final String anchor;

    private YamlNode(SourceText index, int start, int end, @CheckForNull String anchor) {
        this.index = index;
        this.start = start;
        this.end = end;
        this.anchor = anchor;
    }

    final SourceText index() {
        return index;
    }

    /** The start of the node, including its anchor and tag. Computed on demand, since only messages need it. */
    public SourceLocation location() {
        return index.location(start);
    }

    /** The offset of the first byte, including anchor and tag. */
    public int start() {
        return start;
    }

    /** The offset after the last byte. */
    public int end() {
        return end;
    }

    /** The anchor's name without {@code &}; null if the node has none. */
    @CheckForNull
    public String anchor() {
        return anchor;
    }

    /** The node itself, or the node that an alias refers to; never an {@link Alias}. */
    public YamlNode resolved() {
        return this;
    }

    /**
     * A copy without a part: without the entry with this key or value, or without the item. Aliases are not followed.
     */
    public YamlNode without(YamlNode part) {
        return this;
    }

    /** How a scalar is written. */
    public enum QuotingStyle {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        /** {@code |} or {@code >}. */
        BLOCK
    }

    /** A single value. */
    public static final class Scalar extends YamlNode {
        static final String TEXT_TAG = "tag:yaml.org,2002:str";

        private final String value;
        private final QuotingStyle style;
        private final String tag;
        private final boolean inFlow;

        Scalar(
                SourceText index,
                int start,
                int end,
                String anchor,
                String value,
                QuotingStyle style,
                String tag,
                boolean inFlow) {
            super(index, start, end, anchor);
            this.value = value;
            this.style = style;
            this.tag = tag;
            this.inFlow = inFlow;
        }

        /** The text without quotes and escapes, regardless of its type; {@code ""} if there is none. */
        public String value() {
            return value;
        }

        public QuotingStyle style() {
            return style;
        }

        /** The explicit tag in its long form; null if there is none. */
        @CheckForNull
        public String tag() {
            return tag;
        }

        /** Whether it is inside {@code {...}} or {@code [...]}. */
        public boolean inFlow() {
            return inFlow;
        }

        /** Whether every parser, of YAML 1.1 and 1.2, reads this as a text. */
        public boolean isText() {
            return tag == null ? style != QuotingStyle.PLAIN || !ScalarWriter.isAmbiguous(value) : tag.equals(TEXT_TAG);
        }

        /** Whether this is null: missing, {@code ~} or {@code null}. */
        public boolean isNull() {
            return style == QuotingStyle.PLAIN
                    && (value.isEmpty() || value.equals("~") || value.equalsIgnoreCase("null"));
        }
    }

    /** A mapping; keys are distinct. */
    public static final class Mapping extends YamlNode {
        private final List<KeyValue> entries;
        private final boolean flow;

        Mapping(SourceText index, int start, int end, String anchor, List<KeyValue> entries, boolean flow) {
            super(index, start, end, anchor);
            this.entries = List.copyOf(entries);
            this.flow = flow;
        }

        /** In the order of the text. */
        public List<KeyValue> entries() {
            return entries;
        }

        @Override
        public YamlNode without(YamlNode part) {
            List<KeyValue> rest = entries.stream()
                    .filter(entry -> entry.key() != part && entry.value() != part)
                    .map(entry -> new KeyValue(entry.key(), entry.value().without(part)))
                    .toList();
            return new Mapping(index(), start(), end(), anchor(), rest, flow);
        }

        /** Whether it is written as {@code {...}}. */
        public boolean flow() {
            return flow;
        }

        /** The entry with this key; merge keys are not followed. */
        public Optional<KeyValue> entry(String key) {
            return entries.stream()
                    .filter(keyValue -> key.equals(keyValue.name()))
                    .findFirst();
        }
    }

    /** A sequence. */
    public static final class Sequence extends YamlNode {
        private final List<YamlNode> items;
        private final boolean flow;

        Sequence(SourceText index, int start, int end, String anchor, List<YamlNode> items, boolean flow) {
            super(index, start, end, anchor);
            this.items = List.copyOf(items);
            this.flow = flow;
        }

        /** Whether it is written as {@code [...]}. */
        public boolean flow() {
            return flow;
        }

        public List<YamlNode> items() {
            return items;
        }

        @Override
        public YamlNode without(YamlNode part) {
            List<YamlNode> rest = items.stream()
                    .filter(item -> item != part)
                    .map(item -> item.without(part))
                    .toList();
            return new Sequence(index(), start(), end(), anchor(), rest, flow);
        }
    }

    /** {@code *name}, which refers to an earlier node. */
    public static final class Alias extends YamlNode {
        private final String name;
        private final YamlNode target;

        Alias(SourceText index, int start, int end, String name, YamlNode target) {
            super(index, start, end, null);
            this.name = name;
            this.target = target;
        }

        /** The name without {@code *}. */
        public String name() {
            return name;
        }

        @Override
        public YamlNode resolved() {
            return target;
        }
    }

    /** One key with its value. */
    public record KeyValue(YamlNode key, YamlNode value) {
        /** The key's text; null if the key is not a scalar. */
        @CheckForNull
        public String name() {
            return key.resolved() instanceof Scalar scalar ? scalar.value() : null;
        }
    }
}
