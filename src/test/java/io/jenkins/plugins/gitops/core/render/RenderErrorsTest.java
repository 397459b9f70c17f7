package io.jenkins.plugins.gitops.core.render;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Test;

/** Features of kustomize that this renderer does not support, and inputs that a golden folder cannot contain. */
public class RenderErrorsTest {
    private static final String[] CONFIG_MAP = {"apiVersion: v1", "kind: ConfigMap", "metadata:", "  name: a"};

    @Test
    public void fieldsThatAreNotSupportedAreRejectedByName() {
        for (String field : List.of(
                "replacements",
                "vars",
                "crds",
                "configurations",
                "generators",
                "transformers",
                "validators",
                "helmCharts",
                "helmChartInflationGenerator",
                "buildMetadata")) {
            refuses(field + " is not supported here", "resources: []", field + ": [x]");
        }
        refuses("kustomization.yaml:2:10: openapi is not supported here", "resources: []", "openapi: {path: x}");
        refuses("helmGlobals is not supported here", "resources: []", "helmGlobals: {chartHome: x}");
    }

    @Test
    public void unsupportedFieldsMayBeEmpty() throws Exception {
        render("resources: [a.yaml]", "vars: []", "crds:");
    }

    @Test
    public void remoteBasesAreRejected() {
        for (String remote : List.of(
                "https://example.com/manifests.yaml",
                "github.com/example/repository",
                "github.com/example/repository//overlay?ref=v1",
                "git@example.com:team/repository.git",
                "ssh://git@example.com/repository",
                "file:///etc",
                "git::https://example.com/repository")) {
            refuses("is a URL, and rendering fetches nothing", "resources: ['" + remote + "']");
            refuses("is a URL, and rendering fetches nothing", "components: ['" + remote + "']");
        }
    }

    @Test
    public void pathsOutsideTheRepositoryAreRejected() {
        refuses("kustomization.yaml:1:13: ../outside leaves the repository", "resources: [../outside]");
        refuses("/etc/passwd is absolute", "resources: [/etc/passwd]");
        refuses("the path is empty", "resources: ['']");
        UserErrorException refused = assertThrows(
                UserErrorException.class,
                () -> KustomizeRenderer.render(InMemoryFileTree.withoutListing(), "a/../../b"));
        assertThat(refused.getMessage(), containsString("leaves the repository"));
    }

    @Test
    public void aFolderWithoutAKustomizationIsRejected() {
        UserErrorException refused = assertThrows(
                UserErrorException.class,
                () -> KustomizeRenderer.render(InMemoryFileTree.withoutListing(), "apps/web"));
        assertThat(refused.getMessage(), startsWith("apps/web: there is no kustomization"));
    }

    @Test
    public void customFieldsOfLabelsAreRejected() {
        refuses(
                "kustomization.yaml:3:11: fields of labels are not supported here",
                "labels:",
                "- pairs: {a: b}",
                "  fields: [{path: spec/x}]");
    }

    @Test
    public void aKeyThatYaml11ReadsAsABooleanIsRejected() {
        refuses("kustomization.yaml:1:16: YAML reads the key on as something other", "commonLabels: {on: x}");
    }

    @Test
    public void aFieldInTwoSpellingsIsRejected() {
        refuses(
                "kustomization.yaml:2:13: a kustomization has the field namePrefix twice, in upper and lower case",
                "namePrefix: x-",
                "NamePrefix: y-");
    }

    @Test
    public void regularExpressionsInvalidInGoAreRejected() {
        for (String regex : List.of("a(?=b)", "a++", "(", "\\\\1")) {
            refuses("is not a regular expression as Go reads them", "images: [{name: \"" + regex + "\", newTag: x}]");
            refuses(
                    "is not a regular expression as Go reads them",
                    "patches:",
                    "- target: {name: \"" + regex + "\"}",
                    "  patch: '[{\"op\": \"remove\", \"path\": \"/a\"}]'");
        }
        for (String regex : List.of("a{1001}", "((a{100}){100,}){1,100}")) {
            refuses("repeats something more than 1000 times", "images: [{name: '" + regex + "', newTag: x}]");
        }
        refuses("has 1001 characters, and 1000 are allowed", "images: [{name: " + "a".repeat(1001) + ", newTag: x}]");
    }

    @Test
    public void invalidKubernetesSelectorsAreRejected() {
        for (String selector : List.of("a in b", "a,,b", "a,", "a b", "-a", "a in (b", "a>1")) {
            String[] lines = {
                "patches:",
                "- target: {labelSelector: '" + selector + "'}",
                "  patch: '[{\"op\":\"remove\",\"path\":\"/a\"}]'"
            };
            refuses("kustomization.yaml:2:27: the selector " + selector + " is not supported", lines);
        }
    }

    @Test
    public void patchesMustNotTouchKustomizeAnnotations() {
        for (String operation : List.of(
                "{op: copy, from: /metadata/annotations, path: /spec/template/metadata/annotations}",
                "{op: move, from: /metadata, path: /x}",
                "{op: test, path: /metadata/annotations, value: {}}")) {
            refuses(
                    "kustomization.yaml:5: kustomize keeps its own annotations here",
                    "resources: [a.yaml]",
                    "patches:",
                    "- target: {kind: ConfigMap}",
                    "  patch: |-",
                    "    - " + operation);
        }
    }

