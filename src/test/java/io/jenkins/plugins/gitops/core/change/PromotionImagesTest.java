package io.jenkins.plugins.gitops.core.change;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** What is written if environments pull the same image from different registries. */
public class PromotionImagesTest {
    private static final String DEV = "services/shop/overlays/dev/kustomization.yaml";
    private static final String PROD = "services/shop/overlays/prod/kustomization.yaml";
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @Test
    public void destinationKeepsItsRegistryWhereTheManifestsNameTheImage() throws Exception {
        PromotionPlan plan = prepare(kustomizations(
                "- {name: shop, newName: dev.example.com/shop, newTag: v2}",
                "- {name: shop, newName: prod.example.com/acme/store, newTag: v1}",
                ""));
        assertThat(texts(plan.images()), is(List.of("prod.example.com/acme/store:v2")));
        assertThat(texts(plan.sourceImages()), is(List.of("dev.example.com/shop:v2")));
        assertThat(texts(plan.previous()), is(List.of("prod.example.com/acme/store:v1")));
        assertThat(plan.isNeeded(), is(true));
    }

    @Test
    public void destinationKeepsItsRegistryAtTheSamePathOfHelmValues() throws Exception {
        String values = "image:\n  registry: %s\n  repository: shop\n  tag: %s\n";
        PromotionPlan plan = prepare(Map.of(
                "charts/shop/Chart.yaml", "name: shop\n",
                "charts/shop/values-dev.yaml", values.formatted("dev.example.com", "v2"),
                "charts/shop/values-prod.yaml", values.formatted("prod.example.com", "v2")));
        assertThat(texts(plan.images()), is(List.of("prod.example.com/shop:v2")));
        assertThat("the tag is there already", plan.isNeeded(), is(false));
    }

    @Test
    public void anotherImageAtTheSamePathIsRejectedWithTheLinesToWrite() {
        String values = "image:\n  repository: example.com/%s\n  tag: %s\n";
        refuses(
                "charts/shop/values-prod.yaml: shop/prod has no entry for image example.com/shop-dev of shop/dev; it"
                        + " has example.com/shop. Add the entry in Git, then promote again; or, if example.com/shop is the"
                        + " same image, write in gitops.yaml under environments: {name: prod, rename:"
                        + " {example.com/shop-dev: example.com/shop}}.",
                Map.of(
                        "charts/shop/Chart.yaml", "name: shop\n",
                        "charts/shop/values-dev.yaml", values.formatted("shop-dev", "v2"),
                        "charts/shop/values-prod.yaml", values.formatted("shop", "v1")));
    }

    @Test
    public void anotherRegistryIsRejectedWithTheLinesToWrite() {
        refuses(
                PROD + ": shop/prod has no entry for image dev.example.com/acme/shop of shop/dev; it has"
                        + " prod.example.com/acme/shop. Add the entry in Git, then promote again; or, if"
                        + " prod.example.com/acme/shop is the same image, write in gitops.yaml under environments: {name:"
                        + " prod, registries: {dev.example.com: prod.example.com}}.",
                kustomizations(
                        "- {name: dev.example.com/acme/shop, newTag: v2}",
                        "- {name: prod.example.com/acme/shop, newTag: v1}",
                        ""));
    }

    @Test
    public void namesAreMappedByRegistryAndByWholeName() throws Exception {
        String registries = "registries: {dev.example.com: prod.example.com, dev.example.com/team: prod.example.com/t}";
        String dev = "- {name: dev.example.com/team/shop, digest: '" + DIGEST + "'}";
        String prod = "- {name: prod.example.com/t/shop, newTag: v1}\n- {name: prod.example.com/team/shop, newTag: v1}";
        assertThat(
                texts(prepare(kustomizations(dev, prod, registries)).images()),
                is(List.of("prod.example.com/t/shop@" + DIGEST)));
        assertThat(
                texts(prepare(kustomizations(
                                dev,
                                prod,
                                registries + ", rename: {dev.example.com/team/shop: prod.example.com/team/shop}"))
                        .images()),
                is(List.of("prod.example.com/team/shop@" + DIGEST)));
    }

