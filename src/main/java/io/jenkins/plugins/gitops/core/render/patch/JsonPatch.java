package io.jenkins.plugins.gitops.core.render.patch;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.GoNumbers;
import io.jenkins.plugins.gitops.core.render.yaml.JavaValues;
import io.jenkins.plugins.gitops.core.render.yaml.ScalarResolver;
import io.jenkins.plugins.gitops.core.render.yaml.TypedFields;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JSON patch (RFC 6902) as kustomize applies it: every number of the resource is converted to a double. */
final class JsonPatch {
    private static final Set<String> FIELDS = Set.of("op", "path", "from", "value");
    private static final String ANNOTATIONS = "/metadata/annotations";

    private record PatchOperation(String op, String path, String from, YamlValue value, SourceLocation at) {}

    private final List<PatchOperation> operations;

    private JsonPatch(List<PatchOperation> operations) {
        this.operations = operations;
    }

    /** @param document the list of operations, parsed as YAML 1.1 */
    static JsonPatch read(YamlValue document, SourceLocation fallback) throws UserErrorException {
        List<PatchOperation> operations = new ArrayList<>();
        for (YamlValue item : document.items()) {
            operations.add(operation(item, item.location(fallback)));
        }
        return new JsonPatch(operations);
    }

    private static PatchOperation operation(YamlValue item, SourceLocation at) throws UserErrorException {
        TypedFields fields = TypedFields.of(item, "an operation of a JSON patch", FIELDS, at);
        String op = fields.string("op");
        String path = pointer(fields, "path");
        boolean moves = op.equals("move") || op.equals("copy");
        String from = moves ? pointer(fields, "from") : "";
        if (!moves && !Set.of("add", "remove", "replace", "test").contains(op)) {
            throw new UserErrorException(
                    fields.location("op"),
                    "a JSON patch has no operation \"" + op + "\"",
                    "Use add, remove, replace, move, copy or test");
        }
        boolean needsValue = !moves && !op.equals("remove");
        YamlValue value = item.get("value");
        if (needsValue && value == null) {
            throw new UserErrorException(at, "the operation " + op + " has no value", "Add a value");
        }
        boolean readsAll = moves && reads(from) || op.equals("test") && reads(path);
        if (readsAll) {
            throw new UserErrorException(
                    at,
                    "kustomize keeps its own annotations here while it runs, which " + op + " would see",
                    "Name the single annotations");
        }
        if (needsValue) {
            value = value.copy();
            ScalarResolver.readAsYaml11(value);
        }
        return new PatchOperation(op, path, from, value, at);
    }

    private static boolean reads(String path) {
        return ANNOTATIONS.startsWith(path);
    }

    private static String pointer(TypedFields fields, String name) throws UserErrorException {
        String path = fields.string(name);
        if (!path.startsWith("/")) {
            throw new UserErrorException(
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
    void apply(YamlValue root) throws UserErrorException {
        toJson(root);
        for (PatchOperation operation : operations) {
            apply(root, operation);
        }
        toDoubles(root);
    }

    private static void apply(YamlValue root, PatchOperation operation) throws UserErrorException {
        JsonPatchLocation jsonPatchLocation = location(root, operation.path(), operation);
        switch (operation.op()) {
            case "add" -> jsonPatchLocation.add(operation.value().copy());
            case "remove" -> jsonPatchLocation.remove();
            case "replace" -> jsonPatchLocation.replace(operation.value().copy());
            case "test" -> test(jsonPatchLocation, operation);
            case "move" -> {
                JsonPatchLocation source = location(root, operation.from(), operation);
                YamlValue moved = source.get();
                source.remove();
                location(root, operation.path(), operation).add(moved);
            }
            default -> {
                YamlValue source = location(root, operation.from(), operation).get();
                jsonPatchLocation.add(source == null ? YamlValue.tagged(ValueTag.NULL, "null") : source.copy());
            }
        }
    }

    private static void test(JsonPatchLocation jsonPatchLocation, PatchOperation operation) throws UserErrorException {
        YamlValue found = jsonPatchLocation.get();
        boolean equal = YamlValue.isMissingOrNull(found) ? operation.value().isNull() : same(found, operation.value());
        if (!equal) {
            throw new UserErrorException(
                    operation.at(),
                    "the test of " + operation.path() + " fails, since the resource has another value",
                    "Correct the patch or the resource");
        }
    }

    private static boolean same(YamlValue first, YamlValue second) {
        return JavaValues.of(first) == null
                ? JavaValues.of(second) == null
                : JavaValues.of(first).equals(JavaValues.of(second));
    }

    private static JsonPatchLocation location(YamlValue root, String path, PatchOperation operation)
            throws UserErrorException {
        String[] parts = path.split("/", -1);
        YamlValue container = root;
        for (int i = 1; i < parts.length - 1; i++) {
            YamlValue next =
                    new JsonPatchLocation(container, unescape(parts[i]), operation.path(), operation.at()).get();
            if (next == null || next.isScalar()) {
                throw new UserErrorException(
                        operation.at(),
                        "the resource has no " + String.join("/", List.of(parts).subList(0, i + 1)) + ", so "
                                + operation.op() + " " + path + " does not apply",
                        "Correct the path, or add what is missing with an earlier operation");
            }
            container = next;
        }
        return new JsonPatchLocation(container, unescape(parts[parts.length - 1]), path, operation.at());
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

    /** Converts scalars to JSON values: no timestamps, no octal numbers. */
    private static void toJson(YamlValue yamlValue) {
        for (Map.Entry<String, YamlValue> field : yamlValue.fields().entrySet()) {
            toJson(field.getValue());
        }
        yamlValue.items().forEach(JsonPatch::toJson);
        if (yamlValue.isScalar()) {
            ScalarResolver.assign(yamlValue, ScalarResolver.value(yamlValue));
        }
    }

    private static void toDoubles(YamlValue yamlValue) {
        yamlValue.fields().values().forEach(JsonPatch::toDoubles);
        yamlValue.items().forEach(JsonPatch::toDoubles);
        if (yamlValue.isScalar()) {
            if (yamlValue.tag() == ValueTag.INT) {
                String text = GoNumbers.yamlText(new BigInteger(yamlValue.text()).doubleValue());
                yamlValue.assign(YamlValue.tagged(ScalarResolver.tagOf(text), text));
            }
            yamlValue.restyle();
        }
    }
}
