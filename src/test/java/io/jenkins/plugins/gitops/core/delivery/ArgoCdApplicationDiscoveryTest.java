package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import org.junit.Test;

public class ArgoCdApplicationDiscoveryTest {
    private static final String IMAGES = "    kustomize: {images: [o/a:v1]}\n";

    private static String application(String name, String metadata, String namespace, String source) {
        return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name + "\n" + metadata
                + "spec:\n  destination: {namespace: " + namespace + "}\n  source:\n    path: ./deploy/a\n" + source;
    }

    /**
     * Returns a target that requires the name of its Application in a report, since other Applications deploy the same
     * folder.
     */
    private static Target target(String app, String env, String images, String application) {
        return new Target(app, env, "deploy/a", images, List.of(), application);
    }

    @Test
    public void targetComesFromNameNamespaceOrLabels() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("argocd/one.yaml", application("web-api-staging", "", "default", IMAGES))
                .with("applications/prod/two.yml", application("web", "", "payments-prod", IMAGES))
                .with("apps/three.yaml", application("web", "", "dev", IMAGES))
                .with(
                        "clusters/eu/argocd-apps/four.yaml",
                        application(
                                "x-dev",
                                "  labels: {gitops.jenkins.io/environment: blue}\n"
                                        + "  annotations: {gitops.jenkins.io/application: shop}\n",
                                "y",
                                IMAGES))
                .with("clusters/eu/five.yaml", application("nothing", "", "default", IMAGES))
                .with("clusters/eu/other/six.yaml", application("far-dev", "", "default", IMAGES))
                .with("argocd/deep/seven.yaml", application("deep-dev", "", "default", IMAGES))
                .with("argocd/eight.yaml", application("bare-dev", "", "default", "    kustomize: {}\n"));
        Delivery delivery = Delivery.load(tree);
        assertThat(
                delivery.targets(),
                contains(
                        target("deep", "dev", "argocd/deep/seven.yaml", "deep-dev"),
                        target("shop", "blue", "clusters/eu/argocd-apps/four.yaml", "x-dev"),
                        target("web", "dev", "apps/three.yaml", "web"),
                        target("web", "prod", "applications/prod/two.yml", "web"),
                        target("web-api", "staging", "argocd/one.yaml", "web-api-staging")));
        for (Target target : delivery.targets()) {
            assertThat(delivery.target(target.application(), target.environment()), is(target));
        }
        assertThat(delivery.environment("blue").name(), is("blue"));
    }

    @Test
    public void imagesAreSetInTheManifest() throws Exception {
        String before = application("web-dev", "", "x", IMAGES + "    # end\n");
        InMemoryFileTree tree = new InMemoryFileTree().with("argocd/web-dev.yaml", before);
        Target target = Delivery.load(tree).target("web", "dev");
        byte[] after = TargetImages.set(tree, target, List.of(new ImageReference("o/a", "v2", null)), false)
                .get("argocd/web-dev.yaml");
        assertThat(new String(after, UTF_8), is(before.replace("o/a:v1", "o/a:v2")));
    }

    @Test
    public void imageIsSetInValueFiles() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("deploy/a/values.yaml", "image: {repository: o/a, tag: v0}\n")
                .with("deploy/a/values-dev.yaml", "image: {tag: v1}\n")
                .with("deploy/envs/prod.yaml", "image: {repository: o/a, tag: v1}\n")
                .with(
                        "argocd/web-dev.yaml",
                        application(
                                "web-dev",
                                "",
                                "x",
                                "    helm: {valueFiles: [values.yaml, values-dev.yaml, none.yaml]}\n"))
                .with(
                        "argocd/web-prod.yaml",
                        application("web-prod", "", "x", "    helm: {valueFiles: [../envs/prod.yaml]}\n"))
                .with(
                        "argocd/ref-dev.yaml",
                        application("ref-dev", "", "x", "    helm: {valueFiles: [$here/deploy/envs/prod.yaml]}\n"))
                .with("argocd/own-dev.yaml", application("own-dev", "", "x", "    helm: {valueFiles: [values.yaml]}\n"))
                .with("argocd/out-dev.yaml", application("out-dev", "", "x", "    helm: {valueFiles: [../../../x]}\n"));
        Delivery delivery = Delivery.load(tree);
        assertThat(
                delivery.targets(),
                contains(
                        target("ref", "dev", "deploy/envs/prod.yaml", "ref-dev"),
                        target("web", "dev", "deploy/a/values-dev.yaml", "web-dev"),
                        target("web", "prod", "deploy/envs/prod.yaml", "web-prod")));
        assertThat(
                TargetImages.read(tree, delivery.target("web", "dev")),
                contains(new ImageReference("o/a", "v1", null)));
    }

    @Test
    public void fileWithTwoApplicationsBelongsToNeither() throws Exception {
        String both = application("a-dev", "", "x", IMAGES) + "---\n" + application("a-prod", "", "x", IMAGES);
        assertThat(
                Delivery.load(new InMemoryFileTree().with("argocd/a.yaml", both))
                        .targets(),
                is(empty()));
    }

    @Test
    public void duplicateNamesAreRejectedOnLookup() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("argocd/web-dev.yaml", application("web-dev", "", "x", IMAGES))
                .with("clusters/dev/web.yaml", application("web-dev", "", "x", IMAGES));
        Delivery delivery = Delivery.load(tree);
        assertThat(delivery.targets(), contains(target("web", "dev", "argocd/web-dev.yaml", "web-dev")));
        assertThat(
                assertThrows(UserErrorException.class, () -> delivery.target("web", "dev"))
                        .getMessage(),
                is("clusters/dev/web.yaml: Two Applications match web in dev: this one and the one with"
                        + " argocd/web-dev.yaml. Remove one of them, or change the labels of one."));
    }

    @Test
    public void malformedManifestHidesNoOther() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("argocd/bad-dev.yaml", "apiVersion: argoproj.io/v1alpha1\nimages: [\n")
                .with("argocd/web-dev.yaml", application("web-dev", "", "x", IMAGES));
        Delivery delivery = Delivery.load(tree);
        assertThat(delivery.targets(), contains(target("web", "dev", "argocd/web-dev.yaml", "web-dev")));
        assertThat(
                assertThrows(UserErrorException.class, () -> delivery.target("bad", "dev"))
                        .getMessage(),
                is("argocd/bad-dev.yaml:3:1: This is not YAML: expected the node content, but found '<stream end>'."
                        + " Fix the file in Git first."));
    }

    @Test
    public void onlyDeclaredEnvironmentsAreDiscovered() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with(
                        Delivery.FILE,
                        "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\nenvironments: [{name: blue}]\n")
                .with("argocd/web-dev.yaml", application("web-dev", "", "x", IMAGES))
                .with("argocd/web-blue.yaml", application("web-blue", "", "x", IMAGES));
        assertThat(Delivery.load(tree).targets(), contains(target("web", "blue", "argocd/web-blue.yaml", "web-blue")));
        tree.with(
                Delivery.FILE,
                "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\napplications: [{path: '{app}/{env}'}]\n");
        assertThat(Delivery.load(tree).targets(), is(empty()));
    }

    @Test
    public void singleTargetReadsOnlyItsOwnFile() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree();
        for (int i = 0; i < 300; i++) {
            tree.with("apps/a" + i + "/overlays/dev/kustomization.yaml", "images: [{name: o/a, newTag: v1}]\n")
                    .with("argocd/b" + i + "-dev.yaml", application("b" + i + "-dev", "", "x", IMAGES));
        }
        Delivery.load(tree).target("a7", "dev");
        assertThat(tree.read(), contains(Delivery.FILE));
        assertThat(
                "where the layouts lead, no manifest is looked for",
                tree.listed().contains("argocd"),
                is(false));
        tree.listed().clear();
        tree.read().clear();
        Delivery.load(tree).target("b7", "dev");
        assertThat(tree.listed(), hasItems("apps/b7/overlays/dev", "argocd", "applications", "apps", "clusters"));
        assertThat(tree.listed(), hasSize(lessThan(25)));
        assertThat(tree.read(), contains(Delivery.FILE, "argocd/b7-dev.yaml"));
    }
}
