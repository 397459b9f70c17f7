package io.jenkins.plugins.gitops.core.render.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers on their way through Go: JSON and YAML write them differently, and the difference can be seen. */
public final class GoNumbers {
    private static final double WHOLE_LIMIT = 1e21;
    private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private GoNumbers() {}

    /** The number a reader of kustomize's output sees: whole ones are integers as long as 64 bits hold them. */
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
        // JSON writes the shortest digits that read back as the double, filled up with zeros.
        BigInteger integer = new BigDecimal(Double.toString(value)).toBigInteger();
        if (integer.bitLength() < 64) {
            return canonical(integer.longValue());
        }
        return integer.compareTo(UNSIGNED_MAX) <= 0 && integer.compareTo(LONG_MIN) >= 0 ? integer : (Number) value;
    }

    /** The text that go-yaml gives to a float, the way every number of a resource goes when a JSON patch is applied. */
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