    @Test
    public void unknownPatchOperationsAreRejected() {
        refusesOperation("a JSON patch has no operation \"merge\"", "{op: merge, path: /a, value: 1}");
        refusesOperation("the operation add has no value", "{op: add, path: /a}");
        refusesOperation("the path of a JSON patch must begin with a slash", "{op: remove, path: a}");
        refusesOperation("an operation of a JSON patch has no field form", "{op: move, form: /a, path: /b}");
        refusesOperation(
                "the list is empty, so /metadata/finalizers/0 does not exist",
                "{op: remove, path: /metadata/finalizers/0}");
    }

    @Test
    public void nonUtf8FilesAreRejected() {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("kustomization.yaml", "resources: [a.yaml]")
                .with("a.yaml", "apiVersion: v1\nkind: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        UserErrorException refused = assertThrows(UserErrorException.class, () -> KustomizeRenderer.render(tree, ""));
        assertThat(refused.getMessage(), startsWith("a.yaml: the file is not UTF-8"));
    }

    @Test
    public void aliasExpansionIsLimited() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1) + "]\n");
        }
        refusesManifest("nodes, aliases resolved", bomb.toString());
        StringBuilder tower = new StringBuilder("a0: &a0 " + "[".repeat(90) + "]".repeat(90) + "\n");
        for (int i = 1; i < 50; i++) {
            tower.append("a" + i + ": &a" + i + " " + "[".repeat(90) + "*a" + (i - 1) + "]".repeat(90) + "\n");
        }
        refusesManifest("a.yaml:2:99: the YAML is nested deeper than 100 levels", tower.toString());
        String big = "x: &x " + "y".repeat(500_000) + "\n";
        refusesManifest("the file takes more than 32 MiB, aliases resolved", big + "z: [" + "*x, ".repeat(3000) + "]");
        refusesManifest("nested deeper than", "a: " + "[".repeat(200) + "]".repeat(200));
        refusesManifest("a.yaml:1:8: the alias *a refers to no anchor that is complete here", "a: &a [*a]");
    }

    @Test
    public void yamlThatKustomizeReadsDifferentlyIsRejected() {
        refusesManifest("the tag !custom is not supported", "a: !custom x");
        refusesManifest("x is not a valid !!int", "a: !!int x");
        refusesManifest("a key must be a plain string", "? [a]\n: b");
        refusesManifest("only a comment may follow the ---", "a: b\n--- {c: d}");
        refusesManifest("a.yaml:3:1: this is not YAML", "a: b\n...\nc: d");
        refusesManifest("<< merges maps only", "a: &a x\nb:\n  <<: *a");
        refusesManifest(
                "the annotation internal.config.kubernetes.io/index is kustomize's own",
                String.join("\n", CONFIG_MAP) + "\n  annotations: {internal.config.kubernetes.io/index: '1'}");
    }

    @Test
    public void aSecondDocumentOfAKustomizationIsIgnoredWithAWarning() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("kustomization.yaml", "resources: []", "---", "namePrefix: x-");
        assertThat(
                KustomizeRenderer.render(tree, "").warnings(),
                is(List.of("kustomization.yaml:3:1: kustomize reads only the first document of a kustomization."
                        + " Remove the others.")));
        tree.withLines("kustomization.yaml", "resources: []", "---");
        assertThat(KustomizeRenderer.render(tree, "").warnings(), is(List.of()));
    }

    @Test
    public void aKeyThatIsAnAliasOfAMapIsRejected() {
        refusesManifest("a.yaml:2:1: a key must be a string", "a: &a {b: c}\n*a : d");
        refusesManifest("a.yaml:2:1: the alias *b refers to no anchor", "a: &a x\n*b : d");
    }

    @Test
    public void patchMustNotRemoveTheName() {
        refuses(
                "a patch has removed the kind or the name",
                "resources: [a.yaml]",
                "patches:",
                "- target: {kind: ConfigMap}",
                "  patch: |-",
                "    - {op: remove, path: /metadata/name}");
    }

    private static void refusesOperation(String message, String operation) {
        refuses(
                message,
                "resources: [a.yaml]",
                "patches:",
                "- target: {kind: ConfigMap}",
                "  patch: |-",
                "    - {op: add, path: /metadata/finalizers, value: []}",
                "    - " + operation);
    }

    private static void refusesManifest(String message, String manifest) {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("kustomization.yaml", "resources: [a.yaml]")
                .withLines("a.yaml", manifest);
        UserErrorException refused = assertThrows(UserErrorException.class, () -> KustomizeRenderer.render(tree, ""));
        assertThat(refused.getMessage(), containsString(message));
    }

    private static void refuses(String message, String... kustomization) {
        UserErrorException refused = assertThrows(UserErrorException.class, () -> render(kustomization));
        assertThat(refused.getMessage(), containsString(message));
    }

    private static void render(String... kustomization) throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("kustomization.yaml", kustomization)
                .withLines("a.yaml", CONFIG_MAP);
        KustomizeRenderer.render(tree, "");
    }
}
