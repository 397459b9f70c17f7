package io.jenkins.plugins.gitops.core.render;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Differences from {@code kustomize build}: the tolerated mistake, warnings, order, and reading each file once. */
public class KustomizeRendererTest {
    private static final String[] POD = {
        "apiVersion: v1",
        "kind: Pod",
        "metadata:",
        "  name: web",
        "spec:",
        "  containers:",
        "  - name: web",
        "    image: web"
    };

    @Test
    public void kustomizationFileListedAsComponentIsRendered() throws Exception {
        for (String kind : List.of("Kustomization", "Component")) {
            String version = kind.equals("Component") ? "v1alpha1" : "v1beta1";
            InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                    .withLines("app/base/pod.yaml", POD)
                    .withLines("app/base/kustomization.yaml", "resources: [pod.yaml]")
                    .withLines("app/dev/kustomization.yaml", "resources: [../base]", "components:", "- image-tag.yaml")
                    .withLines(
                            "app/dev/image-tag.yaml",
                            "apiVersion: kustomize.config.k8s.io/" + version,
                            "kind: " + kind,
                            "images: [{name: web, newTag: v2}]");

            RenderResult renderResult = KustomizeRenderer.render(tree, "app/dev");

            assertThat(image(renderResult), is("web:v2"));
            assertThat(
                    renderResult.warnings(),
                    contains("app/dev/kustomization.yaml:3:3: components names the file image-tag.yaml, which kustomize"
                            + " itself rejects: a component is a folder. To fix it, move the file to"
                            + " image-tag/kustomization.yaml, write kind: Component and apiVersion:"
                            + " kustomize.config.k8s.io/v1alpha1 in it, and list image-tag here."));
        }
    }

    @Test
    public void otherFileListedAsComponentIsRejected() {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("kustomization.yaml", "components: [pod.yaml]")
                .withLines("pod.yaml", POD);
        UserErrorException refused = assertThrows(UserErrorException.class, () -> KustomizeRenderer.render(tree, ""));
        assertThat(refused.getMessage(), containsString("pod.yaml:"));
    }

    @Test
    public void fileListedAsComponentMustNotIncludeItself() {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("kustomization.yaml", "components: [a.yaml]")
                .withLines("a.yaml", "components: [a.yaml]");
        UserErrorException refused = assertThrows(UserErrorException.class, () -> KustomizeRenderer.render(tree, ""));
        assertThat(
                refused.getMessage(),
                containsString("a.yaml:1:14: a.yaml is, or contains, a kustomization that includes this one"));
    }

