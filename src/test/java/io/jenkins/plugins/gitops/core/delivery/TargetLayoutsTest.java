package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Which folders and files are targets, for each layout of a config repository. */
public class TargetLayoutsTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";
    private static final String IMAGES = "images: [{name: a/b, newTag: v1}]\n";

    private final InMemoryFileTree tree = new InMemoryFileTree();

    private Delivery load(String rest) throws Exception {
        return Delivery.load(tree.with(Delivery.FILE, HEAD + rest));
    }

    private static List<String> places(Delivery delivery) throws Exception {
        return delivery.targets().stream()
                .map(target -> target.id() + " " + (target.imageFile() == null ? target.path() : target.imageFile()))
                .toList();
    }

    private void files(String... names) {
        for (String name : names) {
            tree.with(name, IMAGES);
        }
    }

    /** Requires that each listed target is found by name, and that its files belong to it. */
    private static void consistent(Delivery delivery) throws Exception {
        for (Target target : delivery.targets()) {
            assertThat(delivery.target(target.application(), target.environment()), is(target));
            String file = target.imageFile() == null ? target.path() + "/x" : target.imageFile();
            assertThat(file, delivery.fileTargets(file).stream().map(Target::id).toList(), contains(target.id()));
        }
    }

    @Test
    public void stageAndRegionAreFoldersOfTheirOwn() throws Exception {
        files(
                "clusters/staging/eu-west-1/shop/kustomization.yaml",
                "clusters/staging/us-east-1/shop/kustomization.yaml",
                "clusters/prod/eu-west-1/shop/kustomization.yaml");
        Delivery delivery = load(
                "applications:\n- path: clusters/{stage}/{region}/{app}\n" + "  environment: \"{stage}-{region}\"\n");
        assertThat(
                places(delivery),
                contains(
                        "shop/prod-eu-west-1 clusters/prod/eu-west-1/shop",
                        "shop/staging-eu-west-1 clusters/staging/eu-west-1/shop",
                        "shop/staging-us-east-1 clusters/staging/us-east-1/shop"));
        consistent(delivery);
        tree.listed().clear();
        Delivery declared = load("applications:\n- path: clusters/{stage}/{region}/{app}\n"
                + "  environment: \"{stage}-{region}\"\n"
                + "environments: [{name: staging-eu-west-1}, {name: prod-eu-west-1}]\n");
        assertThat(declared.target("shop", "prod-eu-west-1").path(), is("clusters/prod/eu-west-1/shop"));
        assertThat(
                "a name is looked for at its places only",
                tree.listed(),
                contains(
                        "clusters/prod/eu-west-1/shop",
                        "clusters/prod-eu/west-1/shop",
                        "clusters/prod-eu-west/1/shop"));
        assertThat(
                declared.skipped().stream().map(SkippedPath::toString).toList(),
                contains(
                        "clusters/staging/us-east-1/shop is not a target, because \"staging-us-east-1\" is not one of"
                                + " environments in gitops.yaml. Add {name: staging-us-east-1} to environments, if it is one."));
    }

    @Test
    public void oneFolderOfAnEnvironmentHasAFileForEachApplication() throws Exception {
        files("environments/dev/web.yaml", "environments/dev/worker.yaml", "environments/prod/web.yaml");
        Delivery delivery = load("applications:\n- path: environments/{env}\n  imageFile: \"{app}.yaml\"\n"
                + "environments: [{name: dev}, {name: prod, promoteFrom: dev}]\n");
        assertThat(
                places(delivery),
                contains(
                        "web/dev environments/dev/web.yaml",
                        "web/prod environments/prod/web.yaml",
                        "worker/dev environments/dev/worker.yaml"));
        consistent(delivery);
        assertThat(delivery.target("web", "dev").applicationName(), is("web-dev"));
        refuses(
                "gitops.yaml: worker has no folder for environment prod, which would be environments/prod/worker.yaml. Use"
                        + " one of dev, or add the folder.",
                () -> delivery.target("worker", "prod"));
    }

    @Test
    public void aPathMayEndWithAFile() throws Exception {
        files("environments/dev/web.yaml", "environments/dev/sub/x.txt");
        Delivery delivery = load("applications:\n- path: environments/{env}/{app}.yaml\n");
        assertThat(places(delivery), contains("web/dev environments/dev/web.yaml"));
        assertThat(delivery.target("web", "dev").path(), is("environments/dev"));
        consistent(delivery);
        refuses(
                "gitops.yaml:4:9: \"{app}-{env}.yaml\" is a file at the root, and a target needs a folder. Move the files into"
                        + " a folder, and write it before the name of the file.",
                () -> load("applications:\n- path: \"{app}-{env}.yaml\"\n"));
    }

    @Test
    public void aFileIsNamedByThePlaceholderThatTheApplicationIsMadeOf() throws Exception {
        files("teams/red/dev/web.yaml", "teams/blue/dev/web.yaml");
        Delivery delivery = load("applications:\n- path: teams/{team}/{env}\n  imageFile: \"{app}.yaml\"\n"
                + "  application: \"{team}-{app}\"\n");
        assertThat(
                places(delivery),
                contains("blue-web/dev teams/blue/dev/web.yaml", "red-web/dev teams/red/dev/web.yaml"));
        consistent(delivery);
        Delivery constant = load("applications:\n- path: teams/{team}/{env}\n  imageFile: \"{app}.yaml\"\n"
                + "  application: web\n  environment: \"{env}-{team}\"\n");
        assertThat(
                places(constant),
                contains("web/dev-blue teams/blue/dev/web.yaml", "web/dev-red teams/red/dev/web.yaml"));
        consistent(constant);
    }

    @Test
    public void entriesWithOnePathHaveAFileEach() throws Exception {
        files("environments/dev/web.yaml", "environments/dev/worker.yaml", "environments/prod/web.yaml");
        Delivery delivery =
                load("applications:\n- path: environments/{env}\n  application: web\n  imageFile: web.yaml\n"
                        + "- path: environments/{env}\n  application: worker\n  imageFile: \"{app}.yaml\"\n"
                        + "environments: [{name: dev}, {name: prod}]\n");
        assertThat(
                places(delivery),
                contains(
                        "web/dev environments/dev/web.yaml",
                        "web/prod environments/prod/web.yaml",
                        "worker/dev environments/dev/worker.yaml"));
        consistent(delivery);
        assertThat(
                delivery.skipped().stream().map(SkippedPath::toString).toList(),
                contains("environments/prod/worker.yaml is missing, so there is no target worker/prod. Add the file, or"
                        + " change imageFile in gitops.yaml."));
        refuses(
                "gitops.yaml: worker has no folder for environment prod, which would be environments/prod/worker.yaml:"
                        + " environments/prod/worker.yaml is missing, so there is no target worker/prod. Use one of dev,"
                        + " or add the folder. Add the file, or change imageFile in gitops.yaml.",
                () -> delivery.target("worker", "prod"));
    }

    @Test
    public void onlyTheApplicationThatAnEntryNamesIsOne() throws Exception {
        files("environments/dev/web.yaml", "environments/dev/worker.yaml");
        Delivery delivery = load("applications:\n- path: environments/{env}\n  application: web\n"
                + "  imageFile: \"{app}.yaml\"\nenvironments: [{name: dev}]\n");
        assertThat(places(delivery), contains("web/dev environments/dev/web.yaml"));
        refuses(
                "gitops.yaml: There is no application \"worker\". Use one of web.",
                () -> delivery.target("worker", "dev"));
    }

    @Test
    public void applicationAndEnvironmentMayBePartsOfOneName() throws Exception {
        files(
                "apps/web-dev/kustomization.yaml",
                "apps/my-web-dev/kustomization.yaml",
                "apps/web-qa/kustomization.yaml");
        Delivery delivery = load("applications:\n- path: apps/{app}-{env}\nenvironments: [{name: dev}]\n");
        assertThat(places(delivery), contains("my-web/dev apps/my-web-dev", "web/dev apps/web-dev"));
        consistent(delivery);
        assertThat(delivery.skipped().stream().map(SkippedPath::path).toList(), contains("apps/web-qa"));
    }

    @Test
    public void aNameOfTwoReadingsIsNotWritten() throws Exception {
        files("apps/web-dev.yaml", "apps/my-web-dev.yaml");
        String pattern = "applications:\n- path: apps\n  imageFile: \"{app}-{env}.yaml\"\n";
        Delivery delivery = load(pattern);
        assertThat(places(delivery), contains("web/dev apps/web-dev.yaml"));
        assertThat(delivery.fileTargets("apps/my-web-dev.yaml"), is(empty()));
        assertThat(
                delivery.skipped().stream().map(SkippedPath::toString).toList(),
                contains("apps/my-web-dev.yaml can be read as my/web-dev, my-web/dev by apps/{app}-{env}.yaml. Declare"
                        + " environments, or choose one with targets: [{application: my, environment: web-dev, path: apps,"
                        + " file: my-web-dev.yaml}] in gitops.yaml."));
        for (String[] names : new String[][] {{"my-web", "dev"}, {"my", "web-dev"}}) {
            refuses(
                    "apps/my-web-dev.yaml: This can be read as my/web-dev, my-web/dev by apps/{app}-{env}.yaml. Declare"
                            + " environments, or choose one with targets: [{application: my, environment: web-dev, path:"
                            + " apps, file: my-web-dev.yaml}] in gitops.yaml.",
                    () -> delivery.target(names[0], names[1]));
        }
        Delivery both = load(pattern + "environments: [{name: dev}, {name: web-dev}]\n");
        assertThat(places(both), contains("web/dev apps/web-dev.yaml"));
        assertThat(
                assertThrows(UserErrorException.class, () -> both.target("my-web", "dev"))
                        .getMessage(),
                containsString("my-web-dev.yaml: This can be read as my/web-dev, my-web/dev"));
        Delivery one = load(pattern + "environments: [{name: dev}]\n");
        assertThat(places(one), contains("my-web/dev apps/my-web-dev.yaml", "web/dev apps/web-dev.yaml"));
        consistent(one);
        Delivery chosen = load(
                pattern + "targets: [{application: my, environment: web-dev, path: apps, file: my-web-dev.yaml}]\n");
        assertThat(places(chosen), contains("my/web-dev apps/my-web-dev.yaml", "web/dev apps/web-dev.yaml"));
        assertThat(chosen.skipped(), is(empty()));
        consistent(chosen);
    }

    @Test
    public void aFolderThatHasTheNamedFileIsATarget() throws Exception {
        tree.with("apps/shop/dev/config.json", "{\"image\": {\"repository\": \"a/b\", \"tag\": \"v1\"}}\n")
                .with("apps/shop/staging/config.json", "{\"image\": {\"repository\": \"a/b\", \"tag\": \"v1\"}}\n")
                .with("apps/shop/base/other.json", "{}\n");
        String pattern = "applications:\n- path: apps/{app}/{env}\n  imageFile: config.json\n";
        Delivery delivery = load(pattern);
        assertThat(
                places(delivery),
                contains("shop/dev apps/shop/dev/config.json", "shop/staging apps/shop/staging/config.json"));
        assertThat(
                delivery.skipped().stream().map(SkippedPath::toString).toList(),
                contains(
                        "apps/shop/base/config.json is missing, so there is no target shop/base. Add the file, or change"
                                + " imageFile in gitops.yaml."));
        Delivery declared = load(pattern + "environments: [{name: dev}, {name: staging}]\n");
        assertThat(places(declared), is(places(delivery)));
        consistent(declared);
        Map<String, byte[]> changed = TargetImages.set(
                tree, declared.target("shop", "dev"), List.of(ImageReference.of("a/b", "v2", null)), false);
        assertThat(changed.keySet(), contains("apps/shop/dev/config.json"));
        assertThat(
                new String(changed.get("apps/shop/dev/config.json"), UTF_8),
                is("{\"image\": {\"repository\": \"a/b\", \"tag\": \"v2\"}}\n"));
    }

    @Test
    public void namesHaveCapitalsAndUnderscores() throws Exception {
        files(
                "apps/my_app/QA/kustomization.yaml",
                "apps/my_app/dev/kustomization.yaml",
                "apps/my_app/prod_client_1/kustomization.yaml",
                "apps/_common/dev/kustomization.yaml");
        Delivery delivery = load("applications:\n- path: apps/{app}/{env}\n");
        assertThat(
                places(delivery),
                contains(
                        "my_app/dev apps/my_app/dev",
                        "my_app/QA apps/my_app/QA",
                        "my_app/prod_client_1 apps/my_app/prod_client_1"));
        consistent(delivery);
        assertThat(
                delivery.skipped().stream().map(SkippedPath::toString).toList(),
                contains(
                        "apps/_common/dev is not a target, because \"_common\" is not a valid name. Name it with targets:"
                                + " [{application: NAME, environment: dev, path: apps/_common/dev}] in gitops.yaml."));
        refuses(
                "gitops.yaml: There is no application \"my-app\". Use one of my_app.",
                () -> delivery.target("my-app", "dev"));
    }

    @Test
    public void anEnvironmentMayHaveAFolderOfAnotherName() throws Exception {
        files(
                "apps/web/prod/kustomization.yaml",
                "apps/web/production/kustomization.yaml",
                "charts/api/values-prod.yaml");
        Delivery delivery = load("applications:\n- path: apps/{app}/{env}\n- path: charts/{app}\n"
                + "  imageFile: values-{env}.yaml\n- path: apps/web/production\n  application: old\n"
                + "  environment: production\n"
                + "environments: [{name: production, folder: prod}]\n");
        assertThat(
                places(delivery),
                contains(
                        "api/production charts/api/values-prod.yaml",
                        "old/production apps/web/production",
                        "web/production apps/web/prod"));
        consistent(delivery);
        refuses(
                "gitops.yaml: There is no environment \"prod\". Use one of production.",
                () -> delivery.target("web", "prod"));
        Delivery without = load(
                "applications:\n- path: apps/{app}/{env}\n" + "environments: [{name: production, folder: prod}]\n");
        assertThat(
                without.skipped().stream().map(SkippedPath::toString).toList(),
                contains("apps/web/production is not a target, because the folder of environment production is prod."
                        + " Change folder of production in gitops.yaml."));
    }

    @Test
    public void placeholdersThatNameNothingAreLookedFor() throws Exception {
        files("teams/red/web/dev/kustomization.yaml", "teams/blue/api/dev/kustomization.yaml");
        String pattern = "applications:\n- path: teams/{team}/{app}/{env}\n";
        Delivery delivery = load(pattern);
        assertThat(places(delivery), contains("api/dev teams/blue/api/dev", "web/dev teams/red/web/dev"));
        consistent(delivery);
        files("teams/blue/web/dev/kustomization.yaml");
        Delivery two = load(pattern);
        refuses(
                "gitops.yaml: Two places match web in dev: teams/blue/web/dev and teams/red/web/dev. Remove one of them,"
                        + " separate them with environment: \"{env}-{team}\" in applications, or choose one with targets: [{application: web, environment: dev, path: teams/blue/web/dev}] in"
                        + " gitops.yaml.",
                () -> two.target("web", "dev"));
        Delivery named = load("applications:\n- path: teams/{team}/{app}/{env}\n  application: \"{team}-{app}\"\n");
        assertThat(
                named.targets().stream().map(Target::id).toList(),
                contains("blue-api/dev", "blue-web/dev", "red-web/dev"));
        consistent(named);
    }

    @Test
    public void theFirstPatternWhoseFileIsThereWins() throws Exception {
        files("apps/web/dev/kustomization.yaml", "apps/web/dev/special.yaml", "apps/api/dev/kustomization.yaml");
        Delivery delivery = load("applications:\n- path: apps/{app}/{env}\n  imageFile: special.yaml\n"
                + "- path: apps/{app}/{env}\n  imageFile: kustomization.yaml\nenvironments: [{name: dev}]\n");
        assertThat(
                places(delivery),
                contains("api/dev apps/api/dev/kustomization.yaml", "web/dev apps/web/dev/special.yaml"));
        assertThat(delivery.target("api", "dev").imageFile(), is("apps/api/dev/kustomization.yaml"));
        assertThat(delivery.target("web", "dev").imageFile(), is("apps/web/dev/special.yaml"));
    }

    @Test
    public void placesThatDifferAreRefusedAndTargetsChoose() throws Exception {
        files("apps/web/dev/kustomization.yaml", "services/web/dev/kustomization.yaml", "other/web/x.yaml");
        String patterns = "applications:\n- path: apps/{app}/{env}\n- path: services/{app}/{env}\n";
        Delivery delivery = load(patterns);
        assertThat(places(delivery), contains("web/dev apps/web/dev"));
        refuses(
                "gitops.yaml: Two places match web in dev: apps/web/dev and services/web/dev. Remove one of them, separate them"
                        + " with environment or application in applications, or choose one with targets: [{application: web, environment: dev, path: apps/web/dev}] in gitops.yaml.",
                () -> delivery.target("web", "dev"));
        assertThat(
                delivery.skipped().stream().map(SkippedPath::toString).toList(),
                contains(
                        "services/web/dev matches web/dev, and so does apps/web/dev; neither is changed. Remove one of them,"
                                + " separate them with environment or application in applications, or choose one with targets: [{application: web, environment: dev, path: apps/web/dev}] in"
                                + " gitops.yaml."));
        Delivery chosen =
                load(patterns + "targets: [{application: web, environment: dev, path: other/web, file: x.yaml}]\n");
        assertThat(places(chosen), contains("web/dev other/web/x.yaml"));
        consistent(chosen);
        assertThat(chosen.fileTargets("apps/web/dev/x").size(), is(1));
        Delivery missing = load("targets: [{application: web, environment: dev, path: nowhere}]\n");
        assertThat(missing.target("web", "dev").path(), is("nowhere"));
    }

    @Test
    public void withoutAFileTheWayOutIsAWholeFile() throws Exception {
        files("apps/web/overlays/dev/kustomization.yaml", "services/web/overlays/dev/kustomization.yaml");
        Delivery delivery = Delivery.load(tree);
        refuses(
                "Two places match web in dev: services/web/overlays/dev and apps/web/overlays/dev. Remove one of them, or"
                        + " choose one with a gitops.yaml that contains {apiVersion: gitops.jenkins.io/v1alpha1, kind:"
                        + " Delivery, targets: [{application: web, environment: dev, path: services/web/overlays/dev}]}.",
                () -> delivery.target("web", "dev"));
    }

    @Test
    public void anUnknownNameIsExplainedByWhatLooksLikeIt() throws Exception {
        files("apps/web/dev/kustomization.yaml", "apps/api/qa/kustomization.yaml");
        Delivery delivery = load("applications:\n- path: apps/{app}/{env}\nenvironments: [{name: dev}]\n");
        refuses(
                "gitops.yaml: There is no application \"api\": apps/api/qa is not a target, because \"qa\" is not one of"
                        + " environments in gitops.yaml. Use one of web. Add {name: qa} to environments, if it is one.",
                () -> delivery.target("api", "dev"));
        refuses(
                "gitops.yaml: There is no environment \"qa\": a folder or file of apps/{app}/{env} is not a target, because"
                        + " \"qa\" is not one of environments in gitops.yaml. Use one of dev. Add {name: qa} to"
                        + " environments, if it is one.",
                () -> delivery.target("web", "qa"));
        assertThat(
                assertThrows(UnknownNameException.class, () -> delivery.target("api", "dev"))
                        .listing("web"::equals)
                        .getMessage(),
                is("gitops.yaml: There is no application \"api\". Use one of web."));
    }

    @Test
    public void objectsOfAgentsHaveNamesThatKubernetesAllows() throws Exception {
        files("apps/my_App/qa_1/kustomization.yaml");
        Delivery delivery = load("applications:\n- path: apps/{app}/{env}\nenvironments:\n- name: QA\n  folder: qa_1\n"
                + "  agent: {argocd: main, application: \"{app}-{env}\", path: \"apps/{app}/{env}\"}\n");
        AgentReference agent = delivery.target("my_App", "QA").agent();
        assertThat(agent.object(), is("my-app-qa"));
        assertThat(agent.path(), is("apps/my_App/qa_1"));
    }

    /** A part of a name such as {@code .} is not used as a relative folder. */
    @Test
    public void aPartOfANameIsNotARelativeFolder() throws Exception {
        files("c/x/y/web/kustomization.yaml");
        Delivery delivery = load("applications:\n- path: c/{a}/{b}/{c}/{app}\n  environment: \"{a}-{b}-{c}\"\n");
        tree.listed().clear();
        assertThrows(UserErrorException.class, () -> delivery.target("web", "x-.-y"));
        assertThat(tree.listed().toString(), tree.listed().stream().noneMatch(path -> path.contains("/./")), is(true));
    }

    private static void refuses(String message, ThrowingRunnable call) {
        assertThat(assertThrows(UserErrorException.class, call).getMessage(), is(message));
    }
}
