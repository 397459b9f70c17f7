package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.Test;

public class NameTemplateTest {
    @Test
    public void readsNames() throws Exception {
        for (String[] row : new String[][] {
            {"{env}", "dev", "{env=dev}"},
            {"values-{env}.yaml", "values-dev.yaml", "{env=dev}"},
            {"values-{env}.yaml", "values-.yaml", null},
            {"values-{env}.yaml", "values.yaml", null},
            {"values-{env}.yaml", "values-dev.yml", null},
            {"values-{env}.yaml", "my-values-dev.yaml", null},
            {"{app}.yaml", "web.yaml.yaml", "{app=web.yaml}"},
            {"aa{x}aa", "aaa", null},
            {"aa{x}aa", "aaaaa", "{x=a}"},
            {"{app}_{env}", "web_dev", "{app=web, env=dev}"},
            {"{x}-{x}", "a-a", "{x=a}"},
            {"{x}-{x}", "a-b", null},
            {"dev", "dev", "{}"},
            {"dev", "develop", null},
            {"{app}", "", null},
        }) {
            List<Map<String, String>> readings = template(row[0]).match(row[1], Map.of());
            assertThat(row[0] + " " + row[1], readings.size(), is(row[2] == null ? 0 : 1));
            if (row[2] != null) {
                assertThat(new java.util.TreeMap<>(readings.get(0)).toString(), is(row[2]));
            }
        }
    }

    @Test
    public void givesEachReading() throws Exception {
        assertThat(
                template("{app}-{env}").match("a-b-c", Map.of()),
                contains(Map.of("app", "a", "env", "b-c"), Map.of("app", "a-b", "env", "c")));
        assertThat(
                template("{app}-{env}").match("a-b-c", Map.of("env", "c")), contains(Map.of("app", "a-b", "env", "c")));
        assertThat(template("{app}-{env}").match("a-b-c", Map.of("app", "x")), is(empty()));
    }

    @Test(timeout = 20_000)
    public void aNameOfManyReadingsIsBounded() throws Exception {
        String dashes = "-".repeat(255);
        assertThat(template("{a}-{b}-{c}-{d}").match(dashes, Map.of()), hasSize(NameTemplate.MAX_READINGS));
        assertThat(template("{a}-{b}-{a}-{b}x").match(dashes, Map.of()), is(empty()));
        assertThat(template("{a}").match("a".repeat(256), Map.of()), is(empty()));
    }

    @Test
    public void refusesWhatHasNoCertainReading() {
        refuses(
                "{app}{env}",
                "Nothing separates two placeholders of \"{app}{env}\". Put a character such as '-' between" + " them.");
        refuses(
                "a-{b}-{c}-{d}-{e}-{f}",
                "\"a-{b}-{c}-{d}-{e}-{f}\" has more than 4 placeholders. Use one placeholder for" + " several parts.");
        for (String text :
                List.of("{", "}", "{}", "{1}", "{a b}", "{{a}}", "a*", "{a", "{a-b}", "{" + "a".repeat(60) + "}")) {
            refuses(
                    text,
                    "\"" + text
                            + "\" is not a valid name. Write {app}, {env} or another {NAME} for the parts that differ;"
                            + " NAME is a letter, then letters, digits and '_'.");
        }
    }

    /** Compares all readings of all short names with a search over all values. */
    @Test
    public void findsTheSameReadingsAsTryingAllValues() throws Exception {
        Random random = new Random(7);
        List<String> templates =
                List.of("{a}", "{a}-{b}", "x{a}", "{a}x", "x-{a}-x", "{a}-{a}", "{a}-{b}-{a}", "x{a}x{b}", "-{a}", "x");
        for (int i = 0; i < 4_000; i++) {
            NameTemplate template = template(templates.get(random.nextInt(templates.size())));
            StringBuilder name = new StringBuilder();
            int length = random.nextInt(8);
            for (int k = 0; k < length; k++) {
                name.append("x-y".charAt(random.nextInt(3)));
            }
            Map<String, String> known = random.nextBoolean() ? Map.of() : Map.of("a", "x");
            assertThat(
                    template + " " + name + " " + known,
                    new HashSet<>(template.match(name.toString(), known)),
                    is(tried(template, name.toString(), known)));
        }
    }

    private static Set<Map<String, String>> tried(NameTemplate template, String name, Map<String, String> known) {
        Set<String> values = new HashSet<>();
        for (int from = 0; from < name.length(); from++) {
            for (int to = from + 1; to <= name.length(); to++) {
                values.add(name.substring(from, to));
            }
        }
        Set<Map<String, String>> all = new HashSet<>(Set.of(known));
        for (String placeholder : Set.copyOf(template.placeholders())) {
            Set<Map<String, String>> next = new HashSet<>();
            for (Map<String, String> one : all) {
                if (one.containsKey(placeholder)) {
                    next.add(one);
                    continue;
                }
                for (String value : values) {
                    Map<String, String> more = new HashMap<>(one);
                    more.put(placeholder, value);
                    next.add(more);
                }
            }
            all = next;
        }
        all.removeIf(one -> !name.equals(template.fill(one)));
        return all;
    }

    @Test
    public void templatesTakeThePlaceOfPlaceholders() throws Exception {
        NameTemplate name = template("v-{env}.yaml").expand(Map.of("env", template("{stage}-{region}")));
        assertThat(name.toString(), is("v-{stage}-{region}.yaml"));
        assertThat(name.match("v-prod-eu.yaml", Map.of()), contains(Map.of("stage", "prod", "region", "eu")));
        assertThat(template("{app}.yaml").expand(Map.of("app", template("web"))).toString(), is("web.yaml"));
    }

    private static NameTemplate template(String text) throws UserErrorException {
        return NameTemplate.parse(null, text);
    }

    private static void refuses(String text, String message) {
        assertThat(
                assertThrows(text, UserErrorException.class, () -> template(text))
                        .getMessage(),
                is(message));
    }
}
