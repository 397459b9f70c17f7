package io.jenkins.plugins.gitops.core.render.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Converts numbers as Go does. JSON and YAML format them differently, which affects the output. */
public final class GoNumbers {
    private static final double WHOLE_LIMIT = 1e21;
    private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private GoNumbers() {}

    /** The number as read from kustomize's output: whole numbers are integers if they fit into 64 bits. */
    static Number canonical(Number number) {
        if (number instanceof Double value) {
            return Math.abs(value) < WHOLE_LIMIT && Double.compare(value, Math.rint(value)) == 0 ? whole(value) : value;
        }
        long value = number.longValue();
        if (number instanceof BigInteger) {
            return number;
        }
        if (value == (int) value) {
            return (int) value;
        }
        return value;
    }

    private static Number whole(double value) {
        // JSON has the shortest digits that read back as the same double, padded with zeros.
        BigInteger integer = new BigDecimal(Double.toString(value)).toBigInteger();
        if (integer.bitLength() < 64) {
            return canonical(integer.longValue());
        }
        return integer.compareTo(UNSIGNED_MAX) <= 0 && integer.compareTo(LONG_MIN) >= 0 ? integer : (Number) value;
    }

    /** Formats a float as go-yaml does. Applying a JSON patch converts every number of the resource this way. */
    public static String yamlText(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        String digits = decimal.unscaledValue().toString();
        int exponent = digits.length() - decimal.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 6) {
            return sign + decimal.toPlainString();
        }
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
