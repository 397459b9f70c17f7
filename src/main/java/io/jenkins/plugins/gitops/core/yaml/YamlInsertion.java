package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Inserts nodes after existing ones: on separate lines with the text's own indentation and line ends, or on the same
 * line in a flow collection. No other byte changes. Values are texts, booleans, maps from texts to values, or lists.
 */
public final class YamlInsertion {
    private final YamlText text;
    private final SourceText index;
    private final YamlFormatting layout;

    private YamlInsertion(YamlText text) {
        this.text = text;
        this.index = text.index();
        this.layout = YamlFormatting.of(text);
    }

    /** Creates an instance for a text. The nodes that are passed to its methods must be from that text. */
    public static YamlInsertion into(YamlText text) {
        return new YamlInsertion(text);
    }

    /**
     * Puts a map or list at a path of keys, and adds the missing keys. If there is a map or list already, the entries
     * or items are added after its last one.
     *
     * @param from the document's root; null if the text has no document
     * @param what the path as text, for messages
     * @throws UserErrorException if the place is shared through an alias or merge key, or is written in a way that
     *     leaves the position unclear
     */
    public byte[] put(@CheckForNull YamlPath from, List<String> keys, Object value, String what)
            throws UserErrorException {
        if (from == null || from.isEmpty()) {
            return document(keys.get(0), nested(keys, 1, value));
        }
        YamlPath way = from;
        int at = 0;
        while (at < keys.size()) {
            YamlPath next = way.key(keys.get(at)).orElse(null);
            if (next == null || next.isEmpty()) {
                break;
            }
            way = next;
            at++;
        }
        if (at == keys.size()) {
            return way.node() instanceof Sequence && value instanceof List<?> items
                    ? items(ownList(way, what), items)
                    : entries(way.ownMapping(what), map(value, way, what));
        }
        Object nested = nested(keys, at + 1, value);
        Mapping mapping = way.ownMapping(what);
        KeyValue empty = mapping.entry(keys.get(at)).orElse(null);
        return empty == null ? entries(mapping, Map.of(keys.get(at), nested)) : fill(empty, nested);
    }

    private static Object nested(List<String> keys, int from, Object value) {
        Object nested = value;
        for (int i = keys.size() - 1; i >= from; i--) {
            nested = Map.of(keys.get(i), nested);
        }
        return nested;
    }

