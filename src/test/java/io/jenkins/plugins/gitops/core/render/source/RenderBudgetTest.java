package io.jenkins.plugins.gitops.core.render.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.KustomizeRenderer;
import io.jenkins.plugins.gitops.core.render.PlainManifestReader;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The limits of one rendering. */
public class RenderBudgetTest {
    private final InMemoryFileTree tree = InMemoryFileTree.withoutListing();

    @Test
    public void exponentiallyGrowingBasesAreRejected() {
        for (int level = 0; level < 21; level++) {
            String next = "resources: [../a" + (level + 1) + ", ../b" + (level + 1) + "]";
            tree.withLines("a" + level + "/kustomization.yaml", next, "namePrefix: a-");
            tree.withLines("b" + level + "/kustomization.yaml", next, "namePrefix: b-");
        }
        for (String last : List.of("a21", "b21")) {
            tree.withLines(last + "/kustomization.yaml", "resources: [x.yaml]", "namePrefix: " + last + "-");
            tree.withLines(last + "/x.yaml", "apiVersion: v1", "kind: ConfigMap", "metadata: {name: x}");
        }
        assertThat(refusal("a0"), containsString("more than 10000 kustomizations are included, each counted"));
    }

    @Test
    public void tooLongChainOfBasesIsRejected() {
        for (int level = 0; level < 3000; level++) {
            tree.withLines("l" + level + "/kustomization.yaml", "resources: [../l" + (level + 1) + "]");
        }
        tree.withLines("l3000/kustomization.yaml", "namePrefix: x-");
        assertThat(
                refusal("l0"),
                is("l50/kustomization.yaml:1:13: bases are nested deeper than 50 levels."
                        + " Refer to the last of them directly."));
    }

    @Test
    public void tooManyObjectsAreRejected() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= RenderBudget.MAX_OBJECTS; i++) {
            many.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c" + i + "}\n");
        }
        tree.withLines("kustomization.yaml", "resources: [x.yaml]").withLines("x.yaml", many.toString());
        assertThat(refusal(""), containsString("there are more than 20000 objects"));
        UserErrorException refused = assertThrows(
                UserErrorException.class,
                () -> PlainManifestReader.read("x.yaml", many.toString().getBytes()));
        assertThat(refused.getMessage(), containsString("there are more than 20000 objects"));
    }

    @Test
    public void tooLargeTotalSizeIsRejected() {
        String files = "";
        for (int i = 0; i < 5; i++) {
            files += (i == 0 ? "" : ", ") + "x" + i + ".yaml";
            tree.withLines(
                    "x" + i + ".yaml",
                    "apiVersion: v1",
                    "kind: ConfigMap",
                    "metadata: {name: x" + i + "}",
                    "data: {a: " + "a".repeat(8 << 20) + "}");
        }
        tree.withLines("kustomization.yaml", "resources: [" + files + "]");
        assertThat(refusal(""), containsString("the objects take more than 32 MiB, anchors resolved"));
    }

    @Test
    public void pathologicalRegularExpressionIsMatchedInLinearTime() throws Exception {
        tree.withLines(
                "kustomization.yaml",
                "resources: [x.yaml]",
                "images: [{name: '(a+)+', newTag: v2}]",
                "patches:",
                "- target: {name: '(a*)*b'}",
                "  patch: '[{\"op\": \"remove\", \"path\": \"/spec\"}]'");
        tree.withLines(
                "x.yaml",
                "apiVersion: v1",
                "kind: Pod",
                "metadata: {name: " + "a".repeat(200) + "}",
                "spec: {containers: [{image: " + "a".repeat(200) + "!}]}");
        Map<String, Object> pod = KustomizeRenderer.render(tree, "").manifests().get(0);
        assertThat(pod.get("spec"), is(Map.of("containers", List.of(Map.of("image", "a".repeat(200) + "!")))));
    }

    @Test
    public void exceededTimeBudgetIsRejected() {
        RenderBudget over = new RenderBudget(Duration.ofSeconds(-1));
        UserErrorException refused =
                assertThrows(UserErrorException.class, () -> over.kustomization(0, SourceLocation.of("a/b.yaml")));
        assertThat(refused.getMessage(), containsString("a/b.yaml: rendering took longer than 90 seconds"));
    }

    private String refusal(String folder) {
        return assertThrows(UserErrorException.class, () -> KustomizeRenderer.render(tree, folder))
                .getMessage();
    }
}
