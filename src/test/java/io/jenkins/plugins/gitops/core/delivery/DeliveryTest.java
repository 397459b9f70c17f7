package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class DeliveryTest {
    private static final String IMAGES = "images:\n- name: ghcr.io/o/x\n  newTag: v1\n";

    @Test
    public void readsTheExampleRepository() throws Exception {
        Delivery delivery = Delivery.load(InMemoryFileTree.example("config-repo"));
        assertThat(
                delivery.environments(),
                contains(
                        new Environment("dev", null, null),
                        new Environment("staging", "dev", null),
                        new Environment(
                                "production",
                                "staging",
                                new ApprovalPolicy(List.of("payments-leads"), List.of("bob"), 1))));
        assertThat(
                delivery.targets(),
                contains(
                        new Target("frontend", "dev", "apps/frontend/overlays/dev", null),
                        new Target("frontend", "staging", "apps/frontend/overlays/staging", null),
                        new Target("frontend", "production", "apps/frontend/overlays/production", null),
                        new Target("my-app", "dev", "k8s/overlays/dev", null),
                        new Target("my-app", "staging", "k8s/overlays/staging", null),
                        new Target("my-app", "production", "k8s/overlays/production", null),
                        payments("dev"),
                        payments("staging"),
                        payments("production")));
        for (Target target : delivery.targets()) {
            assertThat(delivery.target(target.application(), target.environment()), is(target));
        }
        assertThat(delivery.environment("production").approval().describe(), is("group payments-leads, user bob"));
    }

    @Test
    public void disallowedBranchErrorNamesThePolicy() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with(
                        Delivery.FILE,
                        "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\nenvironments:\n- name: dev\n"
                                + "- name: production\n  branches: [main]\n");
        Delivery delivery = Delivery.load(tree);
        BuildSource topic = BuildSource.branch("topic");
        BuildSource fork = BuildSource.changeRequest("PR-1", BuildSource.ChangeRequest.FORK, "main");
        delivery.checkSource("dev", topic);
        delivery.checkSource("production", BuildSource.branch("main"));
        refuses(
                "gitops.yaml:6:3: production cannot be changed by this build: branch topic is not one of those that may"
                        + " deliver there: main. Deliver from one of these branches.",
                () -> delivery.checkSource("production", topic));
        refuses(
                "gitops.yaml:4:3: dev cannot be changed by this build: change requests from forks may not deliver"
                        + " there. Merge it, and let the build of the branch deliver.",
                () -> delivery.checkSource("dev", fork));
        Delivery withoutFile =
                Delivery.load(InMemoryFileTree.example("config-repo").without(Delivery.FILE));
        withoutFile.checkSource("dev", topic);
        refuses(
                "dev cannot be changed by this build: change requests from forks may not deliver there. Merge it, and"
                        + " let the build of the branch deliver.",
                () -> withoutFile.checkSource("dev", fork));
    }

    private static Target payments(String env) {
        String path = "services/payments-api/overlays/" + env;
        return new Target("payments-api", env, path, path + "/image-tag.yaml");
    }

    @Test
    public void discoversTheExampleWithoutItsFile() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.example("config-repo").without(Delivery.FILE);
        Delivery delivery = Delivery.load(tree);
        assertThat(
                delivery.environments(),
                contains(
                        new Environment("dev", null, null),
                        new Environment("staging", null, null),
                        new Environment("production", null, null)));
        assertThat(delivery.targets(), hasSize(9));
        assertThat(delivery.target("my-app", "production").path(), is("k8s/overlays/production"));
        assertThat(delivery.target("payments-api", "dev").path(), is("services/payments-api/overlays/dev"));
        assertThat(delivery.environment("staging"), is(new Environment("staging", null, null)));
        refuses(
                "There is no environment \"qa\". Use one of dev, staging, production.",
                () -> delivery.environment("qa"));
        refuses(
                "There is no application \"billing\". Use one of frontend, my-app, payments-api.",
                () -> delivery.target("billing", "dev"));
        refuses(
                "There is no environment \"qa\". Use one of dev, staging, production.",
                () -> delivery.target("frontend", "qa"));
    }

    @Test
    public void unknownNameErrorListsKnownNames() throws Exception {
        Delivery delivery = Delivery.load(InMemoryFileTree.example("config-repo"));
        refuses(
                "gitops.yaml: There is no environment \"prod\". Use one of dev, staging, production.",
                () -> delivery.environment("prod"));
        refuses(
                "gitops.yaml: There is no environment \"prod\". Use one of dev, staging, production.",
                () -> delivery.target("frontend", "prod"));
        refuses(
                "gitops.yaml: There is no application \"payment-api\". Use one of frontend, my-app, payments-api.",
                () -> delivery.target("payment-api", "dev"));
        refuses(
                "\"../frontend\" is not a valid application name. Use letters, digits, '-', '_' and '.', with a letter"
                        + " or digit at both ends and no two dots together.",
                () -> delivery.target("../frontend", "dev"));
        refuses(
                "\"a..b\" is not a valid environment name. Use letters, digits, '-', '_' and '.', with a letter or"
                        + " digit at both ends and no two dots together.",
                () -> delivery.target("frontend", "a..b"));
        refuses(
                "\"null\" is not a valid application name. Use letters, digits, '-', '_' and '.', with a letter or"
                        + " digit at both ends and no two dots together.",
                () -> delivery.target(null, "dev"));
    }

    @Test
    public void missingFolderErrorNamesTheExpectedPath() throws Exception {
        Delivery delivery = Delivery.load(
                InMemoryFileTree.example("config-repo").without("k8s/overlays/production/kustomization.yaml"));
        refuses(
                "gitops.yaml: my-app has no folder for environment production, which would be"
                        + " services/my-app/overlays/production or apps/my-app/overlays/production or"
                        + " k8s/overlays/production. Use one of dev, staging, or add the folder.",
                () -> delivery.target("my-app", "production"));
    }

    @Test
    public void listsAtMostTwentyNames() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree();
        for (int i = 10; i < 35; i++) {
            tree.with("apps/a" + i + "/overlays/dev/kustomization.yaml", IMAGES);
        }
        refuses(
                "There is no application \"b\". Use one of a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21,"
                        + " a22, a23, a24, a25, a26, a27, a28, a29 and 5 more.",
                () -> Delivery.load(tree).target("b", "dev"));
    }

    @Test
    public void emptyRepositoryErrorExplainsTheLayout() throws Exception {
        Delivery delivery = Delivery.load(new InMemoryFileTree());
        assertThat(delivery.targets(), is(empty()));
        assertThat(delivery.environments(), is(empty()));
        refuses(
                "There is no environment \"dev\". Declare where targets are with a gitops.yaml that contains"
                        + " {apiVersion: gitops.jenkins.io/v1alpha1, kind: Delivery, applications: [{path:"
                        + " \"FOLDER/{app}/{env}\"}]}.",
                () -> delivery.target("a", "dev"));
    }

    @Test
    public void ambiguousTargetIsRejectedOnLookup() throws Exception {
        Delivery delivery = Delivery.load(new InMemoryFileTree()
                .with("services/a/overlays/dev/image-tag.yaml", IMAGES)
                .with("apps/a/overlays/dev/kustomization.yaml", IMAGES)
                .with("apps/b/overlays/dev/kustomization.yaml", IMAGES));
        assertThat(
                delivery.targets(),
                contains(
                        new Target("a", "dev", "services/a/overlays/dev", null),
                        new Target("b", "dev", "apps/b/overlays/dev", null)));
        refuses(
                "Two places match a in dev: services/a/overlays/dev and apps/a/overlays/dev. Remove one of them, or"
                        + " choose one with a gitops.yaml that contains {apiVersion: gitops.jenkins.io/v1alpha1, kind:"
                        + " Delivery, targets: [{application: a, environment: dev, path: services/a/overlays/dev}]}.",
                () -> delivery.target("a", "dev"));
        assertThat(delivery.target("b", "dev").path(), is("apps/b/overlays/dev"));
    }

    @Test
    public void discoveredEnvironmentsHaveTheUsualOrder() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree();
        for (String env : List.of("zeta", "production", "qa", "amber", "staging", "dev")) {
            tree.with("apps/a/overlays/" + env + "/kustomization.yaml", IMAGES);
        }
        tree.with("apps/a/overlays/patches/notes.txt", "no target")
                .with("apps/a/overlays/scripts/run.yaml", "no target")
                .with("apps/a/overlays/zulu/values.yml", "image: {tag: v1}\n")
                .with("apps/a/overlays/QA_2/kustomization.yaml", IMAGES)
                .with("apps/a/overlays/UAT/kustomization.yaml", IMAGES);
        assertThat(
                Delivery.load(tree).environments().stream()
                        .map(Environment::name)
                        .toList(),
                contains("dev", "qa", "UAT", "staging", "production", "QA_2", "amber", "zeta", "zulu"));
    }

    @Test
    public void malformedFileOfOneApplicationHidesNoOther() throws Exception {
        Delivery delivery = Delivery.load(new InMemoryFileTree()
                .with("k8s/overlays/dev/kustomization.yaml", "images: [\n")
                .with("apps/b/overlays/dev/kustomization.yaml", IMAGES));
        assertThat(delivery.targets(), contains(new Target("b", "dev", "apps/b/overlays/dev", null)));
        assertThat(delivery.target("b", "dev").path(), is("apps/b/overlays/dev"));
        refuses(
                "k8s/overlays/dev/kustomization.yaml:2:1: This is not YAML: expected the node content, but found"
                        + " '<stream end>'. Fix the file in Git first.",
                () -> delivery.target("x", "dev"));
    }

    @Test
    public void singleTargetNeedsNoTreeWalk() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.example("config-repo");
        for (int i = 0; i < 500; i++) {
            tree.with("apps/a" + i + "/overlays/dev/kustomization.yaml", IMAGES);
        }
        Delivery.load(tree).target("frontend", "staging");
        assertThat(tree.listed(), contains("services/frontend/overlays/staging", "apps/frontend/overlays/staging"));

        InMemoryFileTree bare = tree.without(Delivery.FILE);
        Delivery delivery = Delivery.load(bare);
        delivery.environment("dev");
        delivery.target("a499", "dev");
        assertThat(
                bare.listed(),
                hasItems("", "services/payments-api/overlays/dev", "apps/a499/overlays/dev", "k8s/overlays/dev"));
        assertThat("no folder of all applications", bare.listed(), not(hasItem("apps")));
        assertThat(bare.listed(), hasSize(lessThan(25)));
    }

    @Test
    public void findsEnvironmentValuesNextToAChart() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("charts/web/Chart.yaml", "name: web\n")
                .with("charts/web/values.yaml", "image:\n  repository: o/web\n  tag: latest\n")
                .with("charts/web/values-dev.yaml", "image:\n  tag: v1\n")
                .with("charts/web/values-prod.yaml", "image:\n  tag: v0\n")
                .with("charts/none/values-dev.yaml", "replicas: 1\n");
        Delivery delivery = Delivery.load(tree);
        Target dev = new Target("web", "dev", "charts/web", "charts/web/values-dev.yaml", List.of(), "web-dev");
        Target prod = new Target("web", "prod", "charts/web", "charts/web/values-prod.yaml", List.of(), "web-prod");
        assertThat(delivery.targets(), contains(dev, prod));
        assertThat(delivery.target("web", "prod"), is(prod));
        assertThat(TargetImages.read(tree, dev).toString(), is("[o/web:v1]"));
        refuses("There is no environment \"qa\". Use one of dev, prod.", () -> delivery.target("web", "qa"));
        refuses(
                "There is no application \"none\": charts/none/values-dev.yaml is not a target, because it sets no"
                        + " image and there is no Chart.yaml beside it. Use one of web. If it is one, add a gitops.yaml"
                        + " that contains {apiVersion: gitops.jenkins.io/v1alpha1, kind: Delivery, targets: [{application:"
                        + " none, environment: dev, path: charts/none, file: values-dev.yaml}]}.",
                () -> delivery.target("none", "dev"));
    }

    @Test
    public void oneFolderMayHaveSeveralEnvironments() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with(
                        Delivery.FILE,
                        "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\napplications:\n- path: helm/{app}\n"
                                + "  imageFile: envs/values.{env}.yaml\n  imagePaths: [backend.image]\n"
                                + "environments: [{name: dev}, {name: prod}]\n")
                .with("helm/web/envs/values.dev.yaml", "backend:\n  image:\n    repository: o/web\n    tag: v1\n")
                .with("helm/web/envs/values.qa.yaml", "backend: {}\n");
        Delivery delivery = Delivery.load(tree);
        Target dev = new Target(
                "web", "dev", "helm/web", "helm/web/envs/values.dev.yaml", List.of("backend.image"), "web-dev");
        assertThat(delivery.targets(), contains(dev));
        assertThat(delivery.target("web", "dev"), is(dev));
        assertThat(TargetImages.read(tree, dev).toString(), is("[o/web:v1]"));
        refuses(
                "gitops.yaml: web has no folder for environment prod, which would be helm/web/envs/values.prod.yaml."
                        + " Use one of dev, or add the folder.",
                () -> delivery.target("web", "prod"));
    }

    @Test
    public void allTargetsNeedOneTreeWalk() throws Exception {
        InMemoryFileTree tree = InMemoryFileTree.example("config-repo");
        Delivery delivery = Delivery.load(tree);
        delivery.targets();
        delivery.targets();
        assertThat(
                tree.listed(),
                contains(
                        "services",
                        "services/payments-api/overlays",
                        "apps",
                        "apps/frontend/overlays",
                        "k8s/overlays"));
    }

    private static void refuses(String message, ThrowingRunnable call) {
        assertThat(assertThrows(UserErrorException.class, call).getMessage(), is(message));
    }
}
