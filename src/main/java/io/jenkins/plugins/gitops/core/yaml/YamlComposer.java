package io.jenkins.plugins.gitops.core.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Alias;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Builds nodes from the parser's events. The library's own composer is not used because it replaces an alias by its
 * node, which loses the location of the alias.
 */
final class YamlComposer {
    private static final String WAY_OUT = "Fix the file in Git first";

    private final SourceText index;
    private final ParserImpl parser;
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private final Map<YamlNode, Long> weights = new IdentityHashMap<>();
    private int depth;
    private int flowDepth;
    private int nodes;

    private YamlComposer(SourceText index) {
        this.index = index;
        LoaderOptions options = new LoaderOptions();
        // The size has already been checked; the error of the library's own limit does not name the file.
        options.setCodePointLimit(Integer.MAX_VALUE);
        this.parser = new ParserImpl(new StreamReader(new StringReader(index.text())), options);
    }

    /** The root of each document. */
    static List<YamlNode> compose(SourceText index) throws UserErrorException {
        try {
            return new YamlComposer(index).documents();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw unparsable(index, mark == null ? 0 : mark.getIndex(), e.getProblem(), e);
        } catch (ReaderException e) {
            throw unparsable(index, e.getPosition(), "the character is not allowed", e);
        } catch (YAMLException e) {
            throw unparsable(index, 0, e.getMessage(), e);
        }
    }

    private static UserErrorException unparsable(SourceText index, int codePoint, String problem, Exception cause) {
        String oneLine = problem == null ? "it cannot be read" : problem.strip().replaceAll("\\s+", " ");
        String what =
                "This is not YAML: " + (oneLine.endsWith(".") ? oneLine.substring(0, oneLine.length() - 1) : oneLine);
        return new UserErrorException(index.location(index.byteOffset(codePoint)), what, WAY_OUT).causedBy(cause);
    }

    private List<YamlNode> documents() throws UserErrorException {
        List<YamlNode> roots = new ArrayList<>();
        parser.getEvent();
        while (!parser.checkEvent(Event.ID.StreamEnd)) {
            parser.getEvent();
            anchors.clear();
            roots.add(node());
            parser.getEvent();
        }
        return List.copyOf(roots);
    }

    private YamlNode node() throws UserErrorException {
        Event event = parser.getEvent();
        int start = index.byteOffset(event.getStartMark().getIndex());
        if (++nodes > YamlLimits.MAX_NODES) {
            throw tooMany(start);
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias, start);
        }
        String anchor = ((NodeEvent) event).getAnchor();
        if (++depth > YamlLimits.MAX_DEPTH) {
            throw new UserErrorException(
                    index.location(start), "This is nested deeper than " + YamlLimits.MAX_DEPTH + " levels", WAY_OUT);
        }
        if (anchor != null) {
            // The anchor becomes known when the node is complete, since an alias inside the node would contain it.
            anchors.remove(anchor);
        }
        YamlNode node = event instanceof ScalarEvent scalar
                ? scalar(scalar, start)
                : event instanceof SequenceStartEvent sequence
                        ? sequence(sequence, start)
                        : mapping((MappingStartEvent) event, start);
        depth--;
        if (anchor != null) {
            anchors.put(anchor, node);
        }
        return node;
    }

    private Alias alias(AliasEvent event, int start) throws UserErrorException {
        YamlNode target = anchors.get(event.getAnchor());
        if (target == null) {
            throw new UserErrorException(
                    index.location(start),
                    "The alias *" + event.getAnchor() + " has no anchor above it, or contains itself",
                    WAY_OUT);
        }
        int end = index.byteOffset(event.getEndMark().getIndex());
        Alias alias = new Alias(index, start, end, event.getAnchor(), target);
        weights.put(alias, weight(target));
        return alias;
    }

    private Scalar scalar(ScalarEvent event, int start) {
        int end = index.byteOffset(event.getEndMark().getIndex());
        return new Scalar(
                index,
                start,
                end,
                event.getAnchor(),
                event.getValue(),
                style(event.getScalarStyle()),
                event.getTag(),
                flowDepth > 0);
    }

    private static QuotingStyle style(ScalarStyle style) {
        return switch (style) {
            case DOUBLE_QUOTED -> QuotingStyle.DOUBLE_QUOTED;
            case SINGLE_QUOTED -> QuotingStyle.SINGLE_QUOTED;
            case LITERAL, FOLDED -> QuotingStyle.BLOCK;
            default -> QuotingStyle.PLAIN;
        };
    }

    private Sequence sequence(SequenceStartEvent start, int startOffset) throws UserErrorException {
        flowDepth += start.isFlow() ? 1 : 0;
        List<YamlNode> items = new ArrayList<>();
        long weight = 1;
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            YamlNode item = node();
            weight = add(weight, item);
            items.add(item);
        }
        int end = index.byteOffset(parser.getEvent().getEndMark().getIndex());
        flowDepth -= start.isFlow() ? 1 : 0;
        Sequence sequence = new Sequence(index, startOffset, end, start.getAnchor(), items, start.isFlow());
        weights.put(sequence, weight);
        return sequence;
    }

    private Mapping mapping(MappingStartEvent start, int startOffset) throws UserErrorException {
        flowDepth += start.isFlow() ? 1 : 0;
        List<KeyValue> entries = new ArrayList<>();
        Map<String, KeyValue> names = new HashMap<>();
        long weight = 1;
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            KeyValue keyValue = new KeyValue(node(), node());
            weight = add(add(weight, keyValue.key()), keyValue.value());
            refuseDuplicate(keyValue.name() == null ? null : names.put(keyValue.name(), keyValue), keyValue);
            entries.add(keyValue);
        }
        int end = index.byteOffset(parser.getEvent().getEndMark().getIndex());
        flowDepth -= start.isFlow() ? 1 : 0;
        Mapping mapping = new Mapping(index, startOffset, end, start.getAnchor(), entries, start.isFlow());
        weights.put(mapping, weight);
        return mapping;
    }

    private static void refuseDuplicate(@CheckForNull KeyValue earlier, KeyValue keyValue) throws UserErrorException {
        if (earlier != null) {
            throw new UserErrorException(
                    keyValue.key().location(),
                    "The key \"" + keyValue.name() + "\" is listed twice, after line "
                            + earlier.key().location().line(),
                    "Remove one of the two in Git first, because parsers differ in which one they use");
        }
    }

    private long add(long weight, YamlNode node) throws UserErrorException {
        long sum = weight + weight(node);
        if (sum > YamlLimits.MAX_NODES) {
            throw tooMany(node.start());
        }
        return sum;
    }

    private UserErrorException tooMany(int start) {
        return new UserErrorException(
                index.location(start),
                "With its aliases written out this text has more than " + YamlLimits.MAX_NODES + " nodes",
                WAY_OUT);
    }

    private long weight(YamlNode node) {
        return weights.getOrDefault(node, 1L);
    }
}