    @Test
    public void deprecatedFieldsAreReportedOncePerFile() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("base/kustomization.yaml", "resources: [pod.yaml]", "commonLabels: {a: b}")
                .withLines("base/pod.yaml", POD)
                .withLines("one/kustomization.yaml", "resources: [../base]", "nameSuffix: -x")
                .withLines("two/kustomization.yaml", "resources: [../base]", "nameSuffix: -y")
                .withLines("all/kustomization.yaml", "bases: [../one, ../two]");
        assertThat(
                KustomizeRenderer.render(tree, "all").warnings(),
                contains(
                        "all/kustomization.yaml:1:8: bases is deprecated. Use resources, as kustomize edit fix does.",
                        "base/kustomization.yaml:2:15: commonLabels is deprecated. Use labels, as kustomize edit fix"
                                + " does."));
    }

    @Test
    public void eachFileIsReadOnce() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("base/kustomization.yaml", "resources: [pod.yaml]")
                .withLines("base/pod.yaml", POD)
                .withLines("one/kustomization.yaml", "resources: [../base]", "namePrefix: one-")
                .withLines(
                        "two/kustomization.yaml",
                        "resources: [../base]",
                        "namePrefix: two-",
                        "images: [{name: web, newTag: v2}]")
                .withLines("all/kustomization.yaml", "resources: [../one, ../two]");

        RenderResult renderResult = KustomizeRenderer.render(tree, "all");

        assertThat(names(renderResult), contains("one-web", "two-web"));
        assertThat(image(renderResult), is("web"));
        assertThat(tree.reads("base/pod.yaml"), is(1));
        assertThat(tree.reads("base/kustomization.yaml"), is(1));
        assertThat(KustomizeRenderer.render(tree, "all"), is(equalTo(renderResult)));
    }

    @Test
    public void unsortedKeepsTheOrderOfReading() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("kustomization.yaml", "resources: [pod.yaml, namespace.yaml]")
                .withLines("pod.yaml", POD)
                .withLines("namespace.yaml", "apiVersion: v1", "kind: Namespace", "metadata: {name: shop}");
        assertThat(names(KustomizeRenderer.render(tree, "")), contains("shop", "web"));
        assertThat(names(KustomizeRenderer.render(tree, "", true)), contains("web", "shop"));
    }

    @Test
    public void thePathMayBeWrittenLoosely() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("app/kustomization.yaml", "resources: [./pod.yaml]")
                .withLines("app/pod.yaml", POD);
        for (String path : List.of("app", "app/", "./app", "/app", "app/../app")) {
            assertThat(names(KustomizeRenderer.render(tree, path)), contains("web"));
        }
    }

    @Test
    public void emptyListRendersNothing() throws Exception {
        RenderResult renderResult = KustomizeRenderer.render(
                InMemoryFileTree.withoutListing().withLines("Kustomization", "resources: []"), "");
        assertThat(renderResult.manifests(), is(empty()));
        assertThat(renderResult.warnings(), is(empty()));
    }

    @Test
    public void aLongListIsMergedInReasonableTime() throws Exception {
        List<String> pod = new ArrayList<>(List.of(POD));
        pod.add("    env:");
        for (int i = 0; i < 2000; i++) {
            pod.add("    - {name: V" + i + ", value: x}");
        }
        InMemoryFileTree tree = InMemoryFileTree.withoutListing()
                .withLines("pod.yaml", pod.toArray(String[]::new))
                .withLines(
                        "kustomization.yaml",
                        "resources: [pod.yaml]",
                        "patches:",
                        "- patch: |-",
                        "    apiVersion: v1",
                        "    kind: Pod",
                        "    metadata: {name: web}",
                        "    spec: {containers: [{name: web, env: [{name: V1999, value: changed}]}]}");
        assertThat(
                KustomizeRenderer.render(tree, "").manifests().toString(),
                containsString("{name=V1999, value=changed}"));
    }

    @Test
    public void plainManifestsAreReadAsTheClusterDoes() throws Exception {
        String text = String.join(
                "\n",
                "kind: List",
                "items:",
                "- {kind: A, metadata: {generateName: a-}, on: 1}".replace("on:", "'on':"),
                "---",
                "# nothing",
                "---",
                "kind: B",
                "yes: yes".replace("yes:", "\"yes\":"),
                "date: 2001-01-02",
                "text: >",
                "  a",
                "    b");
        assertThat(
                PlainManifestReader.read("f.yaml", text.getBytes(StandardCharsets.UTF_8)),
                contains(
                        Map.of("kind", "A", "metadata", Map.of("generateName", "a-"), "on", 1),
                        Map.of("kind", "B", "yes", true, "date", "2001-01-02", "text", "a\n  b")));
    }

    @Test
    public void aPlainDocumentWithoutAKindIsRejected() {
        UserErrorException refused = assertThrows(
                UserErrorException.class,
                () -> PlainManifestReader.read("f.yaml", "a: b\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(refused.getMessage(), containsString("f.yaml:1:1: this is not a Kubernetes object"));
    }

    private static List<Object> names(RenderResult renderResult) {
        List<Object> names = new ArrayList<>();
        renderResult.manifests().forEach(manifest -> names.add(((Map<?, ?>) manifest.get("metadata")).get("name")));
        return names;
    }

    private static Object image(RenderResult renderResult) {
        Map<?, ?> spec = (Map<?, ?>) renderResult.manifests().get(0).get("spec");
        return ((Map<?, ?>) ((List<?>) spec.get("containers")).get(0)).get("image");
    }
}
