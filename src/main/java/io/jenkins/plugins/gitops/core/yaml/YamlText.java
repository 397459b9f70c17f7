package io.jenkins.plugins.gitops.core.yaml;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Alias;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A parsed YAML text with the locations of its nodes. An edit returns new bytes in which only the edited value differs:
 * comments, quoting, indentation, order, line ends, byte order mark and a missing last line end are kept. An edit with
 * an uncertain outcome is rejected. Immutable; the nodes passed to an edit must be from this text.
 */
public final class YamlText {
    private static final String ONE_LINE = "Write it on one line in Git first";
    private static final Pattern COMMENT = Pattern.compile("[ \\t]*(?:[ \\t]#.*)?");
    private static final Pattern COLON = Pattern.compile("[ \\t]*:[ \\t]*");

    private final SourceText index;
    private final List<YamlNode> documents;
    /** The aliases of each node that has an anchor. */
    private final Map<YamlNode, List<YamlNode>> aliases = new IdentityHashMap<>();

    private YamlText(SourceText index, List<YamlNode> documents) {
        this.index = index;
        this.documents = List.copyOf(documents);
        documents.forEach(this::collectAliased);
    }

    /**
     * Parses all documents of a text.
     *
     * @param file path for messages, relative to the repository's root
     * @throws UserErrorException if it is larger than {@link YamlLimits#MAX_BYTES}, not UTF-8 or not YAML, a mapping
     *     has a duplicate key, an alias has no anchor, or the text exceeds the limits of depth or of nodes after
     *     expansion of aliases
     */
    public static YamlText parse(String file, byte[] content) throws UserErrorException {
        YamlLimits.checkSize(file, content.length);
        SourceText index = new SourceText(file, content.clone());
        return new YamlText(index, YamlComposer.compose(index));
    }

    /** The root of each document; empty if the text has only comments. */
    public List<YamlNode> documents() {
        return documents;
    }

    /** The first document's root; empty if there is none. */
    public Optional<YamlNode> first() {
        return documents.stream().findFirst();
    }

    /** The roots after the first one that are not null. */
    public List<YamlNode> furtherRoots() {
        List<YamlNode> others = new ArrayList<>();
        for (YamlNode root : documents.subList(Math.min(1, documents.size()), documents.size())) {
            if (!(root instanceof Scalar scalar && scalar.isNull())) {
                others.add(root);
            }
        }
        return others;
    }

    SourceText index() {
        return index;
    }

    /** The same bytes that were parsed. */
    public byte[] bytes() {
        return index.bytes().clone();
    }

    /** Whether an alias in the text refers to this node, so that an edit would change two places. */
    public boolean isAliased(YamlNode node) {
        return aliases.containsKey(node);
    }

    /**
     * Whether an edit of a node changes only the given nodes: either it has no alias, or it and all its aliases are
     * among them.
     *
     * @param own compared by identity
     */
    boolean isSharedOnlyBy(YamlNode node, Set<YamlNode> own) {
        return !isAliased(node) || own.contains(node) && own.containsAll(aliases.get(node));
    }

    /** Whether every parser reads the scalar as this text already. */
    public boolean hasValue(Scalar node, String value) {
        return node.isText() && node.value().equals(value);
    }

    /**
     * Replaces the value of a scalar. The quoting style is kept; quotes are added if YAML 1.1 or 1.2 would read the new
     * value as anything but a text. If the scalar already has the value, the bytes do not change.
     *
     * @throws UserErrorException if an alias refers to the scalar, or it is not written on one line
     */
    public byte[] replaceScalar(Scalar node, String value) throws UserErrorException {
        return replaceScalar(node, value, Set.of());
    }

