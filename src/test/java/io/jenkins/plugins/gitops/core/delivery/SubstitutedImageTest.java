package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import org.junit.Test;

/** Variables that Flux substitutes after the build are never overwritten. */
public class SubstitutedImageTest {
    private static final Target TARGET = new Target("web", "dev", "apps/web/dev", null);
    private static final String KUSTOMIZATION = "apps/web/dev/kustomization.yaml";
    private static final String DEPLOYMENT = "apps/web/dev/deployment.yaml";
    private static final String FLUX = """
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata:
              name: web-dev
              namespace: flux-system
            spec:
              path: ./apps/web/dev
              postBuild:
            """;

    private final InMemoryFileTree tree = new InMemoryFileTree();

    @Test
    public void kustomizationVariableIsRejectedWithItsLocation() {
        tree.with(KUSTOMIZATION, images("newTag: ${TAG}"));
        assertThat(
                refusal(false),
                is(KUSTOMIZATION
                        + ":2:3: Image ghcr.io/x/web is set by ${TAG} here, a variable that Flux replaces when it"
                        + " applies the file (spec.postBuild); it is never overwritten. Change the value in"
                        + " spec.postBuild of the Flux Kustomization that applies this folder, or write the image"
                        + " itself here in Git first."));
    }

    @Test
    public void everyFormOfAVariableIsRejected() {
        for (String value : List.of(
                "newTag: ${TAG:=v1}",
                "newTag: \"${TAG}\"",
                "newTag: v${MAJOR}.1",
                "newTag: ${TAG} # {\"$imagepolicy\": \"flux-system:web:tag\"}",
                "digest: ${DIGEST}")) {
            tree.with(KUSTOMIZATION, images(value));
            assertThat(value, refusal(false), containsString("a variable that Flux replaces"));
            assertThat(value, refusal(true), containsString("a variable that Flux replaces"));
        }
    }

    @Test
    public void imagePolicyMarkerIsNotAVariable() throws Exception {
        tree.with(KUSTOMIZATION, images("newTag: v1 # {\"$imagepolicy\": \"flux-system:web:tag\"}"));
        assertThat(set(), is(images("newTag: v2 # {\"$imagepolicy\": \"flux-system:web:tag\"}")));
    }

    @Test
    public void locationOfTheValueIsNamed() {
        tree.with(KUSTOMIZATION, images("newTag: ${TAG}"));
        tree.with("clusters/dev/web.yaml", FLUX + "    substitute:\n      TAG: v1\n");
        tree.with(
                "clusters/dev/other.yaml",
                FLUX.replace("apps/web/dev", "apps/other") + "    substitute:\n      TAG: v0\n");
        assertThat(
                refusal(false),
                containsString("it is never overwritten. Its value comes from clusters/dev/web.yaml:10:12"
                        + " (spec.postBuild.substitute.TAG of Kustomization flux-system/web-dev). Change it there,"
                        + " or"));
    }

    @Test
    public void objectsDefiningTheValueAreNamed() {
        tree.with(KUSTOMIZATION, images("newTag: ${TAG}"));
        tree.with(
                "clusters/dev/web.yaml",
                FLUX + "    substituteFrom:\n    - kind: ConfigMap\n      name: cluster-vars\n    - kind: Secret\n"
                        + "      name: more\n");
        assertThat(
                refusal(false),
                containsString("Its value comes from ConfigMap cluster-vars or Secret more, which"
                        + " clusters/dev/web.yaml:10:5 (spec.postBuild.substituteFrom of Kustomization"
                        + " flux-system/web-dev) names"));
    }

    @Test
    public void variableOfAContainerIsRejected() {
        for (String image :
                List.of("ghcr.io/x/web:${TAG}", "${REGISTRY}/x/web:${TAG:=v1}", "ghcr.io/${ORG}/web@${DIGEST}")) {
            tree.with(DEPLOYMENT, deployment(image));
            assertThat(image, refusal(false), containsString(image + " here, a variable that Flux replaces"));
        }
        // A further container without a variable does not change that.
        tree.with(DEPLOYMENT, deployment("ghcr.io/x/web:${TAG}") + "      - image: ghcr.io/x/proxy:v1\n");
        assertThat(refusal(false), containsString(DEPLOYMENT + ":7:16: Image ghcr.io/x/web is set by"));
        tree.with(DEPLOYMENT, deployment("ghcr.io/x/other:${TAG}") + "      - image: ghcr.io/x/proxy:v1\n");
        assertThat(refusal(false), containsString("No container here has image ghcr.io/x/web"));
    }

    @Test
    public void variableInHelmValuesIsRejected() {
        tree.with("apps/web/dev/values.yaml", "image:\n  repository: ghcr.io/x/web\n  tag: ${TAG}\n");
        assertThat(refusal(false), containsString("is set by ${TAG} here"));
    }

    private static String images(String value) {
        return "images:\n- name: ghcr.io/x/web\n  " + value + "\n";
    }

    private static String deployment(String image) {
        return "apiVersion: apps/v1\n"
                + "kind: Deployment\n"
                + "spec:\n"
                + "  template:\n"
                + "    spec:\n"
                + "      containers:\n"
                + "      - image: "
                + image + "\n";
    }

    private String refusal(boolean create) {
        return assertThrows(UserErrorException.class, () -> TargetImages.set(tree, TARGET, wanted(), create))
                .getMessage();
    }

    private String set() throws Exception {
        return new String(TargetImages.set(tree, TARGET, wanted(), false).get(KUSTOMIZATION), UTF_8);
    }

    private static List<ImageReference> wanted() {
        return List.of(new ImageReference("ghcr.io/x/web", "v2", null));
    }
}
