package io.jenkins.plugins.gitops.core.change;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import org.junit.Test;

/** A first entry for an image is written only where it changes something, or where that cannot be known. */
public class NewImageCheckTest {
    private static final Target TARGET = new Target("a", "dev", "overlays/dev", null);
    private static final ImageReference IMAGE = new ImageReference("o/a", "v2", null);
    private static final String OVERLAY = "overlays/dev/kustomization.yaml";

    private final InMemoryFileTree tree = new InMemoryFileTree()
            .with(OVERLAY, "resources: [../../base]\n")
            .with("base/kustomization.yaml", "resources: [d.yaml]\n");

    private static String object(String kind, String spec) {
        return "apiVersion: apps/v1\nkind: " + kind + "\nmetadata: {name: x}\nspec: " + spec + "\n";
    }

    private List<String> warnings() throws Exception {
        return new NewImageCheck(tree, TARGET)
                .requireUse(TargetImages.set(tree, TARGET, List.of(IMAGE), true), List.of(IMAGE));
    }

    private void refuses(String remedy) {
        UserErrorException refused = assertThrows(UserErrorException.class, this::warnings);
        assertThat(
                refused.getMessage(),
                is(OVERLAY + ": No manifest of a/dev uses image o/a, so an entry for it would change nothing. "
                        + remedy));
    }

    @Test
    public void imageOfAManifestGetsItsEntry() throws Exception {
        String[][] table = {
            {"Deployment", "{template: {spec: {containers: [{name: c, image: 'o/a:v1'}]}}}"},
            {"Deployment", "{template: {spec: {containers: [{image: o/b}, {image: o/a}]}}}"},
            {"Deployment", "{template: {spec: {containers: [], initContainers: [{image: 'o/a:v2'}]}}}"},
            {"CronJob", "{jobTemplate: {spec: {template: {spec: {containers: [{image: 'o/a@sha256:1'}]}}}}}"},
            {"Rollout", "{template: {spec: {containers: [{image: 'o/a:v0'}]}}}"}
        };
        for (String[] row : table) {
            tree.with("base/d.yaml", object(row[0], row[1]));
            assertThat(row[1], warnings(), is(empty()));
        }
        tree.with("base/d.yaml", object("Deployment", "{template: {spec: {containers: [{image: 'x:v1'}]}}}"))
                .with(
                        "base/kustomization.yaml",
                        "resources: [d.yaml]\nimages: [{name: x, newName: o/a, newTag: v1}]\n");
        assertThat("by the name that the base gives it", warnings(), is(empty()));
    }

    @Test
    public void imageOfNoManifestIsRefused() {
        String used = "Use one of o/b, or add the workload in Git first.";
        String[][] table = {
            {object("Deployment", "{template: {spec: {containers: [{image: 'o/b:v1'}]}}}"), used},
            {
                object("Deployment", "{template: {spec: {containers: [{image: 'reg:5000/o/a:v1'}]}}}"),
                used.replace("o/b", "reg:5000/o/a")
            },
            {object("Fleet", "{image: 'o/a:v1'}"), "Add the workload in Git first."},
            {
                "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x}\n"
                        + "spec: {values: {repository: o/a, tag: v1}}\n",
                "Add the workload in Git first."
            }
        };
        for (String[] row : table) {
            tree.with("base/d.yaml", row[0]);
            refuses(row[1]);
        }
    }

    @Test
    public void whatCannotBeRenderedIsReported() throws Exception {
        String unchecked = "It could not be checked whether a manifest of a/dev uses o/a: ";
        tree.with(OVERLAY, "resources: ['https://git.example.com/base?ref=v1']\n");
        assertThat(warnings(), contains(startsWith(unchecked + OVERLAY + ":1:13: ")));
        tree.with(OVERLAY, "namespace: a\n");
        assertThat(warnings(), contains(unchecked + "overlays/dev has no manifests"));
    }

    @Test
    public void entriesOfOtherFilesAreNotChecked() throws Exception {
        InMemoryFileTree values = new InMemoryFileTree().with("overlays/dev/values-dev.yaml", "a: 1\n");
        assertThat(
                new NewImageCheck(values, TARGET)
                        .requireUse(TargetImages.set(values, TARGET, List.of(IMAGE), true), List.of(IMAGE)),
                is(empty()));
    }
}
