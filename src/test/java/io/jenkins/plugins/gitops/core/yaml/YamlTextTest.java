package io.jenkins.plugins.gitops.core.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Alias;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.Test;

public class YamlTextTest {
    private static final String ROCKET = "\ud83d\ude80";

    @Test
    public void keepsAliasesAndLocations() throws Exception {
        YamlText text = parse("# c\na: &x {k: v}\nb: [*x, \"" + ROCKET + "\", z]\n");
        Mapping root = (Mapping) text.first().orElseThrow();
        Mapping anchored = (Mapping) value(root, "a");
        Sequence list = (Sequence) value(root, "b");

        assertThat(list.items().get(0), is(instanceOf(Alias.class)));
        assertThat(list.items().get(0).resolved(), is(sameInstance(anchored)));
        assertThat(text.isAliased(anchored), is(true));
        assertThat(text.isAliased(list), is(false));
        assertThat(anchored.anchor(), is("x"));
        // Columns count characters, not bytes or surrogates.
        assertThat(list.items().get(2).location().toString(), is("f.yaml:3:14"));
        assertThat(new String(text.bytes(), list.items().get(2).start(), 1, UTF_8), is("z"));
    }

    @Test
    public void countsLinesAsEditorsDo() throws Exception {
        assertThat(keyPlace("\ufeffa: 1\n", "a"), is("f.yaml:1:1"));
        assertThat(keyPlace("a: 1\r\n\r\nb: 2\r\n", "b"), is("f.yaml:3:1"));
        assertThat(keyPlace("a: 1\rb: 2\r", "b"), is("f.yaml:2:1"));
        assertThat(keyPlace("a: \"\u2028\"\nb: 2", "b"), is("f.yaml:2:1"));
    }

    @Test
    public void readsSeveralDocuments() throws Exception {
        assertThat(parse("").documents(), hasSize(0));
        assertThat(parse("# only a comment\n").first().isPresent(), is(false));
        assertThat(parse("---\na: 1\n---\n---\nb: 2\n...\n").documents(), hasSize(3));
        assertThat(parse("---\na: 1\n---\n---\nb: 2\n...\n").furtherRoots(), hasSize(1));
        assertThat(parse("a: &x 1\n---\nb: &x 2\nc: *x\n").documents(), hasSize(2));
    }

    @Test
    public void rejectsAmbiguousYaml() {
        refuses(
                "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n",
                "f.yaml:5:3: The key \"c\" is listed twice, after line 3. Remove one of the two in Git first,"
                        + " because parsers differ in which one they use.");
        refuses(
                "a: {x: 1, \"x\": 2}\n",
                "f.yaml:1:11: The key \"x\" is listed twice, after line 1. Remove one of the two in Git"
                        + " first, because parsers differ in which one they use.");
        refuses(
                "a: 1\n---\nb: [{k: 1, k: 1}]\n",
                "f.yaml:3:12: The key \"k\" is listed twice, after line 3. Remove one of the two in Git"
                        + " first, because parsers differ in which one they use.");
        refuses(
                "a: *nowhere\n",
                "f.yaml:1:4: The alias *nowhere has no anchor above it, or contains itself. Fix the file in Git"
                        + " first.");
        refuses(
                "a: &x [*x]\n",
                "f.yaml:1:8: The alias *x has no anchor above it, or contains itself. Fix the file in Git first.");
    }

    @Test
    public void rejectsInvalidYaml() {
        refuses(
                "a: b: c\n",
                "f.yaml:1:5: This is not YAML: mapping values are not allowed here. Fix the file in Git first.");
        refuses(
                "# " + ROCKET + "\n\ta: b\n",
                "f.yaml:2:1: This is not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use"
                        + " \\t(TAB) for indentation). Fix the file in Git first.");
        refuses(
                "a: [b\n",
                "f.yaml:2:1: This is not YAML: expected ',' or ']', but got <stream end>. Fix the file in Git first.");
        refuses(
                "a: b\nc: \u0001\n",
                "f.yaml:2:4: This is not YAML: the character is not allowed. Fix the file in Git first.");
        refuses(
                "a: b\n<<<<<<< HEAD\nc: d\n",
                "f.yaml:3:1: This is not YAML: could not find expected ':'. Fix the file in Git first.");
    }

