package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.origin;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** Set image, history, promotion and rollback with images in the places that real config repositories use. */
public class ImagePlacesTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";
    private static final String ENVIRONMENTS = "environments: [{name: dev}, {name: staging, promoteFrom: dev}]\n";
    private static final String IMAGE = "ghcr.io/acme/shop";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    private void policy(String applications) throws Exception {
        write("gitops.yaml", HEAD + "applications:\n" + applications + ENVIRONMENTS);
    }

    /** Commits pairs of a path and a content. */
    private ChangeResult write(String... files) throws Exception {
        Map<String, byte[]> contents = new HashMap<>();
        for (int i = 0; i < files.length; i += 2) {
            contents.put(files[i], files[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        String operation = clone.operation();
        return clone.submit(operation, tip -> new ChangePlan(contents, "by hand", Trailers.none()));
    }

    private ChangeResult set(String app, String env, String image, String tag) throws Exception {
        return set(app, env, image, tag, false);
    }

    private ChangeResult set(String app, String env, String image, String tag, boolean create) throws Exception {
        String operation = clone.operation();
        return clone.submit(
                operation,
                new SetImagePlanner(
                        app,
                        env,
                        List.of(new ImageRequest(image, tag, null)),
                        new SetImagePlanner.Options(create, false),
                        origin(operation)));
    }

    private ChangeResult promote(String app, String from, String to) throws Exception {
        PromotionPlan plan = PromotionPlan.prepare(clone.repository().files(clone.tip()), clone.tip(), app, from, to);
        String operation = clone.operation();
        return clone.submit(
                operation,
                new PromotionPlanner(
                        plan,
                        List.of(),
                        (policy, people) ->
                                new ApprovalGate(policy, Set.of(), UnaryOperator.identity(), UnaryOperator.identity()),
                        origin(operation)));
    }

    private ChangeResult rollback(String app, String env) throws Exception {
        String operation = clone.operation();
        return clone.submit(operation, new RollbackPlanner(app, env, null, false, origin(operation)));
    }

    private List<HistoryEntry> history(String app, String env) throws Exception {
        Target target = Delivery.load(clone.repository().files(clone.tip())).target(app, env);
        return TargetHistory.newestFirst(clone.repository(), target, clone.tip(), 20);
    }

    private void refuses(String message, String app, String env, String image, String tag) {
        UserErrorException refused = assertThrows(UserErrorException.class, () -> set(app, env, image, tag));
        assertThat(refused.getMessage(), containsString(message));
    }

    private static String deployment(String kind, String image) {
        String pods = "spec: {template: {spec: {containers: [{name: c, image: '" + image + "'}]}}}";
        return kind.equals("CronJob")
                ? "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {" + pods + "}}\n"
                : "apiVersion: apps/v1\nkind: " + kind + "\n" + pods + "\n";
    }

    @Test
    public void setsTheOnlyImageThoughItHasNoTagYet() throws Exception {
        policy("- {path: \"k8s/{env}\", application: shop}\n");
        write("k8s/dev/web.yaml", deployment("Deployment", IMAGE));
        assertThat(set("shop", "dev", null, "v2").changed(), is(true));
        assertThat(clone.text("k8s/dev/web.yaml"), containsString(IMAGE + ":v2"));
    }

    @Test
    public void createsTheEntryOfTheOnlyImageOfTheBases() throws Exception {
        policy("- {path: \"stages/{env}\", application: shop}\n");
        write(
                "stages/dev/kustomization.yaml",
                "resources: [../../base]\n",
                "base/kustomization.yaml",
                "resources: [web.yaml]\n",
                "base/web.yaml",
                deployment("Deployment", IMAGE + ":v1"));
        refuses("Add it here with create: true.", "shop", "dev", null, "v2");
        assertThat(set("shop", "dev", null, "v2", true).changed(), is(true));
        assertThat(
                clone.text("stages/dev/kustomization.yaml"),
                is("resources: [../../base]\nimages:\n- name: " + IMAGE + "\n  newTag: v2\n"));
        assertThat(set("shop", "dev", null, "v3").changed(), is(true));
    }

    @Test
    public void setsATagThatIsAValueOfItsOwn() throws Exception {
        policy("- path: tags/{env}\n"
                + "  application: account-api\n"
                + "  imageFile: account-api\n"
                + "  images: [{tag: image_tag}]\n"
                + "- path: services/{app}\n"
                + "  imageFile: values-{env}.yaml\n"
                + "  imagePaths: [main_app]\n");
        write(
                "tags/dev/account-api",
                "image_tag: v1694\nautomatic_deploys_enabled: true\n",
                "tags/staging/account-api",
                "image_tag: v1690 # by hand\n",
                "services/mapper/values-dev.yaml",
                "main_app:\n  image: acme/mapper\n  version: 2025-11   # bumped by CI\n");
        ChangeResult result = set("account-api", "dev", null, "v1695");
        assertThat(result.trailers().all(Trailers.IMAGE), contains("account-api:v1694 -> account-api:v1695"));
        assertThat(clone.text("tags/dev/account-api"), is("image_tag: v1695\nautomatic_deploys_enabled: true\n"));
        set("account-api", "dev", "ghcr.io/acme/accounts", "v1696");
        assertThat(clone.text("tags/dev/account-api"), containsString("image_tag: v1696\n"));
        promote("account-api", "dev", "staging");
        assertThat(clone.text("tags/staging/account-api"), is("image_tag: v1696 # by hand\n"));
        set("mapper", "dev", "acme/mapper", "2025-12");
        assertThat(
                clone.text("services/mapper/values-dev.yaml"),
                is("main_app:\n  image: acme/mapper\n  version: 2025-12   # bumped by CI\n"));
    }

    private static String shop(String tag) {
        StringBuilder values = new StringBuilder();
        for (String part : List.of("web", "worker", "migrate")) {
            values.append(part).append(":\n  image:\n    repository: ").append(IMAGE);
            values.append("\n    tag: ").append(tag).append('\n');
        }
        return values.toString();
    }

    @Test
    public void setsAllPartsOfAChartWithOneImage() throws Exception {
        for (String paths : List.of("  imagePaths: [web.image, worker.image, migrate.image]\n", "")) {
            policy("- path: charts/{app}\n  imageFile: values-{env}.yaml\n" + paths);
            write(
                    "charts/shop/Chart.yaml",
                    "name: shop\n",
                    "charts/shop/values-dev.yaml",
                    shop("v1"),
                    "charts/shop/values-staging.yaml",
                    shop("v1"));
            set("shop", "dev", null, "v2");
            assertThat(clone.text("charts/shop/values-dev.yaml"), is(shop("v2")));
            promote("shop", "dev", "staging");
            assertThat(clone.text("charts/shop/values-staging.yaml"), is(shop("v2")));
        }
        write("charts/shop/values-dev.yaml", shop("v2").replaceFirst("v2", "v3"));
        refuses("There is a second entry for image " + IMAGE + ", after line 3", "shop", "dev", IMAGE, "v4");
    }

    private void manifests(String env, String tag) throws Exception {
        String image = IMAGE + ":" + tag;
        write(
                "deploy/" + env + "/web.yaml",
                deployment("Deployment", image),
                "deploy/" + env + "/worker.yaml",
                deployment("Deployment", image),
                "deploy/" + env + "/cron.yaml",
                deployment("CronJob", image),
                "deploy/" + env + "/service.yaml",
                "apiVersion: v1\nkind: Service\n");
    }

    private List<String> images(String env) throws Exception {
        return List.of(image(env, "web"), image(env, "worker"), image(env, "cron"));
    }

    private String image(String env, String name) throws Exception {
        String text = clone.text("deploy/" + env + "/" + name + ".yaml");
        return text.substring(text.indexOf("image: '") + 8, text.indexOf("'}"));
    }

    @Test
    public void setsAllManifestsOfATargetInOneCommit() throws Exception {
        policy("- path: deploy/{env}\n  application: shop\n");
        manifests("dev", "v1");
        manifests("staging", "v1");
        ChangeResult result = set("shop", "dev", null, "v2");
        assertThat(
                result.files(),
                containsInAnyOrder("deploy/dev/cron.yaml", "deploy/dev/web.yaml", "deploy/dev/worker.yaml"));
        assertThat(images("dev"), is(List.of(IMAGE + ":v2", IMAGE + ":v2", IMAGE + ":v2")));
        promote("shop", "dev", "staging");
        assertThat(images("staging"), is(List.of(IMAGE + ":v2", IMAGE + ":v2", IMAGE + ":v2")));
        rollback("shop", "dev");
        assertThat(images("dev"), is(List.of(IMAGE + ":v1", IMAGE + ":v1", IMAGE + ":v1")));
        List<HistoryEntry> history = history("shop", "dev");
        assertThat(history.size(), is(3));
        assertThat(history.get(0).images().toString(), is("[" + IMAGE + ":v2 -> " + IMAGE + ":v1]"));
        write("deploy/dev/worker.yaml", deployment("Deployment", IMAGE + ":v0"));
        refuses("Image " + IMAGE + " has another value here than in deploy/dev/", "shop", "dev", IMAGE, "v3");
        assertThat(images("dev"), is(List.of(IMAGE + ":v1", IMAGE + ":v0", IMAGE + ":v1")));
        assertThat("a change of one file counts", history("shop", "dev").size(), is(4));
    }

    @Test
    public void leavesNoOtherWorkloadOfTheTargetOnTheOldImage() throws Exception {
        policy("- path: deploy/{env}\n  application: shop\n  imageFile: web.yaml\n");
        manifests("dev", "v1");
        set("shop", "dev", null, "v2");
        assertThat(images("dev"), is(List.of(IMAGE + ":v2", IMAGE + ":v2", IMAGE + ":v2")));
        policy("- path: charts/{env}\n  application: shop\n");
        write(
                "charts/dev/values.yaml",
                "image: {repository: " + IMAGE + ", tag: v1}\n",
                "charts/dev/job.yaml",
                deployment("CronJob", IMAGE + ":v1"),
                "charts/dev/db.yaml",
                deployment("Deployment", "postgres:16"));
        set("shop", "dev", null, "v2");
        assertThat(clone.text("charts/dev/values.yaml"), containsString("tag: v2"));
        assertThat(clone.text("charts/dev/job.yaml"), containsString(IMAGE + ":v2"));
        assertThat(clone.text("charts/dev/db.yaml"), containsString("postgres:16"));
    }

    @Test
    public void setsImagesOfFluxObjects() throws Exception {
        String release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    image:\n"
                + "      repository: " + IMAGE + "\n      tag: v1\n";
        for (String named : List.of("  imageFile: release.yaml\n  imagePaths: [spec.values.image]\n", "")) {
            policy("- path: apps/{env}\n  application: shop\n" + named);
            for (String env : List.of("dev", "staging")) {
                write(
                        "apps/" + env + "/kustomization.yaml",
                        "kind: Kustomization\nresources: [release.yaml]\n",
                        "apps/" + env + "/release.yaml",
                        release);
            }
            set("shop", "dev", null, "v2");
            assertThat(clone.text("apps/dev/release.yaml"), is(release.replace("tag: v1", "tag: v2")));
            promote("shop", "dev", "staging");
            assertThat(clone.text("apps/staging/release.yaml"), containsString("tag: v2\n"));
        }
    }

    @Test
    public void takesNamesFromWhereTheyAre() throws Exception {
        policy("- path: env/{env}\n  application: shop\n- path: charts/{app}\n  imageFile: '{env}-values.yaml'\n"
                + "- path: deep/{app}/env/{env}\n");
        write(
                "env/dev/values.yaml",
                "image:\n  repository: " + IMAGE + "\n  tag: v1\n",
                "env/staging/values.yaml",
                "image:\n  tag: v1\n",
                "charts/web/values.yaml",
                "image:\n  repository: ghcr.io/acme/web\n  tag: v1\n",
                "charts/web/dev-values.yaml",
                "image:\n  tag: v1\n",
                "deep/api/Chart.yaml",
                "name: api\n",
                "deep/api/values.yaml",
                "image:\n  repository: ghcr.io/acme/api\n",
                "deep/api/env/dev/values.yaml",
                "image:\n  tag: v1\n");
        set("shop", "staging", IMAGE, "v2");
        assertThat(
                "the only place, whose name nothing says",
                clone.text("env/staging/values.yaml"),
                is("image:\n  tag: v2\n"));
        set("shop", "dev", null, "v3");
        promote("shop", "dev", "staging");
        assertThat(clone.text("env/staging/values.yaml"), is("image:\n  tag: v3\n"));
        ChangeResult web = set("web", "dev", null, "v2");
        assertThat(web.trailers().all(Trailers.IMAGE), contains("ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2"));
        ChangeResult api = set("api", "dev", null, "v2");
        assertThat(api.trailers().all(Trailers.IMAGE), contains("ghcr.io/acme/api:v1 -> ghcr.io/acme/api:v2"));
    }

    @Test
    public void readsTheLastValueFileThatSetsTheImage() throws Exception {
        policy("- path: charts/{app}\n  imageFile: values-{env}.yaml\n");
        write(
                "charts/butler/Chart.yaml",
                "name: butler\n",
                "charts/butler/values.yaml",
                "image:\n  repository: ghcr.io/acme/butler\n  tag: \"2.0\"\n",
                "charts/butler/values-dev.yaml",
                "image:\n  pullPolicy: Always\n",
                "charts/butler/values-staging.yaml",
                "image:\n  tag: \"1.0\"\n");
        promote("butler", "dev", "staging");
        assertThat(clone.text("charts/butler/values-staging.yaml"), is("image:\n  tag: \"2.0\"\n"));
        refuses(
                "charts/butler/values-dev.yaml: No image is set here, so ghcr.io/acme/butler would have to be set in"
                        + " charts/butler/values.yaml, which is for other environments, too. Add it here with create:"
                        + " true.",
                "butler",
                "dev",
                null,
                "2.1");
        set("butler", "dev", null, "2.1", true);
        assertThat(clone.text("charts/butler/values-dev.yaml"), is("image:\n  pullPolicy: Always\n  tag: \"2.1\"\n"));
        assertThat(clone.text("charts/butler/values.yaml"), containsString("\"2.0\""));
    }

    @Test
    public void refusesToPromoteWhatTheSourceDoesNotSet() throws Exception {
        policy("- path: env/{env}\n  application: shop\n");
        write(
                "env/dev/values.yaml",
                "image:\n  repository: " + IMAGE + "\n  tag: \"\"\n",
                "env/staging/values.yaml",
                "image:\n  repository: " + IMAGE + "\n  tag: v1\n");
        UserErrorException refused = assertThrows(UserErrorException.class, () -> promote("shop", "dev", "staging"));
        assertThat(refused.getMessage(), containsString("shop/dev sets no tag of image"));
    }

    @Test
    public void aFileThatRulesOfTwoEnvironmentsNameIsNotChanged() throws Exception {
        policy("- path: apps/{app}/{env}\n"
                + "  images:\n"
                + "  - {files: [/shared/tags.yaml], tag: '{app}.tag', name: 'acme/{app}'}\n");
        write(
                "apps/my.app/dev/x.yaml",
                "a: 1\n",
                "apps/my.app/staging/x.yaml",
                "a: 1\n",
                "shared/tags.yaml",
                "my.app: {tag: v1}\nmy: {app: {tag: v1}}\n");
        refuses("would also change my.app/staging", "my.app", "dev", null, "v2");
        write(
                "gitops.yaml",
                HEAD + "sharedFiles: [shared/tags.yaml]\napplications:\n- path: apps/{app}/{env}\n  images:\n"
                        + "  - {files: [/shared/tags.yaml], tag: '{app}.tag', name: 'acme/{app}'}\n" + ENVIRONMENTS);
        set("my.app", "dev", null, "v2");
        assertThat(clone.text("shared/tags.yaml"), is("my.app: {tag: v2}\nmy: {app: {tag: v1}}\n"));
        List<Target> targets =
                Delivery.load(clone.repository().files(clone.tip())).fileTargets("shared/tags.yaml");
        assertThat(targets.stream().map(Target::id).toList(), containsInAnyOrder("my.app/dev", "my.app/staging"));
    }

    @Test
    public void setsOneImageInSeveralKindsOfFiles() throws Exception {
        policy("- path: apps/{app}/{env}\n  images:\n  - name: " + IMAGE
                + "\n    files: ['values-{env}.yaml', 'cron/*.yaml', .env]\n    tag: [api.image.tag, API_TAG]\n"
                + "    image: 'spec.jobs[name=clean].image'\n");
        write(
                "apps/shop/dev/values-dev.yaml",
                "api:\n  image: {tag: v1}\n",
                "apps/shop/dev/cron/a.yaml",
                "spec:\n  jobs:\n  - {name: x, image: other:v1}\n  - {name: clean, image: " + IMAGE + ":v1}\n",
                "apps/shop/dev/.env",
                "# tags\r\nexport API_TAG=\"v1\" # api\r\nDB_TAG=v1");
        ChangeResult result = set("shop", "dev", null, "1.10");
        assertThat(result.files().size(), is(3));
        assertThat(clone.text("apps/shop/dev/values-dev.yaml"), is("api:\n  image: {tag: \"1.10\"}\n"));
        assertThat(
                clone.text("apps/shop/dev/cron/a.yaml"),
                is("spec:\n  jobs:\n  - {name: x, image: other:v1}\n  - {name: clean, image: " + IMAGE + ":1.10}\n"));
        assertThat(clone.text("apps/shop/dev/.env"), is("# tags\r\nexport API_TAG=\"1.10\" # api\r\nDB_TAG=v1"));
    }
}
