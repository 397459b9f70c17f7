package io.jenkins.plugins.gitops.core.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Random;
import org.junit.Test;

public class KeyPathTest {
    private static final String TEXT = "a.b: 1\na: {b: 2, 'c]': 3}\nlist:\n- {name: x, v: 4}\n- {name: 'y.z', v: 5}\n"
            + "- [6, {d: 7}]\nbase: &b {e: 8}\nmerged: {<<: *b}\nempty:\n";

    private static String at(String path) throws Exception {
        YamlText text = YamlText.parse("f", TEXT.getBytes(UTF_8));
        YamlPath root = YamlPath.of(text, text.first().orElseThrow());
        return KeyPath.parse(null, path).find(root).map(YamlPath::scalar).orElse(null);
    }

    @Test
    public void leadsToAValue() throws Exception {
        String[][] table = {
            {"a\\.b", "1"},
            {"a.b", "2"},
            {"a.c\\]", "3"},
            {"list[0].v", "4"},
            {"list[name=x].v", "4"},
            {"list[name=y.z].v", "5"},
            {"list[2][0]", "6"},
            {"list[2][1].d", "7"},
            {"merged.e", "8"}
        };
        for (String[] row : table) {
            assertThat(row[0], at(row[0]), is(row[1]));
        }
        for (String nowhere :
                List.of("b", "a.b.c", "list.v", "list[3]", "list[name=q].v", "a[0]", "empty", "empty.x")) {
            assertThat(nowhere, at(nowhere), is(nullValue()));
        }
    }

    @Test
    public void refusesWhatIsNotAPath() {
        for (String text : List.of(
                "",
                ".",
                "a.",
                ".a",
                "a..b",
                "a[",
                "a[]",
                "a[x]",
                "a[-1]",
                "a[1",
                "a[=x]",
                "a[n=]",
                "a[n=x",
                "a[0]b",
                "a\\",
                "{x}",
                "a.{env}",
                "a]",
                "a[9999999]",
                "x".repeat(2000))) {
            UserErrorException refused = assertThrows(text, UserErrorException.class, () -> KeyPath.parse(null, text));
            assertThat(refused.getMessage(), containsString("is not a valid path of keys"));
        }
    }

    @Test
    public void refusesTwoItemsOfOneName() throws Exception {
        YamlText text = YamlText.parse("f", "l:\n- {n: a}\n- {n: a}\n".getBytes(UTF_8));
        YamlPath root = YamlPath.of(text, text.first().orElseThrow());
        UserErrorException refused = assertThrows(
                UserErrorException.class, () -> KeyPath.parse(null, "l[n=a]").find(root));
        assertThat(refused.getMessage(), containsString("f:3:3: There is a second item with n: a, after line 2"));
    }

    @Test
    public void knowsItsKeys() throws Exception {
        assertThat(KeyPath.parse(null, "a.b\\.c").keys(), is(List.of("a", "b.c")));
        assertThat("an item cannot be added", KeyPath.parse(null, "a[0].b").keys(), is(List.of()));
        assertThat(KeyPath.parse(null, "a[0].b").lastKey(), is("b"));
        assertThat(KeyPath.parse(null, "a[0]").lastKey(), is(""));
    }

    @Test
    public void anEscapedKeyIsOneKey() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            StringBuilder key = new StringBuilder();
            for (int n = 0; n <= random.nextInt(6); n++) {
                key.append(".[]{}\\=ab".charAt(random.nextInt(9)));
            }
            assertThat(
                    KeyPath.parse(null, "x." + KeyPath.escape(key.toString())).keys(),
                    is(List.of("x", key.toString())));
        }
    }
}
