package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Which layouts are recognized without a {@code gitops.yaml}, and which are not guessed. */
public class BuiltInLayoutsTest {
    private static final String KUSTOMIZATION = "images: [{name: o/shop, newTag: v1}]\n";
    private static final String VALUES = "image: {repository: o/shop, tag: v1}\n";
    private static final String DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec:\n"
            + "  template:\n    spec:\n      containers: [{name: x, image: \"o/shop:v1\"}]\n";

    private final InMemoryFileTree tree = new InMemoryFileTree();

    private static List<String> ids(InMemoryFileTree tree) throws Exception {
        return Delivery.load(tree).targets().stream().map(Target::id).toList();
    }

    @Test
    public void eachLayoutIsATarget() throws Exception {
        Map<String, String> layouts = Map.ofEntries(
                Map.entry("services/web/overlays/dev/kustomization.yaml", "web/dev"),
                Map.entry("apps/web/envs/prod-eu/kustomization.yaml", "web/prod-eu"),
                Map.entry("apps/web/environments/dev/kustomization.yaml", "web/dev"),
                Map.entry("components/web/overlays/dev/kustomization.yaml", "web/dev"),
                Map.entry("components/web/envs/load-gpu/kustomization.yaml", "web/load-gpu"),
                Map.entry("k8s/overlays/dev/kustomization.yaml", "shop/dev"),
                Map.entry("deploy/overlays/dev/kustomization.yaml", "shop/dev"),
                Map.entry("kustomize/overlays/dev/kustomization.yaml", "shop/dev"),
                Map.entry("overlays/dev/kustomization.yaml", "shop/dev"),
                Map.entry("environments/overlays/dev/kustomization.yaml", "shop/dev"),
                Map.entry("envs/load-gpu/kustomization.yaml", "shop/load-gpu"),
                Map.entry("env/dev/kustomization.yaml", "shop/dev"),
                Map.entry("environments/dev/kustomization.yaml", "shop/dev"),
                Map.entry("stages/uat/kustomization.yaml", "shop/uat"),
                Map.entry("apps/web/dev/kustomization.yaml", "web/dev"),
                Map.entry("apps/dev/web/kustomization.yaml", "web/dev"),
                Map.entry("environments/dev/web/kustomization.yaml", "web/dev"),
                Map.entry("components/web/staging/kustomization.yaml", "web/staging"),
                Map.entry("helm/web/prod/values.yaml", "web/prod"),
                Map.entry("apps/staging/deployment.yaml", "shop/staging"),
                Map.entry("deploy/prod/deployment.yaml", "shop/prod"),
                Map.entry("web/overlays/eu_prod/kustomization.yaml", "web/eu_prod"),
                Map.entry("charts/web/values-dev.yaml", "web/dev"),
                Map.entry("helm/web/prod-values.yaml", "web/prod"),
                Map.entry("web/values-staging.yaml", "web/staging"),
                Map.entry("web/values-prd.yaml", "web/prd"),
                Map.entry("applications/web/overlays/dev/kustomization.yaml", "web/dev"),
                Map.entry("kustomize/dev/kustomization.yaml", "shop/dev"),
                Map.entry("charts/web/pre-prod/values.yaml", "web/pre-prod"),
                Map.entry("clusters/stg/web/kustomization.yaml", "web/stg"),
                Map.entry("environments/eks/web-values.yaml", "web/eks"),
                Map.entry("envs/dev/web.yaml", "web/dev"),
                Map.entry("web/qa-values.yaml", "web/qa"));
        for (Map.Entry<String, String> layout : layouts.entrySet()) {
            String file = layout.getKey();
            boolean values = file.contains("values") || file.endsWith("/web.yaml");
            String content = file.endsWith("deployment.yaml") ? DEPLOYMENT : values ? VALUES : KUSTOMIZATION;
            InMemoryFileTree one = new InMemoryFileTree().with(file, content);
            assertThat(file, ids(one), contains(layout.getValue()));
            String[] names = layout.getValue().split("/");
            Delivery delivery = Delivery.load(one);
            Target target = delivery.target(names[0], names[1]);
            assertThat(file, delivery.targets(), contains(target));
            assertThat(file, delivery.fileTargets(file), contains(target));
            assertThat(file, TargetImages.read(one, target).toString(), is("[o/shop:v1]"));
        }
    }

    @Test
    public void whatIsNoEnvironmentIsNotGuessed() throws Exception {
        for (String file : List.of(
                "apps/web/base/kustomization.yaml",
                "apps/base/web/kustomization.yaml",
                "apps/overlays/dev/kustomization.yaml",
                "web/overlays/hooks/kustomization.yaml",
                "environments/base/kustomization.yaml",
                "apps/web/overlays/common/kustomization.yaml",
                "clusters/production/flux-system/kustomization.yaml",
                "charts/web/templates/dev-values.yaml",
                "charts/web/values-common.yaml",
                "web/values-gpu.yaml")) {
            InMemoryFileTree one = new InMemoryFileTree().with(file, file.contains("values") ? VALUES : KUSTOMIZATION);
            assertThat(file, ids(one), is(empty()));
        }
        tree.with("environments/dev/web.yaml", DEPLOYMENT);
        assertThat("not called after a manifest", ids(tree), contains("shop/dev"));
    }

