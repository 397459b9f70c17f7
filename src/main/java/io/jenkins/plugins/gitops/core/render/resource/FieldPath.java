package io.jenkins.plugins.gitops.core.render.resource;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueKind;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the fields of a {@link FieldSpec}, in all elements of the lists on the path. */
public final class FieldPath {
    private static final Map<String, List<String>> SPLIT = new ConcurrentHashMap<>();

    private final FieldSpec spec;
    private final List<String> path;
    private final ValueKind create;
    private final ValueTag createTag;
    private final Visitor visitor;
    private final SourceLocation fallback;

    /** Called for each node at the path, which may be null. */
    public interface Visitor {
        void visit(YamlValue node) throws UserErrorException;
    }

    private FieldPath(
            FieldSpec spec, @CheckForNull ValueKind create, ValueTag createTag, SourceLocation at, Visitor visitor) {
        this.spec = spec;
        this.path = SPLIT.computeIfAbsent(spec.path(), FieldPath::split);
        this.create = create;
        this.createTag = createTag;
        this.fallback = at;
        this.visitor = visitor;
    }

    /** Visits the existing fields of the resource. */
    public static void visit(FieldSpec spec, YamlValue root, SourceLocation at, Visitor visitor)
            throws UserErrorException {
        new FieldPath(spec, null, ValueTag.NONE, at, visitor).follow(root, 0);
    }

    /**
     * Visits the fields of the resource. If the spec allows it, missing nodes on the path are created, with a node of
     * the given kind at the end.
     */
    public static void visitOrCreate(
            FieldSpec spec, YamlValue root, ValueKind kind, ValueTag tag, SourceLocation at, Visitor visitor)
            throws UserErrorException {
        new FieldPath(spec, kind, tag, at, visitor).follow(root, 0);
    }

    /** Sets a scalar's text and tag; rejects any other node. */
    public static void setScalar(YamlValue yamlValue, YamlValue value, SourceLocation at) throws UserErrorException {
        if (!yamlValue.isScalar() && !yamlValue.isNull()) {
            throw new UserErrorException(
                    yamlValue.location(at), "a single value is required here", "Replace the list or map by a value");
        }
        yamlValue.assign(value);
    }

    private void follow(YamlValue yamlValue, int index) throws UserErrorException {
        if (index == path.size()) {
            visitor.visit(yamlValue);
            return;
        }
        if (yamlValue.isNull()) {
            return;
        }
        switch (yamlValue.kind()) {
            case LIST -> {
                for (YamlValue item : yamlValue.items()) {
                    follow(item, index);
                }
            }
            case MAP -> followField(yamlValue, index);
            default ->
                throw new UserErrorException(
                        yamlValue.location(fallback),
                        "a list or map is required here, because kustomize follows " + spec.path() + " through it",
                        "Replace the value by a list or map");
        }
    }

    private void followField(YamlValue map, int index) throws UserErrorException {
        String part = path.get(index);
        boolean list = part.endsWith("[]");
        String name = list ? part.substring(0, part.length() - 2) : part;
        boolean last = index == path.size() - 1;
        boolean creates = spec.create() && create != null && !list;
        ValueKind kind = list ? ValueKind.LIST : !creates ? null : last ? create : ValueKind.MAP;
        YamlValue field = map.get(name);
        if (field == null) {
            if (!creates) {
                return;
            }
            field = YamlValue.map();
            field.convertTo(kind, ValueTag.NONE);
            map.fields().put(name, field);
        } else if (field.isNull() && kind != null) {
            field.convertTo(kind, creates && last ? createTag : ValueTag.NONE);
        }
        follow(field, index + 1);
    }

    /** Splits at slashes; a backslash escapes a slash. */
    private static List<String> split(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            int last = parts.size() - 1;
            if (last >= 0 && parts.get(last).endsWith("\\")) {
                String before = parts.get(last);
                parts.set(last, before.substring(0, before.length() - 1) + "/" + part);
            } else {
                parts.add(part);
            }
        }
        return List.copyOf(parts);
    }
}
