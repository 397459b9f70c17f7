package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.List;
import java.util.Optional;

/** One node of a {@link YamlText}, with its place. Aliases stay aliases: nothing is expanded. Compared by identity. */
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

    /** Where the node begins, its anchor and tag included. Computed when it is asked for: only messages need it. */
    public SourceLocation location() {
        return index.location(start);
    }

    /** Offset of the first byte, anchor and tag included. */
    public int start() {
        return start;
    }

    /** Offset behind the last byte. */
    public int end() {
        return end;
    }

    /** The anchor's name without {@code &}; null when the node has none. */
    @CheckForNull
    public String anchor() {
        return anchor;
    }

    /** What stands here once an alias is followed; never an {@link Alias}. */
    public YamlNode resolved() {
        return this;
    }

    /**
     * The same without a part of it: without the entry whose key or value it is, or without the item. Aliases are not followed.
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

        /** The text without quotes and escapes, whatever type a reader may see in it; {@code ""} when nothing is written. */
        public String value() {
            return value;
        }

        public QuotingStyle style() {
            return style;
        }

        /** The explicit tag in its long form; null when there is none. */
        @CheckForNull
        public String tag() {
            return tag;
        }

        /** Whether it stands inside {@code {...}} or {@code [...]}. */
        public boolean inFlow() {
            return inFlow;
        }

        /** Whether every reader, of YAML 1.1 as of 1.2, reads this as a text. */
        public boolean isText() {
            return tag == null ? style != QuotingStyle.PLAIN || !ScalarWriter.isAmbiguous(value) : tag.equals(TEXT_TAG);
        }

        /** Whether this is nothing: not written at all, {@code ~} or {@code null}. */
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

    /** {@code *name}, which stands for a node further up. */
    public static final class Alias extends YamlNode {
        private final String name;
        private final YamlNode target;

        Alias(SourceText index, int start, int end, String name, YamlNode target) {
            super(index, start, end, null);
            this.name = name;
            this.target = target;
        }

        /** Without {@code *}. */
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
        /** The key's text; null when the key is not a scalar. */
        @CheckForNull
        public String name() {
            return key.resolved() instanceof Scalar scalar ? scalar.value() : null;
        }
    }
}
