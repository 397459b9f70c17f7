package io.jenkins.plugins.gitops.core.render.yaml;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.RenderBudget;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.Style;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;

/**
 * Parses YAML text into nodes, one per document. Resolves aliases and merge keys; rejects what kustomize cannot read.
 */
public final class YamlValueParser {
    private static final String TAG_PREFIX = "tag:yaml.org,2002:";
    private static final String MERGE_KEY = "<<";
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 1_000_000;
    private static final long MAX_WEIGHT = RenderBudget.MAX_WEIGHT;
    private static final int MAX_CODE_POINTS = 16 * 1024 * 1024;

    /**
     * How plain keys are read: go-yaml 3 reads manifests, go-yaml 2 (YAML 1.1) reads kustomizations and JSON patches.
     */
    public enum Dialect {
        MANIFEST,
        YAML_11
    }

    private final TextOrigin origin;
    private final Dialect dialect;
    private final Parser parser;
    private final Map<String, YamlValue> anchors = new HashMap<>();
    private int nodes;
    /** The weight of the nodes that aliases repeated. */
    private long repeated;

    private int depth;
    private int flowDepth;

    private YamlValueParser(TextOrigin origin, Dialect dialect, String text) {
        this.origin = origin;
        this.dialect = dialect;
        LoaderOptions options = new LoaderOptions();
        options.setProcessComments(false);
        options.setCodePointLimit(MAX_CODE_POINTS);
        this.parser = new ParserImpl(new TabReader(text), options);
    }

    /**
     * Parses the documents of a file; empty documents are null nodes.
     *
     * @throws UserErrorException if the file is not UTF-8 or not YAML, or contains something that kustomize cannot read
     */
    public static List<YamlValue> parse(TextOrigin origin, Dialect dialect, byte[] content) throws UserErrorException {
        return parse(origin, dialect, text(origin, content));
    }

    /** Parses a text inside a file, as {@link #parse(TextOrigin, Dialect, byte[])} does. */
    public static List<YamlValue> parse(TextOrigin origin, Dialect dialect, String text) throws UserErrorException {
        try {
            return new YamlValueParser(origin, dialect, text).documents();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            SourceLocation at = mark == null ? origin.at(0, 0) : origin.at(mark.getLine(), mark.getColumn());
            throw new UserErrorException(at, "this is not YAML: " + e.getProblem(), "Correct the YAML").causedBy(e);
        } catch (YAMLException e) {
            throw new UserErrorException(origin.at(0, 0), "this is not YAML: " + firstLine(e), "Correct the YAML")
                    .causedBy(e);
        }
    }

