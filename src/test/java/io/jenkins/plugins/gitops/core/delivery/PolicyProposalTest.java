package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Test;

/** The proposal for given files; the check accepts each proposal, and it defines the targets. */
public class PolicyProposalTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";
    private static final String IMAGES = "images: [{name: acme/shop, newTag: v1}]\n";
    private static final String VALUES = "image: {repository: acme/shop, tag: v1}\n";

    private final InMemoryFileTree tree = new InMemoryFileTree();

    private void files(String content, String... names) {
        for (String name : names) {
            tree.with(name, content);
        }
    }

    private void assertProposed(String rest, String... targets) throws Exception {
        String proposal = PolicyProposal.of(tree);
        assertThat(proposal, is(HEAD + rest));
        PolicyCheck check = PolicyCheck.of(new PolicyOverlay(tree, proposal.getBytes(StandardCharsets.UTF_8)));
        assertThat(check.errors(), empty());
        assertThat(check.warnings(), empty());
        assertThat(
                check.survey().targets().stream()
                        .map(TargetSurvey.FoundTarget::id)
                        .toList(),
                is(List.of(targets)));
    }

    @Test
    public void knownLayoutNeedsOnlyItsEnvironments() throws Exception {
        files(IMAGES, "apps/a/overlays/prod/kustomization.yaml", "apps/a/overlays/dev/kustomization.yaml");
        assertProposed("environments:\n- name: dev\n- name: prod\n", "a/dev", "a/prod");
    }

    @Test
    public void environmentBelowTheApplication() throws Exception {
        files(IMAGES, "web/kustomize/dev/kustomization.yaml", "api/kustomize/dev/kustomization.yaml");
        assertProposed(
                "applications:\n- path: \"{app}/kustomize/{env}\"\nenvironments:\n- name: dev\n", "api/dev", "web/dev");
    }

    @Test
    public void applicationBelowTheEnvironment() throws Exception {
        files(IMAGES, "live/qa/web/kustomization.yaml", "live/prod/web/kustomization.yaml");
        assertProposed(
                "applications:\n- path: \"live/{env}/{app}\"\nenvironments:\n- name: qa\n- name: prod\n",
                "web/qa",
                "web/prod");
    }

    @Test
    public void regionIsPartOfTheEnvironment() throws Exception {
        files(IMAGES, "sites/prod/eu/web/kustomization.yaml", "sites/prod/us/web/kustomization.yaml");
        assertProposed(
                "applications:\n- path: \"sites/{env}/{region}/{app}\"\n  environment: \"{env}-{region}\"\n"
                        + "environments:\n- name: prod-eu\n- name: prod-us\n",
                "web/prod-eu",
                "web/prod-us");
    }

    @Test
    public void clusterBelowTheEnvironmentIsNotTheApplication() throws Exception {
        files(IMAGES, "components/ui/prod/eu-1/kustomization.yaml", "components/api/prod/eu-1/kustomization.yaml");
        assertProposed(
                "applications:\n- path: \"components/{app}/{env}/{region}\"\n  environment: \"{env}-{region}\"\n"
                        + "environments:\n- name: prod-eu-1\n",
                "api/prod-eu-1",
                "ui/prod-eu-1");
    }

    @Test
    public void applicationIsNamedAfterMostOfItsImages() throws Exception {
        files("images: [{name: acme/tools, newTag: v1}]\n", "gitops/dev/kustomization.yaml");
        files(IMAGES, "gitops/prod/kustomization.yaml", "gitops/qa/kustomization.yaml");
        assertProposed(
                "applications:\n- path: \"gitops/{env}\"\n  application: shop\n"
                        + "environments:\n- name: dev\n- name: qa\n- name: prod\n",
                "shop/dev",
                "shop/qa",
                "shop/prod");
    }

    @Test
    public void valuesFilesCalledAfterTheirEnvironment() throws Exception {
        files(VALUES, "web/deploy/dev-values.yaml", "web/deploy/prod-values.yaml");
        assertProposed(
                "applications:\n- path: \"{app}/deploy\"\n  imageFile: \"{env}-values.yaml\"\n"
                        + "environments:\n- name: dev\n- name: prod\n",
                "web/dev",
                "web/prod");
    }

    @Test
    public void filesCalledAfterTheirApplication() throws Exception {
        files(VALUES, "clusters/dev/web.yaml", "clusters/dev/api.yaml");
        assertProposed(
                "applications:\n- path: \"clusters/{env}\"\n  imageFile: \"{app}.yaml\"\nenvironments:\n- name: dev\n",
                "api/dev",
                "web/dev");
    }

    @Test
    public void onlyApplicationIsCalledAfterItsImage() throws Exception {
        files(IMAGES, "gitops/dev/kustomization.yaml", "gitops/prod/kustomization.yaml");
        assertProposed(
                "applications:\n- path: \"gitops/{env}\"\n  application: shop\nenvironments:\n- name: dev\n- name: prod\n",
                "shop/dev",
                "shop/prod");
    }

    @Test
    public void placeThatIsNotProposedIsNamed() throws Exception {
        files(IMAGES, "a/web/dev/kustomization.yaml", "a/web/qa/kustomization.yaml", "b/web/dev/kustomization.yaml");
        assertThat(
                PolicyProposal.of(tree),
                containsString("# b/web/dev is not proposed: it would be web/dev, too\napplications:\n- path:"));
    }

    @Test
    public void nothingIsProposedForNothing() {
        files("kind: Namespace\n", "clusters/prod/namespace.yaml");
        String message = assertThrows(UserErrorException.class, () -> PolicyProposal.of(tree))
                .getMessage();
        assertThat(message, containsString("targets: [{application: APP, environment: ENV, path: FOLDER"));
    }
}
