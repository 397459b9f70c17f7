package io.jenkins.plugins.gitops.core.render.yaml;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser.Dialect;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.Test;

/** How kustomize 5.8.1 resolves a plain scalar, and how a YAML 1.1 parser does. */
public class ScalarResolverTest {
    private final Map<String, Object> manifests = new LinkedHashMap<>();

    {
        integers();
        floats();
        timestamps();
        for (String text : new String[] {
            "yes",
            "on",
            "y",
            "N",
            "OFF",
            "0x",
            "0b2",
            "0o8",
            "1e309",
            "-1e400",
            "+",
            "1:30",
            "190:20:30",
            "1.5.3",
            "=",
            "?x",
            "<",
            "0a7",
            ".",
            "..",
            "._5",
            "1e",
            "--1",
            "1-2"
        }) {
            manifests.put(text, text);
        }
        for (String text : new String[] {"true", "True", "TRUE"}) {
            manifests.put(text, true);
        }
        manifests.put("false", false);
        for (String text : new String[] {"~", "null", "Null", "NULL"}) {
            manifests.put(text, null);
        }
    }

    private void integers() {
        manifests.put("0", 0);
        manifests.put("-0", 0);
        manifests.put("00", 0);
        manifests.put("+1", 1);
        manifests.put("007", 7);
        manifests.put("0_7", 7);
        manifests.put("08", 8);
        manifests.put("0777", 511);
        manifests.put("0o17", 15);
        manifests.put("0O17", 15);
        manifests.put("0x1F", 31);
        manifests.put("+0x1f", 31);
        manifests.put("-0x1F", -31);
        manifests.put("0b11", 3);
        manifests.put("0B11", 3);
        manifests.put("1_000", 1000);
        manifests.put("1_", 1);
        manifests.put("1__0", 10);
        manifests.put("2147483648", 2147483648L);
        manifests.put("9007199254740993", 9007199254740993L);
        manifests.put("-9223372036854775808", Long.MIN_VALUE);
        manifests.put("9223372036854775808", new BigInteger("9223372036854775808"));
        manifests.put("18446744073709551615", new BigInteger("18446744073709551615"));
    }

    private void floats() {
        manifests.put("1e3", 1000);
        manifests.put("12e03", 12000);
        manifests.put("1.0", 1);
        manifests.put("1.0e+2", 100);
        manifests.put(".5", 0.5);
        manifests.put(".5_0", 0.5);
        manifests.put(".5e3", 500);
        manifests.put("5.", 5);
        manifests.put("08.5", 8.5);
        manifests.put("+.5", 0.5);
        manifests.put("-.5", -0.5);
        manifests.put("-0.0", 0);
        manifests.put("1e-400", 0);
        manifests.put("5e-324", Double.MIN_VALUE);
        manifests.put("1.5e300", 1.5e300);
        manifests.put("123456789.125", 123456789.125);
        manifests.put("1e19", new BigInteger("10000000000000000000"));
        manifests.put("1e21", 1e21);
        manifests.put("123456789012345678901234567890", 1.2345678901234568e29);
    }

    private void timestamps() {
        manifests.put("2001-1-2", "2001-01-02T00:00:00Z");
        manifests.put("0001-01-01", "0001-01-01T00:00:00Z");
        manifests.put("2001-1-2 10:11:12", "2001-01-02T10:11:12Z");
        manifests.put("2001-01-02 10:11:12.123456789", "2001-01-02T10:11:12.123456789Z");
        manifests.put("2001-1-2T1:2:3Z", "2001-01-02T01:02:03Z");
        manifests.put("2001-01-02t10:11:12.5+02:00", "2001-01-02T10:11:12.5+02:00");
        manifests.put("2001-01-02T10:11:12,5Z", "2001-01-02T10:11:12.5Z");
        manifests.put("2001-01-02T10:11:12.000Z", "2001-01-02T10:11:12Z");
        manifests.put("2001-01-02T10:11:12+00:00", "2001-01-02T10:11:12Z");
        manifests.put("2001-01-02T10:11:12-05:30", "2001-01-02T10:11:12-05:30");
        for (String text : new String[] {
            "2001-01-02T10:11:12", "2001-13-01", "2001-02-30", "2001-01-02 10:11:12Z", "2001-01-02 24:00:00"
        }) {
            manifests.put(text, text);
        }
    }

    @Test
    public void manifestsAreReadAsKustomizeDoes() throws Exception {
        for (Map.Entry<String, Object> entry : manifests.entrySet()) {
            assertThat(entry.getKey(), JavaValues.of(scalar(entry.getKey())), is(entry.getValue()));
        }
    }

    @Test
    public void quotedScalarsAreStrings() throws Exception {
        for (String text : manifests.keySet()) {
            assertThat(text, JavaValues.of(scalar('"' + text + '"')), is(text));
        }
    }

    @Test
    public void yaml11KnowsMoreBooleansAndNoTimestamps() throws Exception {
        assertThat(ScalarResolver.yaml11(scalar("yes")), is(true));
        assertThat(ScalarResolver.yaml11(scalar("On")), is(true));
        assertThat(ScalarResolver.yaml11(scalar("n")), is(false));
        assertThat(ScalarResolver.yaml11(scalar("'n'")), is("n"));
        assertThat(ScalarResolver.yaml11(scalar("2001-01-02")), is("2001-01-02"));
        assertThat(ScalarResolver.yaml11(scalar("0777")), is(511L));
        assertThat(ScalarResolver.yaml11(scalar("!!str 5")), is("5"));
    }

    @Test
    public void timestampsWithTimeInFlowCollectionsAreUnchanged() throws Exception {
        YamlValue list = YamlValueParser.parse(TextOrigin.file("f"), Dialect.MANIFEST, "[2001-1-2 10:11:12, 2001-1-2]")
                .get(0);
        assertThat(JavaValues.of(list), is(java.util.List.of("2001-1-2 10:11:12", "2001-01-02T00:00:00Z")));
    }

    @Test
    public void floatsGoThroughJsonPatchesInGosShortestForm() {
        assertThat(GoNumbers.yamlText(8080), is("8080"));
        assertThat(GoNumbers.yamlText(123456), is("123456"));
        assertThat(GoNumbers.yamlText(1234567), is("1.234567e+06"));
        assertThat(GoNumbers.yamlText(1000000), is("1e+06"));
        assertThat(GoNumbers.yamlText(-0.00001), is("-1e-05"));
        assertThat(GoNumbers.yamlText(0.0001), is("0.0001"));
        assertThat(GoNumbers.yamlText(-0.0), is("-0"));
    }

    private static YamlValue scalar(String text) throws Exception {
        return YamlValueParser.parse(TextOrigin.file("f"), Dialect.MANIFEST, "k: " + text)
                .get(0)
                .get("k");
    }
}
