package io.jenkins.plugins.gitops.core.change;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class PromotionPlannerTest {
    private static final String WAY_OUT =
            " Set its image with gitopsSetImage first, with create: true where it has no entry.";

    @Test
    public void imageTheSourceDoesNotSetIsNotPromoted() {
        refuses(
                "charts/app/values.yaml:2:3: app/dev sets no tag of image image here, and app/production sets"
                        + " r.io/app:v1." + WAY_OUT,
                Map.of(
                        "charts/app/Chart.yaml", "name: app\n",
                        "charts/app/values.yaml", "image:\n  repository: r.io/app\n",
                        "charts/app/values-dev.yaml", "image:\n  pullPolicy: Always\n",
                        "charts/app/values-production.yaml", "image:\n  tag: v1\n"));
        refuses(
                "services/app/overlays/dev/kustomization.yaml:3:3: app/dev sets no tag of image app here, and"
                        + " app/production sets r.io/app:v1." + WAY_OUT,
                kustomizations(
                        "- name: app\n  newName: r.io/app\n", "- name: app\n  newName: r.io/app\n  newTag: v1\n"));
        refuses(
                "services/app/overlays/dev/kustomization.yaml:3:3: app/dev sets no tag of image app here, and"
                        + " app/production sets r.io/app:v1." + WAY_OUT,
                kustomizations(
                        "- name: app\n  newName: r.io/app\n- name: other\n  newTag: v2\n",
                        "- name: app\n  newName: r.io/app\n  newTag: v1\n- name: other\n  newTag: v2\n"));
        refuses(
                "services/app/overlays/dev/kustomization.yaml:3:3: app/dev sets no tag of an image here, so there is"
                        + " nothing to promote to app/production." + WAY_OUT,
                kustomizations("- name: app\n  newName: r.io/app\n", "- name: app\n  newName: r.io/app\n"));
        refuses(
                "services/app/overlays/dev/values.yaml:2:3: app/dev sets no tag of image image here, and"
                        + " app/production sets r.io/app:v1." + WAY_OUT,
                Map.of(
                        "services/app/overlays/dev/values.yaml", "image:\n  repository: r.io/app\n  tag: \"\"\n",
                        "services/app/overlays/production/values.yaml", "image:\n  repository: r.io/app\n  tag: v1\n"));
    }

    @Test
    public void tagOfTheChartsValuesIsPromotedWhereTheEnvironmentSetsNone() throws Exception {
        PromotionPlan plan = prepare(Map.of(
                "charts/app/Chart.yaml", "name: app\n",
                "charts/app/values.yaml", "image:\n  repository: r.io/app\n  tag: v2\n",
                "charts/app/values-dev.yaml", "image:\n  pullPolicy: Always\n",
                "charts/app/values-production.yaml", "image:\n  tag: v1\n"));
        assertThat(plan.images(), is(List.of(ImageReference.parse("r.io/app:v2"))));
    }

    @Test
    public void imagesSetByNeitherSideAreIgnored() throws Exception {
        PromotionPlan promotionPlan = prepare(kustomizations(
                "- name: app\n  newName: r.io/app\n- name: other\n  newTag: v2\n",
                "- name: app\n  newName: r.io/app\n- name: other\n  newTag: v1\n"));
        assertThat(promotionPlan.images().size(), is(1));
        assertThat(promotionPlan.isNeeded(), is(true));
    }

    @Test
    public void emptyPromotionCountsAsNeeded() throws Exception {
        PromotionPlan some = prepare(kustomizations("- name: app\n  newTag: v2\n", "- name: app\n  newTag: v1\n"));
        PromotionPlan nothing =
                new PromotionPlan(some.source(), some.destination(), List.of(), some.sourceRevision(), null);
        assertThat(nothing.isNeeded(), is(true));
    }

    private static Map<String, String> kustomizations(String dev, String production) {
        String head = "kind: Kustomization\nimages:\n";
        return Map.of(
                "services/app/overlays/dev/kustomization.yaml", head + dev,
                "services/app/overlays/production/kustomization.yaml", head + production);
    }

    private static void refuses(String message, Map<String, String> files) {
        assertThat(assertThrows(UserErrorException.class, () -> prepare(files)).getMessage(), is(message));
    }

    private static PromotionPlan prepare(Map<String, String> files) throws Exception {
        return PromotionPlan.prepare(InMemoryFileTree.of(files), "0".repeat(40), "app", "dev", "production");
    }
}
