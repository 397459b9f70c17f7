package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Test;

/** The findings of the check of a {@code gitops.yaml}, and their locations. */
public class PolicyCheckTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";
    private static final String IMAGES = "images: [{name: a/b, newTag: v1}]\n";

    private final InMemoryFileTree tree = new InMemoryFileTree();

    private PolicyCheck check(String rest) throws Exception {
        return PolicyCheck.of(tree.with(Delivery.FILE, HEAD + rest));
    }

    @Test
    public void validFileHasNeitherErrorsNorWarnings() throws Exception {
        tree.with("apps/shop/overlays/dev/kustomization.yaml", IMAGES);
        PolicyCheck check = check("environments: [{name: dev}]\n");
        assertThat(check.hasFile(), is(true));
        assertThat(check.errors(), empty());
        assertThat(check.warnings(), empty());
        assertThat(check.survey().targets().get(0).id(), is("shop/dev"));
    }

    @Test
    public void everyErrorIsReportedWithItsPlace() throws Exception {
        PolicyCheck check = check("colour: red\n"
                + "applications:\n"
                + "- path: apps/{app}\n"
                + "- path: services/{app}/overlays/{env}\n"
                + "  imageFil: x.yaml\n"
                + "environments:\n"
                + "- name: dev\n"
                + "  requireReason: perhaps\n"
                + "- name: staging\n"
                + "  promoteFrom: qa\n"
                + "targets:\n"
                + "- {application: a, environment: live, path: x}\n");
        assertThat(
                check.errors(),
                contains(
                        startsWith("gitops.yaml:3:1: \"colour\" is not a key"),
                        startsWith("gitops.yaml:5:9: "),
                        startsWith("gitops.yaml:7:3: \"imageFil\" is not a key"),
                        startsWith("gitops.yaml:10:18: \"requireReason\" is neither true nor false"),
                        startsWith("gitops.yaml:12:16: "),
                        startsWith("gitops.yaml:14:33: There is no environment \"live\"")));
        assertThat(check.survey(), nullValue());
    }

    @Test
    public void consequencesOfAnErrorAreNotReported() throws Exception {
        PolicyCheck check = check("environments:\n- name: \"d v\"\n- name: staging\n  promoteFrom: \"d v\"\n");
        assertThat(check.errors(), contains(startsWith("gitops.yaml:4:9: \"d v\" is not a valid environment name")));
    }

    @Test
    public void invalidYamlIsOneError() throws Exception {
        assertThat(check("environments: [\n").errors().size(), is(1));
        assertThat(PolicyCheck.of(tree.with(Delivery.FILE, "")).errors(), contains(startsWith("gitops.yaml: ")));
        assertThat(
                PolicyCheck.of(tree.with(Delivery.FILE, "apiVersion: v2\nkind: Delivery\n"))
                        .errors(),
                contains(startsWith("gitops.yaml:1:13: apiVersion \"v2\" is not known")));
    }

    @Test
    public void warnsAboutWhatHasNoEffect() throws Exception {
        tree.with("apps/shop/dev/kustomization.yaml", IMAGES);
        tree.with("apps/web/dev/kustomization.yaml", "resources: []\n");
        tree.with("apps/web/qa/kustomization.yaml", IMAGES);
        PolicyCheck check = check("applications:\n"
                + "- path: apps/{app}/{env}\n"
                + "- path: services/{app}/{env}\n"
                + "environments:\n"
                + "- name: dev\n"
                + "- name: production\n");
        assertThat(check.errors(), empty());
        assertThat(
                check.warnings(),
                contains(
                        startsWith("gitops.yaml:5:3: \"services/{app}/{env}\" matches no target. "),
                        startsWith("gitops.yaml:8:3: There is no target in environment production. "),
                        startsWith("apps/web/dev: No image of web/dev is set here"),
                        startsWith("apps/web/qa is not a target, because \"qa\" is not one of environments")));
    }

    @Test
    public void withoutFileTheKnownLayoutsAreShown() throws Exception {
        PolicyCheck check = PolicyCheck.of(tree.with("apps/shop/overlays/dev/kustomization.yaml", IMAGES));
        assertThat(check.hasFile(), is(false));
        assertThat(check.survey().targets().get(0).rule(), is("known layout apps/{app}/overlays/{env}"));
    }

    @Test
    public void overlayReplacesOnlyTheFile() throws Exception {
        tree.with("x/shop/dev/kustomization.yaml", IMAGES).with(Delivery.FILE, HEAD + "environments: [{name: qa}]\n");
        String other = HEAD + "applications: [{path: 'x/{app}/{env}'}]\n";
        PolicyOverlay overlay = new PolicyOverlay(tree, other.getBytes(StandardCharsets.UTF_8));
        TargetSurvey survey = PolicyCheck.of(overlay).survey();
        assertThat(survey.targets().size(), is(1));
        TargetSurvey.FoundTarget target = survey.targets().get(0);
        assertThat(target.files(), is(List.of("x/shop/dev/kustomization.yaml")));
        assertThat(target.images(), is(List.of("a/b:v1")));
        assertThat(target.rule(), is("applications of gitops.yaml: x/{app}/{env}"));
        assertThat(PolicyCheck.of(new PolicyOverlay(tree, null)).hasFile(), is(false));
    }
}
