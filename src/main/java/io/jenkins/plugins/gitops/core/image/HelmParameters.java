package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlInsertion;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fields as Helm parameters of an Argo CD Application: {@code name: image.tag} with its {@code value}.
 *
 * @param list path of {@code parameters}
 * @param path prefix of the parameter names, before the field
 */
record HelmParameters(YamlPath list, String path) implements HelmFields {
    /** Values that {@code helm --set}, which Argo CD passes parameters to, does not read as strings. */
    private static final Pattern TYPED = Pattern.compile("0|[-+]?[1-9][0-9]*|true|false|null");

    @Override
    public Optional<ScalarValue> value(String field) throws UserErrorException {
        YamlPath parameter = parameter(list, path + "." + field);
        return parameter == null ? Optional.empty() : Optional.of(new ScalarValue(value(parameter)));
    }

    @Override
    public byte[] insert(String sibling, String field, String value) throws UserErrorException {
        list.requireNotShared(path + "." + field);
        YamlPath before = parameter(list, path + "." + sibling);
        if (before == null) {
            throw new IllegalArgumentException(sibling);
        }
        return YamlInsertion.into(list.text())
                .itemAfter((Sequence) list.written(), before.written(), written(path, field, value));
    }

    @Override
    public void requireText(String field, String value) throws UserErrorException {
        YamlPath parameter = parameter(list, path + "." + field);
        boolean forced = parameter == null
                || parameter
                        .key("forceString")
                        .filter(way -> "true".equals(way.scalar()))
                        .isPresent();
        if (!forced && TYPED.matcher(value).matches()) {
            throw new UserErrorException(
                    parameter.location(),
                    "Helm reads " + value + " as something other than a string here",
                    "Write \"forceString: true\" below " + path + "." + field + " in Git first");
        }
    }

    @Override
    public SourceLocation location() {
        return list.items().stream()
                .filter(item -> name(item).startsWith(path + "."))
                .findFirst()
                .orElse(list)
                .location();
    }

    /** The parameter with this name; null when there is none. */
    @CheckForNull
    static YamlPath parameter(YamlPath list, String name) throws UserErrorException {
        YamlPath found = null;
        for (YamlPath item : list.items()) {
            if (name(item).equals(name)) {
                if (found != null) {
                    throw new UserErrorException(
                            item.location(),
                            "There is a second parameter " + name + ", after line "
                                    + found.location().line(),
                            "Remove one of the two in Git first");
                }
                found = item;
            }
        }
        return found;
    }

    /** The path of a parameter's value. */
    static YamlPath value(YamlPath parameter) throws UserErrorException {
        return parameter
                .key("value")
                .orElseThrow(() -> new UserErrorException(
                        parameter.location(),
                        "The parameter " + name(parameter) + " has no value",
                        "Write value: \"\" next to its name in Git first"));
    }

    /** A new parameter, as a mapping to insert. */
    static Map<String, Object> written(String path, String field, String value) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", path + "." + field);
        parameter.put("value", value);
        if (!field.equals(HelmImageOccurrence.REPOSITORY)) {
            parameter.put("forceString", true);
        }
        return parameter;
    }

    private static String name(YamlPath parameter) {
        return parameter.textAt("name");
    }
}