    /**
     * Equivalent to {@link #replaceScalar(Scalar, String)}, but accepts aliases of the scalar.
     *
     * @param own nodes that are meant to change, aliases and their targets, compared by identity
     * @throws UserErrorException as {@link #replaceScalar(Scalar, String)}, if an alias outside {@code own} refers to
     *     it
     */
    public byte[] replaceScalar(Scalar node, String value, Set<YamlNode> own) throws UserErrorException {
        if (hasValue(node, value)) {
            return bytes();
        }
        if (!isSharedOnlyBy(node, own)) {
            throw new UserErrorException(
                    node.location(),
                    "The value is anchored as &" + node.anchor() + " and used elsewhere in the file",
                    "Write the value out at both places in Git first");
        }
        if (node.tag() != null && !Scalar.TEXT_TAG.equals(node.tag())) {
            throw new UserErrorException(
                    node.location(),
                    "The value is tagged as something other than a string",
                    "Remove the tag in Git first");
        }
        int start = contentStart(node);
        if (node.style() == QuotingStyle.BLOCK || spansLines(start, node.end())) {
            throw new UserErrorException(node.location(), "The value is written over several lines", ONE_LINE);
        }
        boolean nothing = start == node.end();
        if (nothing && !followsIndicator(start)) {
            throw new UserErrorException(node.location(), "There is no value here", "Write \"\" here in Git first");
        }
        // If the old value had a colon, parsers also accept one in the new value.
        boolean strict = node.inFlow() && !node.value().contains(":");
        String written = ScalarWriter.write(value, node.style(), strict);
        return index.splice(start, node.end(), nothing ? " " + written : written);
    }

    /**
     * Inserts a new key and value after an entry of the same mapping: in a block mapping on a new line with the entry's
     * indentation and line end; in a flow mapping on the same line.
     *
     * @throws UserErrorException if the entry is not written on one line as {@code key: value}
     */
    public byte[] insertAfter(Mapping mapping, KeyValue sibling, String key, String value) throws UserErrorException {
        QuotingStyle quotes = sibling.key() instanceof Scalar scalar ? scalar.style() : QuotingStyle.BLOCK;
        String colon = index.slice(sibling.key().end(), sibling.value().start());
        boolean simple = quotes != QuotingStyle.BLOCK
                && COLON.matcher(colon).matches()
                && sibling.value().end() > sibling.value().start()
                && isOneLine(sibling.value());
        if (!simple) {
            throw notOneLine(sibling);
        }
        String keyText = ScalarWriter.write(key, quotes, mapping.flow());
        if (mapping.flow()) {
            String valueText = ScalarWriter.write(value, quotes, true);
            return index.splice(sibling.value().end(), sibling.value().end(), ", " + keyText + ": " + valueText);
        }
        String valueText = ScalarWriter.write(value, QuotingStyle.PLAIN, false);
        int lineStart = index.lineStart(sibling.key().start());
        String prefix = index.slice(lineStart, sibling.key().start());
        int lineEnd = index.lineEnd(sibling.value().end());
        if (!index.isItemPrefix(lineStart, sibling.key().start())
                || !isOnlyComment(sibling.value().end(), lineEnd)) {
            throw notOneLine(sibling);
        }
        String line = lineBreak(lineEnd) + " ".repeat(prefix.length()) + keyText + ": " + valueText;
        return index.splice(lineEnd, lineEnd, line);
    }

    /**
     * Removes one entry from a mapping, with the comment after it on its line.
     *
     * @throws UserErrorException if the entry shares its line with others (in a block mapping), is the mapping's only
     *     one, or other text would be removed with it
     */
    public byte[] remove(Mapping mapping, KeyValue keyValue) throws UserErrorException {
        int at = mapping.entries().indexOf(keyValue);
        if (mapping.entries().size() < 2 || !isOneLine(keyValue.value())) {
            throw notOneLine(keyValue);
        }
        return mapping.flow() ? removeFromFlow(mapping, at) : removeFromBlock(mapping, at);
    }

    private byte[] removeFromFlow(Mapping mapping, int at) throws UserErrorException {
        KeyValue keyValue = mapping.entries().get(at);
        int start = at > 0
                ? mapping.entries().get(at - 1).value().end()
                : keyValue.key().start();
        int end = at > 0
                ? keyValue.value().end()
                : mapping.entries().get(at + 1).key().start();
        String between = at > 0
                ? index.slice(start, keyValue.key().start())
                : index.slice(keyValue.value().end(), end);
        if (!between.matches("[ \\t]*,[ \\t]*")) {
            throw notOneLine(keyValue);
        }
        return index.splice(start, end, "");
    }