    @Test
    public void imageOfAnOverlayWithoutOneIsThatOfItsBase() throws Exception {
        tree.with("stages/uat/kustomization.yaml", "resources: [../../base]\n")
                .with("base/kustomization.yaml", "resources: [deploy.yaml]\n")
                .with("base/deploy.yaml", DEPLOYMENT);
        Target target = Delivery.load(tree).target("shop", "uat");
        assertThat(TargetImages.read(tree, target).toString(), is("[o/shop:v1]"));
        List<ImageReference> v2 = List.of(ImageReference.parse("o/shop:v2"));
        assertThat(
                assertThrows(UserErrorException.class, () -> TargetImages.set(tree, target, v2, false))
                        .getMessage(),
                is("stages/uat/kustomization.yaml: No image is set here, so o/shop would have to be set in"
                        + " base/deploy.yaml, which is for other environments, too. Add it here with create: true."));
        tree.with("base/kustomization.yaml", "resources: [deploy.yaml]\nimages: [{name: o/shop, newTag: v7}]\n");
        assertThat(TargetImages.read(tree, target).toString(), is("[o/shop:v7]"));
    }

    @Test
    public void tagWithoutANameIsNotReplacedByTheDefaultOfTheChart() throws Exception {
        tree.with("charts/web/Chart.yaml", "name: web\n")
                .with(
                        "charts/web/values.yaml",
                        "app: {image: {repository: o/shop, tag: latest}}\njob: {image: {repository: o/job, tag: v1}}\n")
                .with("charts/web/values-dev.yaml", "app: {image: {tag: v7}}\n");
        Target target = Delivery.load(tree).target("web", "dev");
        assertThat(TargetImages.read(tree, target).toString(), is("[o/shop:v7]"));
    }

    @Test
    public void imageThatSeveralBasesSetIsNotGuessed() throws Exception {
        tree.with("stages/uat/kustomization.yaml", "resources: [../../base/a.yaml, ../../base/b.yaml]\n")
                .with("base/a.yaml", DEPLOYMENT)
                .with("base/b.yaml", DEPLOYMENT.replace("v1", "v2"));
        Target target = Delivery.load(tree).target("shop", "uat");
        assertThrows(UserErrorException.class, () -> TargetImages.read(tree, target));
    }

    @Test
    public void twoReadingsAreListedAndNotWritten() throws Exception {
        tree.with("apps/dev/prod/kustomization.yaml", KUSTOMIZATION);
        Delivery delivery = Delivery.load(tree);
        assertThat(delivery.targets(), is(empty()));
        assertThat(
                delivery.skipped().stream().map(SkippedPath::toString).toList(),
                contains("apps/dev/prod can be read as dev/prod and prod/dev. Choose one with a gitops.yaml that"
                        + " contains {apiVersion: gitops.jenkins.io/v1alpha1, kind: Delivery, targets:"
                        + " [{application: dev, environment: prod, path: apps/dev/prod}]}."));
        assertThrows(UserErrorException.class, () -> delivery.target("dev", "prod"));
    }

    @Test
    public void namesThatOnlyContainAnEnvironmentCountLess() throws Exception {
        tree.with("apps/test-app/dev/kustomization.yaml", KUSTOMIZATION)
                .with("apps/prod/test-app/kustomization.yaml", KUSTOMIZATION);
        assertThat(ids(tree), contains("test-app/dev", "test-app/prod"));
    }

    @Test
    public void overlayWithoutImagesIsNamedAfterTheOnlyOneOfItsBases() throws Exception {
        tree.with("stages/uat/kustomization.yaml", "resources: [../../base]\n")
                .with("base/kustomization.yaml", "resources: [deploy.yaml, service.yaml]\n")
                .with("base/service.yaml", "kind: Service\n")
                .with("base/deploy.yaml", DEPLOYMENT);
        Delivery delivery = Delivery.load(tree);
        Target target = delivery.target("shop", "uat");
        assertThat(delivery.targets(), contains(target));
        assertThat(
                TargetImages.set(tree, target, List.of(ImageReference.parse("o/shop:v2")), true)
                        .keySet(),
                contains("stages/uat/kustomization.yaml"));
        tree.with("base/service.yaml", DEPLOYMENT.replace("o/shop", "o/other"));
        assertThat("two images give no name", Delivery.load(tree).targets(), is(empty()));
        tree.with(
                "base/service.yaml",
                "apiVersion: helm.toolkit.fluxcd.io/v2\n"
                        + "kind: HelmRelease\n"
                        + "spec: {values: {image: {repository: o/shop, tag: v1}}}\n");
        assertThat(
                "a kustomization sets no image of a chart", Delivery.load(tree).targets(), is(empty()));
        tree.with("base/kustomization.yaml", "resources: [../../outside]\n");
        assertThat(Delivery.load(tree).targets(), is(empty()));
        tree.with("base/kustomization.yaml", "resources: [../stages/uat]\n");
        assertThat("bases in a circle", Delivery.load(tree).targets(), is(empty()));
    }

    @Test
    public void declaredEnvironmentsDecide() throws Exception {
        tree.with("apps/web/blue/kustomization.yaml", KUSTOMIZATION)
                .with("apps/web/dev/kustomization.yaml", KUSTOMIZATION)
                .with(
                        Delivery.FILE,
                        "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\nenvironments: [{name: blue}]\n");
        assertThat(ids(tree), contains("web/blue"));
    }

    @Test
    public void theOtherEnvironmentsOfAnApplicationShowWhereOneIsMissing() throws Exception {
        tree.with("components/web/staging/kustomization.yaml", KUSTOMIZATION)
                .with("components/api/prod/kustomization.yaml", KUSTOMIZATION);
        Delivery delivery = Delivery.load(tree);
        assertThat(
                assertThrows(UserErrorException.class, () -> delivery.target("web", "prod"))
                        .getMessage(),
                is("web has no folder for environment prod, which would be components/web/prod. Use one of"
                        + " staging, or add the folder."));
    }
}