    @Test
    public void onlyTheMappedNameCountsWhereOneIsGiven() {
        String dev = "- {name: shop, newName: dev.example.com/shop, newTag: v2}";
        for (String prod : List.of(
                "- {name: shop, newName: old.example.com/shop, newTag: v1}",
                "- {name: shop, newName: dev.example.com/shop, newTag: v1}")) {
            refuses(
                    PROD
                            + ": shop/prod has no entry for image prod.example.com/shop, which is what"
                            + " dev.example.com/shop of shop/dev is called there by gitops.yaml. Add the entry in Git,"
                            + " or correct registries and rename of prod.",
                    kustomizations(dev, prod, "registries: {dev.example.com: prod.example.com}"));
        }
    }

    @Test
    public void twoImagesThatWouldBecomeOneAreRejected() {
        refuses(
                DEV
                        + ":4:3: example.com/a:v1 and example.com/b:v2 of shop/dev would both be example.com/c in"
                        + " shop/prod. Promote one of them with image, or correct registries and rename of prod in"
                        + " gitops.yaml.",
                kustomizations(
                        "- {name: example.com/a, newTag: v1}\n- {name: example.com/b, newTag: v2}",
                        "- {name: example.com/c, newTag: v1}",
                        "rename: {example.com/a: example.com/c, example.com/b: example.com/c}"));
    }

    @Test
    public void onlyTheImagesThatAreAskedForArePromoted() throws Exception {
        Map<String, String> files = kustomizations(
                "- {name: web, newName: dev.example.com/web, newTag: v2}\n"
                        + "- {name: worker, newTag: v2}\n"
                        + "- name: sidecar",
                "- {name: web, newName: prod.example.com/web, newTag: v1}\n- {name: sidecar, newTag: v1}",
                "");
        for (String name : List.of("web", "dev.example.com/web", "prod.example.com/web")) {
            assertThat(name, texts(prepare(files, name).images()), is(List.of("prod.example.com/web:v2")));
        }
        assertThat(
                message(() -> prepare(files, "nginx")),
                is("shop/dev sets no image nginx. Use one of dev.example.com/web, worker."));
        assertThat(
                message(() -> prepare(files, "sidecar")),
                is(DEV + ":5:3: shop/dev sets no tag of image sidecar here. Set it with gitopsSetImage first."));
        assertThat(
                "what has no entry is rejected before anyone is asked to approve",
                message(() -> prepare(files, "web", "worker")),
                is(PROD
                        + ": shop/prod has no entry for image worker of shop/dev. Add the entry in Git, then"
                        + " promote again."));
    }

    @Test
    public void mappingsThatAreNoNamesAreRejected() {
        Map<String, String> wrong = Map.of(
                "registries: [a]",
                "\"registries\" is not a mapping of at most 200 names",
                "registries: {\"ghcr.io/acme:v1\": b}",
                "This is not a registry, or a registry with the beginning of a path",
                "registries: {a: ''}",
                "This is not a registry, or a registry with the beginning of a path",
                "rename: {a: B}",
                "This is not the name of an image",
                "rename: {a: 'b:v1'}",
                "This is not the name of an image");
        wrong.forEach((text, problem) -> {
            String message = message(() -> prepare(kustomizations("", "", text)));
            assertThat(
                    text + " " + message,
                    message.matches("gitops.yaml:5:[0-9]+: \\Q" + problem + "\\E\\. .*"),
                    is(true));
        });
    }

    private static Map<String, String> kustomizations(String dev, String prod, String mapping) {
        Map<String, String> files = new HashMap<>();
        files.put(DEV, "kind: Kustomization\nimages:\n" + dev + "\n");
        files.put(PROD, "kind: Kustomization\nimages:\n" + prod + "\n");
        files.put(
                "gitops.yaml",
                "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\nenvironments:\n- name: dev\n- {name: prod"
                        + (mapping.isEmpty() ? "" : ", " + mapping) + "}\n");
        return files;
    }

    private static void refuses(String message, Map<String, String> files) {
        assertThat(message(() -> prepare(files)), is(message));
    }

    private static String message(ThrowingRunnable call) {
        return assertThrows(UserErrorException.class, call).getMessage();
    }

    private static List<String> texts(List<ImageReference> images) {
        return images.stream().map(ImageReference::toString).toList();
    }

    private static PromotionPlan prepare(Map<String, String> files, String... images) throws Exception {
        return PromotionPlan.prepare(
                InMemoryFileTree.of(files), "0".repeat(40), "shop", "dev", "prod", List.of(images));
    }
}
