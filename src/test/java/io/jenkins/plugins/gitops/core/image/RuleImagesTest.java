package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Every form of a path, in every kind of file that a rule can name. */
public class RuleImagesTest {
    private static final String NAME = "ghcr.io/o/a";
    private static final String OBJECT = "apiVersion: x.io/v1\nkind: Fleet\nspec:\n  agents:\n";

    private static ImageFile file(String name, ImageRule rule) {
        Map<String, String> values = Map.of("app", "my.app", "env", "dev");
        return ImageFile.of(name, new ImageSearch(List.of(), List.of(rule.resolve(values)), "my.app"));
    }

    private static ImageRule tag(String path) {
        return new ImageRule(NAME, List.of(), List.of(path), List.of(), List.of(), List.of());
    }

    private static ImageRule image(String path) {
        return new ImageRule(NAME, List.of(), List.of(), List.of(path), List.of(), List.of());
    }

    private static String set(ImageFile file, String content, boolean create) throws UserErrorException {
        List<ImageUpdateSpec> settings = List.of(ImageUpdateSpec.of(new ImageReference(NAME, "v2", null)));
        return new String(file.set(content.getBytes(UTF_8), settings, create), UTF_8);
    }

    private static void refuses(String name, ImageRule rule, String content, boolean create, String message) {
        UserErrorException refused =
                assertThrows(content, UserErrorException.class, () -> set(file(name, rule), content, create));
        assertThat(refused.getMessage(), is(message));
    }

    /** In each content, @ is the tag. */
    @Test
    public void pathsLeadToTheTag() throws Exception {
        String[][] table = {
            {"f.yaml", "image_tag", "image_tag: @ # t\nother: v1\n"},
            {"f.yaml", "a.b.c", "a: {b: {c: '@', d: v1}}\n"},
            {"f.yaml", "a\\.b.c", "a: {b: {c: v1}}\na.b:\n  c: @\n"},
            {"f.yaml", "a[1]", "a: [v1, @]\n"},
            {"f.yaml", "a[1][0].t", "a:\n- v1\n- - t: @\n    u: v1\n  - {t: v1}\n"},
            {"f.yaml", "a[name=x].tag", "a:\n- {name: y, tag: v1}\n- {name: x, tag: \"@\"}\n"},
            {"f.yaml", "a[name={app}].{env}.tag", "a:\n- name: my.app\n  dev: {tag: @}\n  prod: {tag: v1}\n"},
            {"f.yaml", "{app}.tag", "my: {app: {tag: v1}}\nmy.app: {tag: @}\n"},
            {"f.yaml", "{env}.api\\.example\\.com/tag", "dev:\n  api.example.com/tag: @\n"},
            {"f", "image_tag", "image_tag: @\nauto: true\n"},
            {"f.json", "a[name=x].tag", "{\n\t\"a\": [\n\t\t{\"name\": \"x\", \"tag\": \"@\"}\n\t]\n}\n"},
            {"f.json", "x.y", "{\"x\" : {\"y\" : \"@\", \"z\" : \"v1\"}}"},
            {"f.yaml", "spec.agents[name=main].tag", OBJECT + "  - {name: main, tag: @}\n  - {name: b, tag: v1}\n"},
            {
                "f.yaml",
                "spec.generators[0].list.elements[env={env}].tag",
                "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  generators:\n  - list:\n"
                        + "      elements:\n      - {env: prod, tag: v1}\n      - env: dev\n        tag: @ # dev\n"
            },
            {"f.yaml", "helmCharts[0].valuesInline.api.tag", "helmCharts:\n- name: c\n  valuesInline: {api: {tag: @}}\n"
            },
            {".env", "API_TAG", "# API_TAG=v1\nAPI_TAG=@\nOTHER=v1\n"},
            {"prod.env", "API_TAG", "export API_TAG=\"@\" # v1\r\nexport OTHER='v1'"},
            {"x.properties", "api.tag", "api.tag.old = v1\napi.tag = @\n"},
            {"x.tfvars", "api_tag", "api_tag     = \"@\"\n"},
            {"x.ini", "tag", "[a]\ntag='@' ; v1\n"}
        };
        for (String[] row : table) {
            String before = row[2].replace("@", "v1");
            assertThat(row[1], set(file(row[0], tag(row[1])), before, false), is(row[2].replace("@", "v2")));
            String whole = row[2].replace("@", row[0].endsWith(".yaml") || row[0].equals("f") ? "#" : "@");
            if (whole.equals(row[2])) {
                String named = row[2].replace("@", NAME + ":v1");
                assertThat(
                        row[1], set(file(row[0], image(row[1])), named, false), is(row[2].replace("@", NAME + ":v2")));
            }
        }
    }