    private static Map<?, ?> map(Object value, YamlPath way, String what) throws UserErrorException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new UserErrorException(way.location(), what + " is not a list", "Write a list here in Git first");
    }

    private static Sequence ownList(YamlPath way, String what) throws UserErrorException {
        way.requireNotShared(what);
        return (Sequence) way.written();
    }

    private byte[] entries(Mapping mapping, Map<?, ?> values) throws UserErrorException {
        List<KeyValue> entries = mapping.entries();
        if (mapping.flow()) {
            QuotingStyle quotes = entries.isEmpty()
                    ? QuotingStyle.PLAIN
                    : style(entries.get(0).key());
            String braced = YamlFormatting.flow(values, quotes);
            return inFlow(
                    mapping,
                    entries.isEmpty() ? null : last(entries).value(),
                    braced.substring(1, braced.length() - 1));
        }
        int indent = column(entries.get(0).key());
        return lines(last(entries).value(), layout.entries(values, indent));
    }

    private byte[] items(Sequence list, List<?> values) throws UserErrorException {
        return list.items().isEmpty() || list.flow()
                ? flowItems(list, values)
                : itemsAfter(list, last(list.items()), values);
    }

    /**
     * Inserts an item into a list: after the sibling in a block list, at the end of a flow list.
     *
     * @throws UserErrorException if the list is written in a way that leaves the position unclear
     */
    public byte[] itemAfter(Sequence list, YamlNode sibling, Object value) throws UserErrorException {
        return list.flow() ? flowItems(list, List.of(value)) : itemsAfter(list, sibling, List.of(value));
    }

    private byte[] flowItems(Sequence list, List<?> values) throws UserErrorException {
        YamlNode last = list.items().isEmpty() ? null : last(list.items());
        QuotingStyle quotes = last == null ? QuotingStyle.PLAIN : style(last);
        String bracketed = YamlFormatting.flow(values, quotes);
        return inFlow(list, last, bracketed.substring(1, bracketed.length() - 1));
    }

    private byte[] itemsAfter(Sequence list, YamlNode sibling, List<?> values) throws UserErrorException {
        int dash = list.start();
        if (index.bytes()[dash] != '-') {
            dash = dashBefore(sibling);
        }
        int indent = column(sibling, dash);
        List<String> lines = new ArrayList<>();
        values.forEach(value -> lines.addAll(layout.item(value, indent)));
        return lines(sibling, lines);
    }

    /** For a list with an anchor, whose start does not show the position of its dashes. */
    private int dashBefore(YamlNode item) throws UserErrorException {
        int dash = item.start() - 1;
        while (dash >= 0 && isBlank(index.bytes()[dash])) {
            dash--;
        }
        if (dash < 0 || index.bytes()[dash] != '-') {
            throw uncertain(item);
        }
        return dash;
    }

    /** Sets the value of an entry that has none, {@code ~} or {@code null}. */
    private byte[] fill(KeyValue keyValue, Object value) throws UserErrorException {
        Scalar nothing = (Scalar) keyValue.value();
        if (nothing.anchor() != null || nothing.tag() != null) {
            throw uncertain(nothing);
        }
        int start = nothing.start();
        if (start < nothing.end()) {
            return index.splice(start, nothing.end(), YamlFormatting.flow(value, QuotingStyle.PLAIN));
        }
        if (nothing.inFlow() || index.bytes()[start - 1] != ':') {
            throw uncertain(nothing);
        }
        return lines(nothing, layout.below(value, column(keyValue.key())));
    }

    /** Adds the first entry of a text whose only document is empty. */
    private byte[] document(String key, Object value) throws UserErrorException {
        for (YamlNode root : text.documents()) {
            if (text.documents().size() > 1 || root.start() < root.end()) {
                throw uncertain(root);
            }
        }
        int end = index.bytes().length;
        boolean broken = end > index.lineStart(end);
        String lineBreak = text.lineBreak(index.lineEnd(0));
        String written = String.join(lineBreak, layout.entry(key, value, 0)) + lineBreak;
        return index.splice(end, end, broken ? lineBreak + written : written);
    }

    private byte[] inFlow(YamlNode collection, @CheckForNull YamlNode last, String written) throws UserErrorException {
        if (last == null) {
            return index.splice(collection.end() - 1, collection.end() - 1, written);
        }
        if (last.start() == last.end()) {
            throw uncertain(last);
        }
        return index.splice(last.end(), last.end(), ", " + written);
    }

    private byte[] lines(YamlNode last, List<String> lines) throws UserErrorException {
        int end = contentEnd(last);
        int lineEnd = index.lineEnd(end);
        if (!text.isOnlyComment(end, lineEnd)) {
            throw uncertain(last);
        }
        String lineBreak = text.lineBreak(lineEnd);
        return index.splice(lineEnd, lineEnd, lineBreak + String.join(lineBreak, lines));
    }

    /**
     * The offset after the last byte of the node; the parser's end of a block collection is the start of the next node.
     */
    private int contentEnd(YamlNode node) throws UserErrorException {
        if (node instanceof Mapping mapping && !mapping.flow()) {
            return contentEnd(last(mapping.entries()).value());
        }
        if (node instanceof Sequence sequence && !sequence.flow()) {
            return sequence.items().isEmpty() ? node.end() : contentEnd(last(sequence.items()));
        }
        if (!(node instanceof Scalar scalar && scalar.style() == QuotingStyle.BLOCK)) {
            return node.end();
        }
        if (index.slice(node.start(), index.lineEnd(node.start())).contains("+")) {
            throw uncertain(node);
        }
        int end = node.end();
        while (end > node.start() && isBlank(index.bytes()[end - 1])) {
            end--;
        }
        return end;
    }

    private int column(YamlNode node) throws UserErrorException {
        return column(node, node.start());
    }

    private int column(YamlNode node, int at) throws UserErrorException {
        int lineStart = index.lineStart(at);
        if (!index.isItemPrefix(lineStart, at)) {
            throw uncertain(node);
        }
        return at - lineStart;
    }

    private static QuotingStyle style(YamlNode node) {
        if (node instanceof Scalar scalar) {
            return scalar.style() == QuotingStyle.BLOCK ? QuotingStyle.PLAIN : scalar.style();
        }
        return node instanceof Mapping mapping && !mapping.entries().isEmpty()
                ? style(mapping.entries().get(0).key())
                : QuotingStyle.PLAIN;
    }

    private static boolean isBlank(byte at) {
        return at == ' ' || at == '\t' || at == '\n' || at == '\r';
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    private static UserErrorException uncertain(YamlNode node) {
        return new UserErrorException(
                node.location(), "Cannot determine where to add a line after this", "Write the entry in Git first");
    }
}
