package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Node.Tag;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JSON patch (RFC 6902) as kustomize applies it: every number of the resource becomes a double on the way. */
final class JsonPatch {
    private static final Set<String> FIELDS = Set.of("op", "path", "from", "value");
    private static final String ANNOTATIONS = "/metadata/annotations";

    private record Operation(String op, String path, String from, Node value, SourceLocation at) {}

    private final List<Operation> operations;

    private JsonPatch(List<Operation> operations) {
        this.operations = operations;
    }

    /** @param document the list of operations, parsed as YAML 1.1 */
    static JsonPatch read(Node document, SourceLocation fallback) throws RefusedException {
        List<Operation> operations = new ArrayList<>();
        for (Node item : document.items()) {
            operations.add(operation(item, item.location(fallback)));
        }
        return new JsonPatch(operations);
    }

    private static Operation operation(Node item, SourceLocation at) throws RefusedException {
        Fields fields = Fields.of(item, "an operation of a JSON patch", FIELDS, at);
        String op = fields.string("op");
        String path = pointer(fields, "path");
        boolean moves = op.equals("move") || op.equals("copy");
        String from = moves ? pointer(fields, "from") : "";
        if (!moves && !Set.of("add", "remove", "replace", "test").contains(op)) {
            throw new RefusedException(
                    fields.location("op"),
                    "a JSON patch has no operation \"" + op + "\"",
                    "Use add, remove, replace, move, copy or test");
        }
        boolean needsValue = !moves && !op.equals("remove");
        Node value = item.get("value");
        if (needsValue && value == null) {
            throw new RefusedException(at, "the operation " + op + " has no value", "Add a value");
        }
        boolean readsAll = moves && reads(from) || op.equals("test") && reads(path);
        if (readsAll) {
            throw new RefusedException(
                    at,
                    "while kustomize works it keeps annotations of its own here, which " + op + " would see",
                    "Name the single annotations");
        }
        if (needsValue) {
            value = value.copy();
            Scalars.readAsYaml11(value);
        }
        return new Operation(op, path, from, value, at);
    }

    private static boolean reads(String path) {
        return ANNOTATIONS.startsWith(path);
    }

    private static String pointer(Fields fields, String name) throws RefusedException {
        String path = fields.string(name);
        if (!path.startsWith("/")) {
            throw new RefusedException(
                    fields.location(name),
                    "the " + name + " of a JSON patch must begin with a slash",
                    "Write it like /spec/replicas");
        }
        return path;
    }

    boolean isEmpty() {
        return operations.isEmpty();
    }

    /** Applies the operations to the resource, in place. */
    void apply(Node root) throws RefusedException {
        toJson(root);
        for (Operation operation : operations) {
            apply(root, operation);
        }
        toDoubles(root);
    }

    private static void apply(Node root, Operation operation) throws RefusedException {
        Place place = place(root, operation.path(), operation);
        switch (operation.op()) {
            case "add" -> place.add(operation.value().copy());
            case "remove" -> place.remove();
            case "replace" -> place.replace(operation.value().copy());
            case "test" -> test(place, operation);
            case "move" -> {
                Place source = place(root, operation.from(), operation);
                Node moved = source.get();
                source.remove();
                place(root, operation.path(), operation).add(moved);
            }
            default -> {
                Node source = place(root, operation.from(), operation).get();
                place.add(source == null ? Node.tagged(Tag.NULL, "null") : source.copy());
            }
        }
    }

    private static void test(Place place, Operation operation) throws RefusedException {
        Node found = place.get();
        boolean equal = Node.isMissingOrNull(found) ? operation.value().isNull() : same(found, operation.value());
        if (!equal) {
            throw new RefusedException(
                    operation.at(),
                    "the test of " + operation.path() + " fails, since the resource has another value",
                    "Mend the patch or the resource");
        }
    }

    private static boolean same(Node first, Node second) {
        return PlainValues.of(first) == null
                ? PlainValues.of(second) == null
                : PlainValues.of(first).equals(PlainValues.of(second));
    }

    private static Place place(Node root, String path, Operation operation) throws RefusedException {
        String[] parts = path.split("/", -1);
        Node container = root;
        for (int i = 1; i < parts.length - 1; i++) {
            Node next = new Place(container, unescape(parts[i]), operation.path(), operation.at()).get();
            if (next == null || next.isScalar()) {
                throw new RefusedException(
                        operation.at(),
                        "the resource has no " + String.join("/", List.of(parts).subList(0, i + 1)) + ", so "
                                + operation.op() + " " + path + " does not apply",
                        "Mend the path, or add what is missing by an operation before");
            }
            container = next;
        }
        return new Place(container, unescape(parts[parts.length - 1]), path, operation.at());
    }

    private static String unescape(String part) {
        StringBuilder text = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            if (part.startsWith("~1", i) || part.startsWith("~0", i)) {
                text.append(part.charAt(++i) == '1' ? '/' : '~');
            } else {
                text.append(part.charAt(i));
            }
        }
        return text.toString();
    }

    /** Scalars as JSON has them: no timestamps, no octal numbers. */
    private static void toJson(Node node) {
        for (Map.Entry<String, Node> field : node.fields().entrySet()) {
            toJson(field.getValue());
        }
        node.items().forEach(JsonPatch::toJson);
        if (node.isScalar()) {
            Scalars.assign(node, Scalars.value(node));
        }
    }

    private static void toDoubles(Node node) {
        node.fields().values().forEach(JsonPatch::toDoubles);
        node.items().forEach(JsonPatch::toDoubles);
        if (node.isScalar()) {
            if (node.tag() == Tag.INT) {
                String text = GoNumbers.yamlText(new BigInteger(node.text()).doubleValue());
                node.assign(Node.tagged(Scalars.tagOf(text), text));
            }
            node.restyle();
        }
    }
}
