package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Targets from ApplicationSets and Flux Kustomizations. */
public class DeployedFolderDiscoveryTest {
    private static final String KUSTOMIZATION = "images: [{name: o/web, newTag: v1}]\n";
    private static final String VALUES = "image: {repository: o/web, tag: v1}\n";

    private final InMemoryFileTree tree = new InMemoryFileTree();

    /**
     * Returns an ApplicationSet.
     *
     * @param template of metadata and spec, in flow style
     */
    private static String applicationSet(String generator, String template) {
        return "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n  generators:\n"
                + generator + "  template: " + template + "\n";
    }

    private static String flux(String name, String path, String more) {
        return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: " + name
                + ", namespace: flux-system}\nspec:\n  path: " + path
                + "\n  sourceRef: {kind: GitRepository, name: flux-system}\n" + more;
    }

    private List<String> places() throws Exception {
        Delivery delivery = Delivery.load(tree);
        for (Target target : delivery.targets()) {
            assertThat(delivery.target(target.application(), target.environment()), is(target));
            String file = target.imageFile() == null ? target.path() + "/kustomization.yaml" : target.imageFile();
            assertThat(delivery.fileTargets(file), contains(target));
            assertThat(TargetImages.read(tree, target).toString(), is("[o/web:v1]"));
        }
        return delivery.targets().stream()
                .map(target -> target.id() + " "
                        + (target.imageFile() == null ? target.path() : target.imageFile()) + " "
                        + target.applicationName())
                .toList();
    }

    private static String application(String name, String path) {
        return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name
                + "}\nspec: {source: {repoURL: x, path: " + path + "}}\n";
    }

    @Test
    public void applicationDeploysAFolder() throws Exception {
        tree.with("argocd/europe/web-dev.yaml", application("web-dev", "live/europe"))
                .with("example-apps/web-prod.yaml", application("web-prod", "./live/usa/"))
                .with("argocd/chart-dev.yaml", application("chart-dev", "charts/web"))
                .with("argocd/missing-dev.yaml", application("missing-dev", "live/missing"))
                .with("charts/web/Chart.yaml", "name: web\n")
                .with("charts/web/values.yaml", VALUES)
                .with("live/europe/kustomization.yaml", KUSTOMIZATION)
                .with("live/usa/kustomization.yaml", KUSTOMIZATION);
        assertThat(places(), contains("web/dev live/europe null", "web/prod live/usa null"));
        assertThat(
                TargetSurvey.of(tree, Delivery.load(tree)).targets().stream()
                        .map(TargetSurvey.FoundTarget::rule)
                        .toList(),
                contains("manifest argocd/europe/web-dev.yaml", "manifest example-apps/web-prod.yaml"));
    }

    @Test
    public void overlayOfSeveralImagesIsNamedAfterTheApplicationThatDeploysIt() throws Exception {
        String images = "images: [{name: o/web, newTag: v1}, {name: o/api, newTag: v1}]\n";
        tree.with("overlays/dev/kustomization.yaml", images)
                .with("overlays/qa/kustomization.yaml", images)
                .with("overlays/prod/kustomization.yaml", KUSTOMIZATION)
                .with("argocd/shop-dev.yaml", application("shop-dev", "overlays/dev"))
                .with("argocd/shop-prod.yaml", application("shop-prod", "overlays/prod"));
        assertThat(ids(), contains("shop/dev", "web/qa", "web/prod"));
        tree.with("argocd/other-dev.yaml", application("other-dev", "overlays/dev"));
        assertThat("two names are none", ids(), contains("web/dev", "web/qa", "web/prod"));
    }

    private List<String> ids() throws Exception {
        return Delivery.load(tree).targets().stream().map(Target::id).toList();
    }

    @Test
    public void listGeneratorNamesTheEnvironment() throws Exception {
        tree.with(
                        "argocd/set.yaml",
                        applicationSet(
                                "  - list:\n"
                                        + "      elements:\n"
                                        + "      - {env: eu-1, dir: europe}\n"
                                        + "      - {env: us-1, dir: usa}\n",
                                "{metadata: {name: 'web-{{env}}'}, spec: {source: {repoURL: x, path:"
                                        + " 'live/{{dir}}'}}}"))
                .with("live/europe/kustomization.yaml", KUSTOMIZATION)
                .with("live/usa/kustomization.yaml", KUSTOMIZATION);
        assertThat(places(), contains("web/eu-1 live/europe web-eu-1", "web/us-1 live/usa web-us-1"));
    }

    @Test
    public void pathOfTheGitGeneratorIsNotARegularExpression() throws Exception {
        tree.with(
                        "appsets/set.yaml",
                        applicationSet(
                                "  - git: {repoURL: x, directories: [{path: 'live/\\E.*\\Q'}]}\n",
                                "{metadata: {name: '{{path.basename}}'}, spec: {source: {repoURL: x, path:"
                                        + " '{{path}}'}}}"))
                .with("live/web-dev/kustomization.yaml", KUSTOMIZATION);
        assertThat(places(), is(empty()));
    }

