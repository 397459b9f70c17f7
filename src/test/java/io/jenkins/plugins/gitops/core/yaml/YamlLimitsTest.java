package io.jenkins.plugins.gitops.core.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.HostileRepository;
import io.jenkins.plugins.gitops.core.HostileRepository.Attack;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.Map;
import org.junit.Test;

/**
 * Without limits, each of these texts takes minutes or exhausts the stack or the memory; the time limits are far above
 * the actual times.
 */
public class YamlLimitsTest {
    @Test(timeout = 60_000)
    public void aTextOnOneLineTakesNoLongerThanOneOnMany() throws Exception {
        String line = "[" + "a, ".repeat(200_000) + "\u00e4, b]";
        Sequence list = (Sequence)
                YamlText.parse("f.yaml", line.getBytes(UTF_8)).first().orElseThrow();
        int last = list.items().size() - 1;
        assertThat(list.items().get(last - 1).location().toString(), is("f.yaml:1:600002"));
        assertThat(list.items().get(last).location().toString(), is("f.yaml:1:600005"));
        YamlNode ascii = YamlText.parse("f.yaml", line.replace("\u00e4", "c").getBytes(UTF_8))
                .first()
                .orElseThrow();
        for (YamlNode item : ((Sequence) ascii).items()) {
            assertThat(item.location().line(), is(1));
        }
    }

    @Test
    public void aLargeFileIsRejectedBeforeItIsParsed() {
        byte[] large = "[".repeat(YamlLimits.MAX_BYTES + 1).getBytes(UTF_8);
        assertThat(
                assertThrows(UserErrorException.class, () -> YamlText.parse("a/f.yaml", large))
                        .getMessage(),
                is(
                        "a/f.yaml: This file has 1,048,577 bytes, and no more than 1,048,576 bytes are parsed. Make it smaller"
                                + " in Git first, or have an administrator raise the limit with the Java system property"
                                + " io.jenkins.plugins.gitops.maxFileBytes."));
    }

    @Test
    public void theLargestFileIsRead() throws Exception {
        String start = "a: b\n# ";
        byte[] whole = (start + "x".repeat(YamlLimits.MAX_BYTES - start.length())).getBytes(UTF_8);
        assertThat(whole.length, is(YamlLimits.MAX_BYTES));
        Mapping root = (Mapping) YamlText.parse("f.yaml", whole).first().orElseThrow();
        assertThat(root.entries().size(), is(1));
    }

    @Test
    public void tooManyNodesAreRejectedInAnyShape() {
        refusesNodes("---\n".repeat(260_000));
        refusesNodes("[" + "a,".repeat(300_000) + "]");
        refusesNodes("b: [" + "[],".repeat(300_000) + "]");
    }

    @Test(timeout = 60_000)
    public void patternsDoNotOverflowTheStack() throws Exception {
        String numbers = "k: " + "1:".repeat(100_000) + "1\n";
        YamlText text = YamlText.parse("f.yaml", numbers.getBytes(UTF_8));
        Mapping root = (Mapping) text.first().orElseThrow();
        Scalar scalar = (Scalar) root.entry("k").orElseThrow().value();
        assertThat(scalar.isText(), is(false));
        assertThat(new String(text.replaceScalar(scalar, "v1"), UTF_8), is("k: v1\n"));
        assertThat(ScalarWriter.isAmbiguous("0123456789".repeat(100)), is(true));
        assertThat(ScalarWriter.isAmbiguous("not a number".repeat(100)), is(false));

        byte[] dashes = "- ".repeat(100_000).getBytes(UTF_8);
        assertThat(new SourceText("f.yaml", dashes).isItemPrefix(0, dashes.length), is(true));
        SourceText prefix = new SourceText("f.yaml", "  - -   - x".getBytes(UTF_8));
        assertThat(prefix.isItemPrefix(0, 10), is(true));
        assertThat(prefix.isItemPrefix(0, 11), is(false));
        assertThat(prefix.isItemPrefix(0, 3), is(false));
    }

    private static void refusesNodes(String text) {
        String message = assertThrows(UserErrorException.class, () -> YamlText.parse("f.yaml", text.getBytes(UTF_8)))
                .getMessage();
        assertThat(message, message.contains("more than 250000 nodes"), is(true));
    }

    @Test(timeout = 60_000)
    public void everyHostileFileIsReadOrRejected() {
        for (Attack attack : Attack.values()) {
            for (Map.Entry<String, String> file :
                    HostileRepository.files(attack).entrySet()) {
                try {
                    YamlText.parse(file.getKey(), file.getValue().getBytes(UTF_8));
                } catch (UserErrorException refused) {
                    assertThat(refused.getMessage().length() < 3_500, is(true));
                }
            }
        }
    }
}