    @Test
    public void rejectsOtherEncodings() {
        byte[] latin = {'a', ':', ' ', (byte) 0xc3, (byte) 0xa4, (byte) 0xe4, '\n'};
        assertThat(
                assertThrows(UserErrorException.class, () -> YamlText.parse("f.yaml", latin))
                        .getMessage(),
                is("f.yaml:1:5: This file is not UTF-8 text. Save it as UTF-8 in Git first."));
        byte[] utf16 = "a: b\n".getBytes(StandardCharsets.UTF_16);
        assertThat(
                assertThrows(UserErrorException.class, () -> YamlText.parse("f.yaml", utf16))
                        .getMessage(),
                is("f.yaml:1:1: This file is not UTF-8 text. Save it as UTF-8 in Git first."));
    }

    @Test
    public void rejectsAliasBombs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + String.join(", ", Collections.nCopies(10, alias)) + "]\n");
        }
        refuses(
                bomb.toString(),
                "f.yaml:6:20: With its aliases written out this text has more than 250000 nodes. Fix the file in Git"
                        + " first.");
        refuses("[".repeat(20_000), "f.yaml:1:101: This is nested deeper than 100 levels. Fix the file in Git first.");
    }

    @Test
    public void replacesOnlyTheValue() throws Exception {
        replaces("a: x\nk: old # c\nz: y\n", "new", "a: x\nk: new # c\nz: y\n");
        replaces("k: old", "new", "k: new");
        replaces("\ufeffk: old\r\nz: y\r\n", "new", "\ufeffk: new\r\nz: y\r\n");
        replaces("# " + ROCKET + "\u00e4\nk:   'old'   #\tc\n", "1.10", "# " + ROCKET + "\u00e4\nk:   '1.10'   #\tc\n");
        replaces("k: \"" + ROCKET + "\" # " + ROCKET + "\n", "new", "k: \"new\" # " + ROCKET + "\n");
        replaces("{\"k\":\"old\",\"z\":1}", "new", "{\"k\":\"new\",\"z\":1}");
        replaces("k: old\n", "1.10", "k: \"1.10\"\n");
        replaces("k: \"1.10\"\n", "v1", "k: \"v1\"\n");
        replaces("k: &a old\n", "new", "k: &a new\n");
        replaces("k: !!str 1.0\n", "v2", "k: !!str v2\n");
        replaces("k: &a !!str 'x' # c\n", "v2", "k: &a !!str 'v2' # c\n");
        replaces("k:\nz: 1\n", "new", "k: new\nz: 1\n");
        replaces("k: # c\n", "new", "k: new # c\n");
        replaces("k: \"\"\n", "new", "k: \"new\"\n");
        replaces("k: ~\n", "new", "k: new\n");
        replaces("{z: 1, k: }\n", "new", "{z: 1, k: new }\n");
        replaces("k:\n  old # c\n", "new", "k:\n  new # c\n");
    }

    @Test
    public void theSameValueGivesTheSameBytes() throws Exception {
        for (String same : new String[] {
            "k: v1\n", "k: 'v1'\r\n", "k: \"v1\"", "k: >-\n  v1\n", "k: \"\\x761\"\n", "k: &a v1\nb: *a\n"
        }) {
            replaces(same, "v1", same);
        }
        // A number is not the text, even if both look the same.
        replaces("k: 1.10\n", "1.10", "k: \"1.10\"\n");
    }

    @Test
    public void replacesOnlySingleLineScalars() {
        refusesReplace(
                "k: &a old\nb: *a\n",
                "f.yaml:1:4: The value is anchored as &a and used elsewhere in the file. Write the value out at both"
                        + " places in Git first.");
        refusesReplace(
                "k: |-\n  old\n",
                "f.yaml:1:4: The value is written over several lines. Write it on one line in Git first.");
        refusesReplace(
                "k: old\n  more\n",
                "f.yaml:1:4: The value is written over several lines. Write it on one line in Git first.");
        refusesReplace(
                "k: &a # c\n  old\n",
                "f.yaml:1:4: The value is written over several lines. Write it on one line in Git first.");
        refusesReplace(
                "k: !!int 5\n",
                "f.yaml:1:4: The value is tagged as something other than a string. Remove the tag in Git first.");
        refusesReplace("k: &a\nb: 1\n", "f.yaml:1:4: There is no value here. Write \"\" here in Git first.");
    }

    @Test
    public void removesALineOrAFlowEntry() throws Exception {
        removes("a: 1\nk: 2 # c\nb: 3\n", "a: 1\nb: 3\n");
        removes("a: 1\r\nk: 2", "a: 1");
        removes("- k: 1 # c\n  b: 2\n", "- b: 2\n");
        removes("{a: 1, k: 2}\n", "{a: 1}\n");
        removes("{k: 2, a: 1}\n", "{a: 1}\n");
        removes("{\"a\":1,\"k\":2,\"b\":3}", "{\"a\":1,\"b\":3}");
        for (String refused : new String[] {
            "k: 1\n", "k:\n  c: 1\na: 1\n", "- k: 1\n  # about b\n  b: 2\n", "{a: 1, # c\n k: 2}\n", "? k\n: 1\na: 2\n"
        }) {
            YamlText text = textOf(refused);
            Mapping mapping = mapping(text);
            assertThat(
                    refused,
                    assertThrows(UserErrorException.class, () -> text.remove(mapping, entry(mapping)))
                            .getMessage()
                            .endsWith(": \"k\" is not on its own line. Write it on one line in Git first."),
                    is(true));
        }
    }

    private static void removes(String before, String after) throws UserErrorException {
        YamlText text = parse(before);
        Mapping mapping = mapping(text);
        assertThat(new String(text.remove(mapping, entry(mapping)), UTF_8), is(after));
    }

    private static void replaces(String before, String value, String after) throws UserErrorException {
        YamlText text = parse(before);
        Scalar scalar = (Scalar) entry(mapping(text)).value();
        assertThat(new String(text.replaceScalar(scalar, value), UTF_8), is(after));
    }

    private static void refusesReplace(String before, String message) {
        YamlText text = textOf(before);
        Scalar scalar = (Scalar) entry(mapping(text)).value();
        assertThat(
                assertThrows(UserErrorException.class, () -> text.replaceScalar(scalar, "new"))
                        .getMessage(),
                is(message));
    }

    /** Returns the mapping with key {@code k}: the root, or the first item of the root's list. */
    private static Mapping mapping(YamlText text) {
        YamlNode root = text.first().orElseThrow();
        return (Mapping) (root instanceof Sequence list ? list.items().get(0) : root);
    }

    private static KeyValue entry(Mapping mapping) {
        return mapping.entry("k").orElseThrow();
    }

    private static YamlNode value(Mapping mapping, String key) {
        return mapping.entry(key).orElseThrow().value();
    }

    private static String keyPlace(String content, String key) throws UserErrorException {
        Mapping root = (Mapping) parse(content).first().orElseThrow();
        return root.entry(key).orElseThrow().key().location().toString();
    }

    private static void refuses(String content, String message) {
        assertThat(assertThrows(UserErrorException.class, () -> parse(content)).getMessage(), is(message));
    }

    private static YamlText textOf(String content) {
        try {
            return parse(content);
        } catch (UserErrorException e) {
            throw new AssertionError(e);
        }
    }

    private static YamlText parse(String content) throws UserErrorException {
        return YamlText.parse("f.yaml", content.getBytes(UTF_8));
    }
}
