package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Determines the type and value of plain scalars. kustomize reads manifests and strategic merge patches with go-yaml 3
 * (yes and on are strings; 0777 is still a number), but kustomizations and JSON patches with go-yaml 2 (yes and on are
 * booleans).
 */
public final class ScalarResolver {
    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> YAML_11_TRUE = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");
    private static final Set<String> YAML_11_FALSE = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");
    private static final Map<String, Double> NOT_FINITE = Map.ofEntries(
            Map.entry(".nan", Double.NaN),
            Map.entry(".NaN", Double.NaN),
            Map.entry(".NAN", Double.NaN),
            Map.entry(".inf", Double.POSITIVE_INFINITY),
            Map.entry(".Inf", Double.POSITIVE_INFINITY),
            Map.entry(".INF", Double.POSITIVE_INFINITY),
            Map.entry("+.inf", Double.POSITIVE_INFINITY),
            Map.entry("+.Inf", Double.POSITIVE_INFINITY),
            Map.entry("+.INF", Double.POSITIVE_INFINITY),
            Map.entry("-.inf", Double.NEGATIVE_INFINITY),
            Map.entry("-.Inf", Double.NEGATIVE_INFINITY),
            Map.entry("-.INF", Double.NEGATIVE_INFINITY));
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern POINT_FLOAT = Pattern.compile("\\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?");
    private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private ScalarResolver() {}

    /** The tag of a plain text according to go-yaml 3. */
    public static ValueTag tagOf(String text) {
        if (text.isEmpty()) {
            return ValueTag.NULL;
        }
        char first = text.charAt(0);
        if (first == '.' || first == '+' || first == '-' || first >= '0' && first <= '9') {
            if (first != '.' && Timestamps.toRfc3339(text) != null) {
                return ValueTag.TIMESTAMP;
            }
            Object number = number(text);
            return number == null ? ValueTag.STR : number instanceof Double ? ValueTag.FLOAT : ValueTag.INT;
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return ValueTag.BOOL;
        }
        return NULL.contains(text) ? ValueTag.NULL : ValueTag.STR;
    }

    /** The value of a scalar as kustomize writes it: String, Long, BigInteger, Double (finite), Boolean or null. */
    @CheckForNull
    public static Object value(YamlValue scalar) {
        return switch (effectiveTag(scalar)) {
            case NULL -> null;
            case BOOL -> TRUE.contains(scalar.text());
            case INT, FLOAT -> number(scalar.text());
            case TIMESTAMP -> Timestamps.toRfc3339(scalar.text());
            default -> scalar.isFolded() ? FoldedScalars.afterRoundTrip(scalar.text()) : scalar.text();
        };
    }

    /** If the tag is the one that the plain text would have anyway, the original quotes make the scalar a string. */
    private static ValueTag effectiveTag(YamlValue scalar) {
        ValueTag tag = scalar.tag();
        if (tag == ValueTag.NONE) {
            return scalar.isPlain() ? tagOf(scalar.text()) : ValueTag.STR;
        }
        boolean quoted = !scalar.isPlain() && !scalar.isTagged() && tag != ValueTag.STR;
        return quoted && tagOf(scalar.text()) == tag ? ValueTag.STR : tag;
    }

    /** The value of a scalar in a kustomization or a JSON patch, which kustomize reads as YAML 1.1. */
    @CheckForNull
    static Object yaml11(YamlValue scalar) {
        String text = scalar.text();
        if (scalar.isTagged()) {
            return value(scalar);
        }
        if (!scalar.isPlain()) {
            return text;
        }
        if (YAML_11_TRUE.contains(text)) {
            return Boolean.TRUE;
        }
        if (YAML_11_FALSE.contains(text)) {
            return Boolean.FALSE;
        }
        return scalar.tag() == ValueTag.TIMESTAMP ? text : value(scalar);
    }

    /** Replaces every scalar by its value according to YAML 1.1. */
    public static void readAsYaml11(YamlValue yamlValue) {
        yamlValue.fields().values().forEach(ScalarResolver::readAsYaml11);
        yamlValue.items().forEach(ScalarResolver::readAsYaml11);
        if (yamlValue.isScalar()) {
            assign(yamlValue, yaml11(yamlValue));
        }
    }

    /** Sets the value of the scalar, formatted as go-yaml does. */
    public static void assign(YamlValue scalar, @CheckForNull Object value) {
        if (value == null) {
            scalar.assign(YamlValue.tagged(ValueTag.NULL, "null"));
        } else if (value instanceof Boolean) {
            scalar.assign(YamlValue.tagged(ValueTag.BOOL, value.toString()));
        } else if (value instanceof Double number) {
            scalar.assign(YamlValue.tagged(ValueTag.FLOAT, GoNumbers.yamlText(number)));
        } else if (value instanceof Number) {
            scalar.assign(YamlValue.tagged(ValueTag.INT, value.toString()));
        } else {
            scalar.assign(YamlValue.string((String) value));
        }
        scalar.restyle();
    }

    /** Whether YAML 1.1 reads the text as a boolean and YAML 1.2 does not. */
    static boolean isYaml11Boolean(String text) {
        return YAML_11_TRUE.contains(text) || YAML_11_FALSE.contains(text);
    }

    /** Returns a Long, a BigInteger (beyond Long, at most 64 bits) or a Double; null if the text is not a number. */
    @CheckForNull
    static Object number(String text) {
        if (text.charAt(0) == '.') {
            Double special = NOT_FINITE.get(text);
            if (special != null) {
                return special;
            }
            return POINT_FLOAT.matcher(text).matches() ? finite(text.replace("_", "")) : null;
        }
        Double special = NOT_FINITE.get(text);
        if (special != null) {
            return special;
        }
        String digits = text.indexOf('_') < 0 ? text : text.replace("_", "");
        Object integer = integer(digits);
        if (integer != null) {
            return integer;
        }
        return FLOAT.matcher(digits).matches() ? finite(digits) : null;
    }

    /** go-yaml treats a number that is too large for a double as a string. */
    @CheckForNull
    private static Double finite(String text) {
        double value = Double.parseDouble(text);
        return Double.isInfinite(value) ? null : value;
    }

    @CheckForNull
    private static Object integer(String text) {
        int start = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
        int radix = radix(text, start);
        int digits = radix == 10 ? start : radix == 8 && isDigit(text, start + 1) ? start + 1 : start + 2;
        if (digits >= text.length() || !allDigits(text, digits, radix)) {
            return null;
        }
        if (text.length() - digits <= 15 && radix <= 10) {
            long value = Long.parseLong(text, digits, text.length(), radix);
            return text.charAt(0) == '-' ? -value : value;
        }
        BigInteger value = new BigInteger(text.substring(digits), radix);
        value = text.charAt(0) == '-' ? value.negate() : value;
        if (value.compareTo(LONG_MIN) >= 0 && value.compareTo(LONG_MAX) <= 0) {
            return value.longValue();
        }
        return start == 0 && value.compareTo(UNSIGNED_MAX) <= 0 ? value : null;
    }

    private static int radix(String text, int start) {
        if (text.length() - start < 2 || text.charAt(start) != '0') {
            return 10;
        }
        return switch (text.charAt(start + 1)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            default -> isDigit(text, start + 1) ? 8 : 10;
        };
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static boolean allDigits(String text, int from, int radix) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) > 'z' || Character.digit(text.charAt(i), radix) < 0) {
                return false;
            }
        }
        return true;
    }
}