    private byte[] removeFromBlock(Mapping mapping, int at) throws UserErrorException {
        KeyValue keyValue = mapping.entries().get(at);
        int lineStart = index.lineStart(keyValue.key().start());
        int lineEnd = index.lineEnd(keyValue.value().end());
        String prefix = index.slice(lineStart, keyValue.key().start());
        if (spansLines(keyValue.key().start(), keyValue.value().end())
                || !isOnlyComment(keyValue.value().end(), lineEnd)) {
            throw notOneLine(keyValue);
        }
        int next = index.nextLine(lineEnd);
        if (prefix.isBlank()) {
            // If the text has no final line end, the previous one is removed, so that the text still has none.
            return next > lineEnd
                    ? index.splice(lineStart, next, "")
                    : index.splice(endOfLineBefore(lineStart), next, "");
        }
        int following = at + 1 < mapping.entries().size()
                ? mapping.entries().get(at + 1).key().start()
                : -1;
        boolean joins = index.isItemPrefix(lineStart, keyValue.key().start())
                && following >= next
                && index.slice(next, following).equals(" ".repeat(prefix.length()));
        if (!joins) {
            throw notOneLine(keyValue);
        }
        return index.splice(keyValue.key().start(), following, "");
    }

    private int endOfLineBefore(int lineStart) {
        int end = lineStart - 1;
        boolean pair = index.bytes()[end] == '\n' && end > 0 && index.bytes()[end - 1] == '\r';
        return pair ? end - 1 : end;
    }

    private static UserErrorException notOneLine(KeyValue keyValue) {
        SourceLocation location = keyValue.key().location();
        return new UserErrorException(location, "\"" + keyValue.name() + "\" is not on its own line", ONE_LINE);
    }

    /** The start of a scalar's text, after its anchor and tag. */
    private int contentStart(Scalar node) {
        int at = node.start();
        boolean properties = node.anchor() != null || node.tag() != null;
        while (properties && at < node.end() && (byteAt(at) == '&' || byteAt(at) == '!')) {
            while (at < node.end() && byteAt(at) > ' ') {
                at++;
            }
            while (at < node.end() && (byteAt(at) == ' ' || byteAt(at) == '\t')) {
                at++;
            }
        }
        return at;
    }

    private boolean followsIndicator(int at) {
        return at > 0 && (byteAt(at - 1) == ':' || byteAt(at - 1) == '-');
    }

    private byte byteAt(int at) {
        return index.bytes()[at];
    }

    private boolean isOneLine(YamlNode value) {
        boolean single =
                value instanceof Alias || value instanceof Scalar scalar && scalar.style() != QuotingStyle.BLOCK;
        return single && !spansLines(value.start(), value.end());
    }

    private boolean spansLines(int start, int end) {
        return index.lineEnd(start) < end;
    }

    boolean isOnlyComment(int start, int lineEnd) {
        return COMMENT.matcher(index.slice(start, lineEnd)).matches();
    }

    /** The line end at this offset; at the end of the text, the first one of the text, or a line feed. */
    String lineBreak(int lineEnd) {
        int at = lineEnd < index.bytes().length ? lineEnd : index.lineEnd(0);
        String found = index.slice(at, index.nextLine(at));
        return found.isEmpty() ? "\n" : found;
    }

    private void collectAliased(YamlNode node) {
        if (node instanceof Alias alias) {
            aliases.computeIfAbsent(alias.resolved(), definition -> new ArrayList<>())
                    .add(alias);
        } else if (node instanceof Sequence sequence) {
            sequence.items().forEach(this::collectAliased);
        } else if (node instanceof Mapping mapping) {
            for (KeyValue keyValue : mapping.entries()) {
                collectAliased(keyValue.key());
                collectAliased(keyValue.value());
            }
        }
    }
}