    @Test
    public void digestsAndNamesHaveTheirOwnPaths() throws Exception {
        String digest = "sha256:" + "1".repeat(64);
        ImageRule rule =
                new ImageRule(null, List.of(), List.of("a.version"), List.of(), List.of("a.sum"), List.of("a.from"));
        String before = "a: {from: " + NAME + ", version: v1, sum: " + digest + "}\n";
        assertThat(set(file("f.yaml", rule), before, false), is("a: {from: " + NAME + ", version: v2, sum: \"\"}\n"));
        List<ImageUpdateSpec> pinned = List.of(ImageUpdateSpec.of(new ImageReference(NAME, "v2", digest)));
        assertThat(
                new String(file("f.yaml", rule).set(before.getBytes(UTF_8), pinned, false), UTF_8),
                is(before.replace("v1", "v2")));
    }

    @Test
    public void addsKeysAndNothingElse() throws Exception {
        assertThat(
                set(file("f.yaml", tag("a.b\\.c.tag")), "a:\n  x: 1\n", true), is("a:\n  x: 1\n  b.c:\n    tag: v2\n"));
        assertThat(
                set(file("f.json", tag("{env}.tag")), "{\"a\": 1}", true),
                is("{\"a\": 1, \"dev\": {\"tag\": \"v2\"}}"));
        assertThat(set(file("f.yaml", image("{app}")), "x: 1\n", true), is("x: 1\nmy.app: " + NAME + ":v2\n"));
        String item =
                "f.yaml: An image cannot be added at %s, which is an item of a list. Write the entry in Git first.";
        for (String path : List.of("a[0].tag", "a[0]", "a[name=x].tag", "a.b[0].c")) {
            for (String content : List.of("a: []\n", "a: {b: 1}\n", "x: 1\n")) {
                refuses("f.yaml", tag(path), content, true, item.formatted(path));
            }
        }
        String unsure = ": Cannot determine where to add image " + NAME + ". Write the value in Git first.";
        refuses(".env", tag("TAG"), "A=1\n", true, ".env" + unsure);
        refuses("Dockerfile", tag("TAG"), "FROM a: b\n", true, "Dockerfile" + unsure);
        refuses("f.yaml", tag("tag"), "a: 1\n---\nb: 1\n", true, "f.yaml" + unsure);
    }

    @Test
    public void unknownPlaceholderIsNeverAKey() {
        for (String path : List.of("{tier}.tag", "a.{tier}", "a[name={tier}]", "{x}")) {
            for (boolean create : new boolean[] {false, true}) {
                refuses(
                        "f.yaml",
                        tag(path),
                        "a: 1\n",
                        create,
                        "\"" + path
                                + "\" is not a valid path of keys. Separate the keys with dots, as in backend.image,"
                                + " with [0] or [name=web] for an item of a list, and a backslash before a dot in a key.");
            }
        }
    }

    @Test
    public void refusesWhatIsNotASingleValue() {
        String remedy = " Write TAG=VALUE in Git first, with a space before a comment.";
        for (String line : List.of(
                "TAG=\"v1\"-x",
                "TAG='v1'\"x\"",
                "TAG=v1\"x\"",
                "TAG=v1#x",
                "TAG=$(git describe)",
                "TAG=`v`",
                "TAG=$V")) {
            int column = line.indexOf('=') + (line.charAt(4) == '"' || line.charAt(4) == '\'' ? 3 : 2);
            refuses(
                    ".env",
                    tag("TAG"),
                    line + "\n",
                    false,
                    ".env:1:" + column + ": TAG is not a single value." + remedy);
        }
        refuses(
                ".env",
                tag("TAG"),
                "TAG=v1\nTAG=v2\n",
                false,
                ".env:2:5: TAG is set a second time, after line 1. Remove one of the two in Git first.");
        refuses(
                "f.yaml",
                tag("a"),
                "a: {tag: v1}\n",
                false,
                "f.yaml:1:4: a is not a single value. Name the key of the value itself in images.");
        refuses(
                "f.yaml",
                tag("a[name=x].tag"),
                "a:\n- {name: x, tag: v1}\n- {name: x, tag: v1}\n",
                false,
                "f.yaml:3:3: There is a second item with name: x, after line 2. Remove one of the two in Git first, or"
                        + " name the item by its position.");
        refuses(
                "f.yaml",
                tag("b.tag"),
                "a: {tag: v1}\n",
                false,
                "f.yaml: There is no value at b.tag here, so nothing to set for image " + NAME
                        + ". Write it in Git first," + " or change the paths below images in gitops.yaml.");
    }

    @Test
    public void anchorsOfOtherValuesStay() {
        refuses(
                "f.yaml",
                tag("a.tag"),
                "a: {tag: &t v1}\nlabel: *t\n",
                false,
                "f.yaml:1:10: " + NAME
                        + ".tag is anchored as &t and used elsewhere in the file. Write it out at both places"
                        + " in Git first.");
    }
}