    /** Decodes a file, without its byte order mark. */
    public static String text(TextOrigin origin, byte[] content) throws UserErrorException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UserErrorException(SourceLocation.of(origin.file()), "the file is not UTF-8", "Save it as UTF-8")
                    .causedBy(e);
        }
    }

    private static String firstLine(YAMLException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private List<YamlValue> documents() throws UserErrorException {
        List<YamlValue> documents = new ArrayList<>();
        parser.getEvent();
        while (!parser.checkEvent(Event.ID.StreamEnd)) {
            DocumentStartEvent start = (DocumentStartEvent) parser.getEvent();
            checkSeparator(start);
            anchors.clear();
            documents.add(node());
            parser.getEvent();
        }
        return documents;
    }

    /** Before parsing, kustomize splits the text at lines that start with three dashes, so it cannot read all YAML. */
    private void checkSeparator(DocumentStartEvent start) throws UserErrorException {
        Mark mark = start.getStartMark();
        Mark next = parser.peekEvent().getStartMark();
        boolean empty = parser.peekEvent() instanceof ScalarEvent scalar
                && scalar.getValue().isEmpty()
                && scalar.getScalarStyle() == ScalarStyle.PLAIN;
        if (start.getExplicit() && mark.getLine() > 0 && next.getLine() == mark.getLine() && !empty) {
            throw refuse(next, "only a comment may follow the --- on its line", "Begin the document on the next line");
        }
    }

    private YamlValue node() throws UserErrorException {
        Event event = parser.getEvent();
        if (event instanceof AliasEvent alias) {
            return resolve(alias);
        }
        NodeEvent start = (NodeEvent) event;
        count(1, start.getStartMark());
        YamlValue yamlValue;
        if (event instanceof ScalarEvent scalar) {
            yamlValue = scalar(scalar);
        } else {
            yamlValue = collection((CollectionStartEvent) event);
        }
        if (start.getAnchor() != null) {
            anchors.put(start.getAnchor(), yamlValue);
        }
        return yamlValue;
    }

    private YamlValue resolve(AliasEvent alias) throws UserErrorException {
        YamlValue target = anchors.get(alias.getAnchor());
        if (target == null) {
            throw refuse(
                    alias.getStartMark(),
                    "the alias *" + alias.getAnchor() + " refers to no anchor that is complete here",
                    "Define the anchor &" + alias.getAnchor() + " before it is used");
        }
        count(size(target), alias.getStartMark());
        if (depth + height(target) > MAX_DEPTH) {
            throw tooDeep(alias.getStartMark());
        }
        repeated += target.weight();
        if (repeated > MAX_WEIGHT) {
            throw refuse(
                    alias.getStartMark(),
                    "the file takes more than " + (MAX_WEIGHT >> 20) + " MiB, aliases resolved",
                    "Use fewer aliases");
        }
        return target.copy();
    }

    private UserErrorException tooDeep(Mark mark) {
        return refuse(mark, "the YAML is nested deeper than " + MAX_DEPTH + " levels", "Reduce the nesting");
    }

    private static int height(YamlValue yamlValue) {
        int highest = 0;
        for (YamlValue field : yamlValue.fields().values()) {
            highest = Math.max(highest, height(field));
        }
        for (YamlValue item : yamlValue.items()) {
            highest = Math.max(highest, height(item));
        }
        return yamlValue.isScalar() ? 0 : highest + 1;
    }

    private static int size(YamlValue yamlValue) {
        int size = 1;
        for (YamlValue field : yamlValue.fields().values()) {
            size += size(field);
        }
        for (YamlValue item : yamlValue.items()) {
            size += size(item);
        }
        return size;
    }

    private void count(int more, Mark mark) throws UserErrorException {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw refuse(
                    mark, "the file contains more than " + MAX_NODES + " nodes, aliases resolved", "Make it smaller");
        }
    }

    private YamlValue scalar(ScalarEvent event) throws UserErrorException {
        Mark mark = event.getStartMark();
        Style style =
                switch (event.getScalarStyle()) {
                    case PLAIN -> Style.PLAIN;
                    case LITERAL -> Style.LITERAL;
                    case FOLDED -> Style.FOLDED;
                    default -> Style.QUOTED;
                };
        String text = event.getValue();
        ValueTag implicit = style == Style.PLAIN ? ScalarResolver.tagOf(text) : ValueTag.STR;
        if (event.getTag() != null) {
            return YamlValue.scalar(explicit(event), text, style, true, origin, mark.getLine(), mark.getColumn());
        }
        if (implicit == ValueTag.FLOAT && !Double.isFinite((Double) ScalarResolver.number(text))) {
            throw refuse(
                    mark, "JSON, and so Kubernetes, has no number " + text, "Write it in quotes: \"" + text + "\"");
        }
        if (implicit == ValueTag.TIMESTAMP && flowDepth > 0 && text.indexOf(':') >= 0) {
            // kustomize quotes the timestamp when it writes the flow collection, and reads it back as a string.
            implicit = ValueTag.STR;
        }
        return YamlValue.scalar(implicit, text, style, false, origin, mark.getLine(), mark.getColumn());
    }

    private ValueTag explicit(ScalarEvent event) throws UserErrorException {
        String tag = event.getTag();
        String text = event.getValue();
        String name = tag.startsWith(TAG_PREFIX) ? tag.substring(TAG_PREFIX.length()) : "";
        ValueTag read = ScalarResolver.tagOf(text);
        ValueTag wanted =
                switch (name) {
                    case "str" -> ValueTag.STR;
                    case "int" -> ValueTag.INT;
                    case "float" -> ValueTag.FLOAT;
                    case "bool" -> ValueTag.BOOL;
                    case "null" -> ValueTag.NULL;
                    default -> null;
                };
        if (wanted == null) {
            throw refuse(event.getStartMark(), "the tag " + tag + " is not supported", "Write the value without a tag");
        }
        if (wanted != ValueTag.STR && wanted != read && !(wanted == ValueTag.FLOAT && read == ValueTag.INT)) {
            throw refuse(event.getStartMark(), text + " is not a valid !!" + name, "Write the value without a tag");
        }
        return wanted;
    }

    private YamlValue collection(CollectionStartEvent start) throws UserErrorException {
        Mark mark = start.getStartMark();
        boolean map = start.is(Event.ID.MappingStart);
        String tag = start.getTag();
        if (tag != null && !tag.equals(TAG_PREFIX + (map ? "map" : "seq"))) {
            throw refuse(mark, "the tag " + tag + " is not supported", "Write the value without a tag");
        }
        if (++depth > MAX_DEPTH) {
            throw tooDeep(mark);
        }
        flowDepth += start.isFlow() ? 1 : 0;
        YamlValue yamlValue = map
                ? map(YamlValue.map(origin, mark.getLine(), mark.getColumn()))
                : list(YamlValue.list(origin, mark.getLine(), mark.getColumn()));
        flowDepth -= start.isFlow() ? 1 : 0;
        depth--;
        return yamlValue;
    }

    private YamlValue list(YamlValue list) throws UserErrorException {
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            list.items().add(node());
        }
        parser.getEvent();
        return list;
    }

    private YamlValue map(YamlValue map) throws UserErrorException {
        List<YamlValue> merged = null;
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Event event = parser.getEvent();
            String key = key(event);
            boolean merge = key.equals(MERGE_KEY)
                    && event instanceof ScalarEvent scalar
                    && scalar.getScalarStyle() == ScalarStyle.PLAIN;
            if (map.get(key) != null || merge && merged != null) {
                throw refuse(event.getStartMark(), "the key " + key + " is listed twice", "Remove one of the two");
            }
            if (merge) {
                merged = mergeSources(event.getStartMark());
            } else {
                map.fields().put(key, node());
            }
        }
        parser.getEvent();
        if (merged != null) {
            merge(map, merged);
        }
        return map;
    }

    private String key(Event event) throws UserErrorException {
        if (event instanceof AliasEvent alias) {
            return aliasKey(alias);
        }
        if (!(event instanceof ScalarEvent scalar)) {
            throw refuse(event.getStartMark(), "a key must be a plain string", "Write the key as a string");
        }
        boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
        String key = scalar.getValue();
        if (scalar.getTag() != null && !scalar.getTag().equals(TAG_PREFIX + "str")) {
            throw refuse(event.getStartMark(), "a key must be a plain string", "Write the key without a tag");
        }
        boolean isBoolean = dialect == Dialect.YAML_11 && ScalarResolver.isYaml11Boolean(key);
        if (plain && scalar.getTag() == null && (isBoolean || ScalarResolver.tagOf(key) != ValueTag.STR)) {
            throw refuse(
                    event.getStartMark(),
                    "YAML reads the key " + key + " as something other than a string",
                    "Write it in quotes: \"" + key + "\"");
        }
        count(1, event.getStartMark());
        if (scalar.getAnchor() != null) {
            anchors.put(scalar.getAnchor(), scalar(scalar));
        }
        return key;
    }

    private String aliasKey(AliasEvent alias) throws UserErrorException {
        YamlValue key = resolve(alias);
        if (!key.isScalar() || key.tag() != ValueTag.STR) {
            throw refuse(alias.getStartMark(), "a key must be a string", "Refer to a string, or write the key itself");
        }
        return key.text();
    }

    /** The maps to merge, in decreasing precedence. */
    private List<YamlValue> mergeSources(Mark mark) throws UserErrorException {
        YamlValue value = node();
        List<YamlValue> sources = value.isList() ? value.items() : List.of(value);
        for (YamlValue source : sources) {
            if (!source.isMap()) {
                throw refuse(mark, "<< merges maps only", "Refer to a map, or to a list of maps");
            }
        }
        return sources;
    }

    private static void merge(YamlValue map, List<YamlValue> sources) {
        for (YamlValue source : sources) {
            source.fields().forEach((name, field) -> map.fields().putIfAbsent(name, field.copy()));
        }
    }

    private UserErrorException refuse(Mark mark, String what, String remedy) {
        return new UserErrorException(origin.at(mark.getLine(), mark.getColumn()), what, remedy);
    }
}
