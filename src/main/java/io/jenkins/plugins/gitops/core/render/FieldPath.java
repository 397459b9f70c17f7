package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Node.Kind;
import io.jenkins.plugins.gitops.core.render.Node.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Leads to the fields that a {@link FieldSpec} names: through every element of a list on the way. */
final class FieldPath {
    private static final Map<String, List<String>> SPLIT = new ConcurrentHashMap<>();

    private final FieldSpec spec;
    private final List<String> path;
    private final Kind create;
    private final Tag createTag;
    private final Visitor visitor;
    private final SourceLocation fallback;

    /** Called on each node that the path leads to; it may be null-tagged. */
    interface Visitor {
        void visit(Node node) throws RefusedException;
    }

    private FieldPath(FieldSpec spec, @CheckForNull Kind create, Tag createTag, SourceLocation at, Visitor visitor) {
        this.spec = spec;
        this.path = SPLIT.computeIfAbsent(spec.path(), FieldPath::split);
        this.create = create;
        this.createTag = createTag;
        this.fallback = at;
        this.visitor = visitor;
    }

    /** Visits the fields of the resource that are there. */
    static void visit(FieldSpec spec, Node root, SourceLocation at, Visitor visitor) throws RefusedException {
        new FieldPath(spec, null, Tag.NONE, at, visitor).follow(root, 0);
    }

    /** The same; what is missing on the way is made where the spec says so, and at the end a node of this kind. */
    static void visitOrCreate(FieldSpec spec, Node root, Kind kind, Tag tag, SourceLocation at, Visitor visitor)
            throws RefusedException {
        new FieldPath(spec, kind, tag, at, visitor).follow(root, 0);
    }

    /** Sets a scalar's text and tag; what is no scalar is refused. */
    static void setScalar(Node node, Node value, SourceLocation at) throws RefusedException {
        if (!node.isScalar() && !node.isNull()) {
            throw new RefusedException(
                    node.location(at), "a single value must stand here", "Replace the list or map by a value");
        }
        node.assign(value);
    }

    private void follow(Node node, int index) throws RefusedException {
        if (index == path.size()) {
            visitor.visit(node);
            return;
        }
        if (node.isNull()) {
            return;
        }
        switch (node.kind()) {
            case LIST -> {
                for (Node item : node.items()) {
                    follow(item, index);
                }
            }
            case MAP -> followField(node, index);
            default ->
                throw new RefusedException(
                        node.location(fallback),
                        "a list or map must stand here, since kustomize follows " + spec.path() + " through it",
                        "Replace the value by a list or map");
        }
    }

    private void followField(Node map, int index) throws RefusedException {
        String part = path.get(index);
        boolean list = part.endsWith("[]");
        String name = list ? part.substring(0, part.length() - 2) : part;
        boolean last = index == path.size() - 1;
        boolean creates = spec.create() && create != null && !list;
        Kind kind = list ? Kind.LIST : !creates ? null : last ? create : Kind.MAP;
        Node field = map.get(name);
        if (field == null) {
            if (!creates) {
                return;
            }
            field = Node.map();
            field.become(kind, Tag.NONE);
            map.fields().put(name, field);
        } else if (field.isNull() && kind != null) {
            field.become(kind, creates && last ? createTag : Tag.NONE);
        }
        follow(field, index + 1);
    }

    /** At slashes; a backslash keeps the slash behind it. */
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