    @Test
    public void directoriesOfTheGitGeneratorAreMatchedAndExcluded() throws Exception {
        tree.with(
                        "appsets/set.yml",
                        applicationSet(
                                "  - git:\n      repoURL: x\n      directories:\n      - path: workloads/*/live/*\n"
                                        + "      - {path: workloads/old/live/*, exclude: true}\n",
                                "{metadata: {name: '{{index .path.segments 1}}-{{.path.basename}}'}, spec: {source:"
                                        + " {repoURL: x, path: '{{.path.path}}'}}}"))
                .with("workloads/web/live/prod-eu/kustomization.yaml", KUSTOMIZATION)
                .with("workloads/web/live/qa/kustomization.yaml", KUSTOMIZATION)
                .with("workloads/old/live/qa/kustomization.yaml", KUSTOMIZATION);
        assertThat(
                places(),
                contains("web/qa workloads/web/live/qa web-qa", "web/prod-eu workloads/web/live/prod-eu web-prod-eu"));
    }

    @Test
    public void filesOfTheGitGeneratorGiveParameters() throws Exception {
        tree.with(
                        "applicationsets/set.yaml",
                        applicationSet(
                                "  - git:\n      repoURL: x\n      files: [{path: 'settings/*/config.json'}]\n",
                                "{metadata: {name: '{{app.name}}-{{app.stage}}'}, spec: {source: {repoURL: x, path:"
                                        + " chart, helm: {valueFiles: [values.yaml,"
                                        + " '/settings/{{path.basename}}/values.yaml', missing.yaml]}}}}"))
                .with("settings/a/config.json", "{\"app\": {\"name\": \"web\", \"stage\": \"dev\"}}")
                .with("settings/a/values.yaml", VALUES)
                .with("chart/values.yaml", VALUES);
        assertThat(places(), contains("web/dev settings/a/values.yaml web-dev"));
    }

    @Test
    public void foldersOfFluxKustomizationsAreTargets() throws Exception {
        tree.with("clusters/prod/web.yaml", flux("web", "./delivery/prod/web", ""))
                .with("clusters/staging/all.yaml", flux("web-staging", "delivery/staging/web/", ""))
                .with("clusters/prod/tools.yaml", flux("tools", "./tools/prod", ""))
                .with("clusters/prod/apps.yaml", flux("apps", "./delivery/prod", ""))
                .with("delivery/prod/web/kustomization.yaml", KUSTOMIZATION)
                .with("delivery/staging/web/kustomization.yaml", KUSTOMIZATION)
                .with("tools/prod/kustomization.yaml", "resources: []\n");
        assertThat(places(), contains("web/staging delivery/staging/web null", "web/prod delivery/prod/web null"));
    }

    @Test
    public void whatIsNotCertainIsNotATarget() throws Exception {
        for (Map.Entry<String, String> one : Map.of(
                        "{metadata: {name: '{{path.basename}}'}, spec: {source: {repoURL: x, path: '{{path}}'}}}",
                        "no environment",
                        "{metadata: {name: '{{ .path.basename | lower }}-dev'}, spec: {source: {repoURL: x, path:"
                                + " '{{path}}'}}}",
                        "a function",
                        "{metadata: {name: '{{path.basename}}-dev'}, spec: {source: {repoURL: y, path: '{{path}}'}}}",
                        "another repository")
                .entrySet()) {
            InMemoryFileTree other = new InMemoryFileTree()
                    .with(
                            "argocd/set.yaml",
                            applicationSet(
                                    "  - git: {repoURL: x, directories: [{path: 'workloads/*'}]}\n", one.getKey()))
                    .with("workloads/web/kustomization.yaml", KUSTOMIZATION);
            assertThat(one.getValue(), Delivery.load(other).targets(), is(empty()));
        }
    }

    @Test
    public void layoutsCountBeforeWhatIsDeployed() throws Exception {
        tree.with("clusters/prod/x.yaml", flux("storefront-prod", "./apps/web/overlays/prod", ""))
                .with("apps/web/overlays/prod/kustomization.yaml", KUSTOMIZATION);
        assertThat(places(), contains("web/prod apps/web/overlays/prod null"));
    }

    @Test
    public void twoFoldersOfOneTargetAreNotWritten() throws Exception {
        tree.with("clusters/a/x.yaml", flux("web-prod", "./delivery/one", ""))
                .with("clusters/b/x.yaml", flux("web-prod", "./delivery/two", ""))
                .with("delivery/one/kustomization.yaml", KUSTOMIZATION)
                .with("delivery/two/kustomization.yaml", KUSTOMIZATION);
        assertThat(
                assertThrows(UserErrorException.class, () -> Delivery.load(tree).target("web", "prod"))
                        .getMessage(),
                is("delivery/two: Two folders are deployed as web in prod: this one and delivery/one. Choose one with"
                        + " a gitops.yaml that contains {apiVersion: gitops.jenkins.io/v1alpha1, kind: Delivery, targets:"
                        + " [{application: web, environment: prod, path: delivery/one}]}."));
    }
}
