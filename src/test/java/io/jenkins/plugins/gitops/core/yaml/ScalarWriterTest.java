package io.jenkins.plugins.gitops.core.yaml;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import java.util.List;
import org.junit.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

public class ScalarWriterTest {
    private static final List<String> OTHER_TYPES = List.of(
            "",
            "~",
            "null",
            "Null",
            "NULL",
            "y",
            "Y",
            "n",
            "yes",
            "Yes",
            "no",
            "NO",
            "on",
            "off",
            "true",
            "True",
            "false",
            "0",
            "7",
            "-1",
            "+1",
            "0777",
            "0o17",
            "0x1F",
            "0b101",
            "0o-1",
            "0b-1",
            "1_000",
            "12345678",
            "1.10",
            "1.",
            ".5",
            "-.5",
            "1e3",
            "1E3",
            "1e+3",
            "1.5e-3",
            "1_0.5",
            "1234e567",
            ".inf",
            "-.INF",
            ".NaN",
            "12:30",
            "1:20:30",
            "190:20:30.15",
            "2024-01-01",
            "2024-1-1",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43",
            "<<",
            "=");

    private static final List<String> TEXTS = List.of(
            "v1",
            "1.2.3",
            "sha-a1b2c3d",
            "latest",
            "1.10-rc1",
            "0xyz",
            "1e3x",
            "_1",
            "v1_0",
            "2024-01-01-1",
            "20240101a",
            "yesterday",
            "nullable",
            "1.2.3.4",
            "a1b2c3d",
            "1-2",
            "e3",
            "12:75a",
            "sha256:abc",
            "inf",
            "NaN");

    @Test
    public void recognizesScalarsReadAsOtherTypes() {
        OTHER_TYPES.forEach(text -> assertThat(text, ScalarWriter.isAmbiguous(text), is(true)));
        TEXTS.forEach(text -> assertThat(text, ScalarWriter.isAmbiguous(text), is(false)));
    }

    @Test
    public void quotesOnlyWhatNeedsIt() {
        OTHER_TYPES.forEach(
                text -> assertThat(ScalarWriter.write(text, QuotingStyle.PLAIN, false), is('"' + text + '"')));
        TEXTS.forEach(text -> assertThat(ScalarWriter.write(text, QuotingStyle.PLAIN, false), is(text)));
    }

    @Test
    public void keepsTheStyleWherePossible() {
        assertThat(ScalarWriter.write("it's", QuotingStyle.SINGLE_QUOTED, false), is("'it''s'"));
        assertThat(ScalarWriter.write("a\nb", QuotingStyle.SINGLE_QUOTED, false), is("\"a\\nb\""));
        assertThat(ScalarWriter.write("a\"b\\c", QuotingStyle.DOUBLE_QUOTED, false), is("\"a\\\"b\\\\c\""));
        assertThat(ScalarWriter.write("sha256:abc", QuotingStyle.PLAIN, true), is("\"sha256:abc\""));
        assertThat(ScalarWriter.write("a: b", QuotingStyle.PLAIN, false), is("\"a: b\""));
        assertThat(ScalarWriter.write("- a", QuotingStyle.PLAIN, false), is("\"- a\""));
        assertThat(ScalarWriter.write("a #b", QuotingStyle.PLAIN, false), is("\"a #b\""));
        assertThat(
                ScalarWriter.write("\u00e4\ud83d\ude80", QuotingStyle.DOUBLE_QUOTED, false),
                is("\"\u00e4\ud83d\ude80\""));
    }

    @Test
    public void everyStyleRoundTrips() {
        List<String> hard = List.of(
                "a\tb",
                "\r\n",
                " lead",
                "trail ",
                "\u2028",
                "\ufeff",
                "\u0000",
                "\u007f\u0085",
                "\ud83d\ude80",
                "'",
                "\"",
                "\\",
                "#",
                "a:",
                ": b",
                "[x]",
                "{y}",
                "a,b",
                "!t",
                "&a",
                "*a",
                "%d",
                "@x",
                "`x",
                "|",
                ">",
                "?",
                "-",
                "---",
                "...",
                "\udb40\udc01");
        for (QuotingStyle style : List.of(QuotingStyle.PLAIN, QuotingStyle.SINGLE_QUOTED, QuotingStyle.DOUBLE_QUOTED)) {
            for (List<String> texts : List.of(hard, OTHER_TYPES, TEXTS)) {
                for (String text : texts) {
                    String yaml = "[" + ScalarWriter.write(text, style, true) + "]";
                    Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
                    assertThat(yaml, read, is(List.of(text)));
                }
            }
        }
    }
}
