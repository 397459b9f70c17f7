package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** Where config repositories have their images: each command changes the bytes of the values, and no others. */
public class ImagePlacesCommandTest {
    private static final String SHOP = "ghcr.io/acme/shop";
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CommandLineCase repository(String name, Map<String, String> changed) throws Exception {
        return CommandLineCase.of(folder.newFolder().toPath(), name, changed);
    }

    private CommandLineCase repository(String name) throws Exception {
        return repository(name, Map.of());
    }

    /** What is left of a local file, after a new tag was set in it. */
    private void setsInFile(String name, String before, String after, String... more) throws Exception {
        Path file = folder.newFolder().toPath().resolve(name);
        Files.writeString(file, before);
        String[] arguments = {"set-image", "--file", file.toString(), "--image", SHOP, "--tag", "v2"};
        String[] all = new String[arguments.length + more.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertThat(err.toString(), Main.execute(command, all), is(0));
        assertThat(out.toString(), is("changed " + file + "\n  " + SHOP + ":v1 -> " + SHOP + ":v2\n"));
        assertThat(Files.readString(file), is(after));
    }

    @Test
    public void tagThatIsAValueOfItsOwn() throws Exception {
        CommandLineCase tags = repository("tag-as-its-own-value");
        String file = "charts/app-config/image-tags/integration/account-api";
        String set = "set-image --app account-api --env integration";
        tags.changes(
                set + " --tag v1695",
                "account-api/integration",
                "  image_tag:v1694 -> image_tag:v1695\n",
                file + "\n-image_tag: v1694\n+image_tag: v1695\n");
        String same = "  image_tag:v1695 -> image_tag:v1695\n";
        tags.changesNothing(set + " --image account-api --tag v1695", "account-api/integration", same);
        tags.changesNothing(set + " --image account-api --tag v1695 --create", "account-api/integration", same);
        tags.changes(
                "set-image --app mapper --env integration --tag 2025-12-01-000000-production",
                "mapper/integration",
                "  acme/mapper:2025-11-10-034557-production -> acme/mapper:2025-12-01-000000-production\n",
                "helmfile.d/services/mapper/values-integration.yaml\n"
                        + "-  version: 2025-11-10-034557-production   # bumped by CI\n"
                        + "+  version: 2025-12-01-000000-production   # bumped by CI\n");
        tags.changesNothing(
                "set-image --app mapper --env integration --image acme/mapper --tag 2025-12-01-000000-production",
                "mapper/integration",
                "  acme/mapper:2025-12-01-000000-production -> acme/mapper:2025-12-01-000000-production\n");
        assertThat(tags.repository().err(), is(CommandLineCase.SAME_TAG));
        setsInFile("flat.yaml", "image: " + SHOP + "\nimageTag: v1\n", "image: " + SHOP + "\nimageTag: v2\n");
        setsInFile(
                "flat.yaml",
                "image: " + SHOP + "\nimageTag: v1\n",
                "image: " + SHOP + "\nimageTag: v2\n",
                "--image-path",
                "imageTag");
    }

    @Test
    public void oneEntryOfThePolicyIsEnoughForAFileOfEachApplication() throws Exception {
        String policy = HEAD + "applications:\n- path: charts/app-config/image-tags/{env}\n  imageFile: '{app}'\n"
                + "  images: [{name: 'ghcr.io/acme/{app}', tag: image_tag}]\n"
                + "environments: [{name: integration}, {name: staging, promoteFrom: integration}]\n";
        CommandLineCase tags = repository("tag-as-its-own-value", Map.of("gitops.yaml", policy));
        String image = "ghcr.io/acme/account-api";
        tags.changes(
                "set-image --app account-api --env integration --tag v1695",
                "account-api/integration",
                "  " + image + ":v1694 -> " + image + ":v1695\n",
                "charts/app-config/image-tags/integration/account-api\n-image_tag: v1694\n+image_tag: v1695\n");
        tags.changes(
                "promote --app account-api --from integration --to staging",
                "account-api/staging",
                "  " + image + ":v1694 -> " + image + ":v1695\n",
                "charts/app-config/image-tags/staging/account-api\n-image_tag: v1694\n+image_tag: v1695\n");
    }

    @Test
    public void partsOfAChartWithOneImage() throws Exception {
        CommandLineCase chart = repository("chart-with-one-image");
        String image = "  " + SHOP + ":v1 -> " + SHOP + ":v2\n";
        String tags = "-    tag: v1\n+    tag: v2\n".repeat(3);
        chart.changes(
                "set-image --app shop --env dev --tag v2", "shop/dev", image, "charts/shop/values-dev.yaml\n" + tags);
        chart.changesNothing(
                "set-image --app shop --env dev --image " + SHOP + " --tag v2",
                "shop/dev",
                "  " + SHOP + ":v2 -> " + SHOP + ":v2\n");
        chart.changes(
                "promote --app shop --from dev --to staging",
                "shop/staging",
                image,
                "charts/shop/values-staging.yaml\n" + tags);
        String manifest =
                "kind: Deployment\napiVersion: apps/v1\nspec: {template: {spec: {containers: [{name: web, image:"
                        + " \"ghcr.io/acme/shop:v1\"}, {name: worker, image: \"ghcr.io/acme/shop:v1\"}]}}}\n";
        setsInFile("m.yaml", manifest, manifest.replace("shop:v1", "shop:v2"));
        String anchor = "web:\n  image:\n    repository: " + SHOP + "\n    tag: &tag v1\n"
                + "worker:\n  image:\n    repository: " + SHOP + "\n    tag: *tag\n";
        setsInFile("a.yaml", anchor, anchor.replace("v1", "v2"), "--image-path", "web.image");
    }

    @Test
    public void partOfAChartOnAnotherTagIsNotLeftBehind() throws Exception {
        String values = "web:\n  image: {repository: " + SHOP + ", tag: v1}\nworker:\n  image: {repository: " + SHOP
                + ", tag: v0}\nmigrate:\n  image: {repository: " + SHOP + ", tag: v1}\n";
        repository("chart-with-one-image", Map.of("charts/shop/values-dev.yaml", values))
                .refuses(
                        "set-image --app shop --env dev --tag v2",
                        "charts/shop/values-dev.yaml:4:10: There is a second entry for image " + SHOP
                                + ", after line 2. Give both the same value in Git first.");
    }

    @Test
    public void manifestForEachWorkload() throws Exception {
        String diff = "deploy/dev/cron.yaml\n-            image: ghcr.io/acme/shop:v1\n"
                + "+            image: ghcr.io/acme/shop:v2\n"
                + "deploy/dev/web.yaml\n-        image: ghcr.io/acme/shop:v1\n+        image: ghcr.io/acme/shop:v2\n"
                + "deploy/dev/worker.yaml\n-        image: ghcr.io/acme/shop:v1\n+        image: ghcr.io/acme/shop:v2\n";
        String policy = HEAD + "applications:\n- path: deploy/{env}\n  application: shop\n  imageFile: web.yaml\n"
                + "environments: [{name: dev}, {name: prod, promoteFrom: dev}]\n";
        for (Map<String, String> changed : List.of(Map.<String, String>of(), Map.of("gitops.yaml", policy))) {
            CommandLineCase manifests = repository("manifest-for-each-workload", changed);
            manifests.changes(
                    "set-image --app shop --env dev --tag v2",
                    "shop/dev",
                    "  " + SHOP + ":v1 -> " + SHOP + ":v2\n",
                    diff);
            manifests.changes(
                    "promote --app shop --from dev --to prod",
                    "shop/prod",
                    "  " + SHOP + ":v1 -> " + SHOP + ":v2\n",
                    diff.replace("/dev/", "/prod/"));
        }
    }

    @Test
    public void objectsOfFluxAndKnative() throws Exception {
        CommandLineCase flux = repository("flux-helm-release");
        String image = "  " + SHOP + ":v1 -> " + SHOP + ":v2\n";
        flux.changes(
                "set-image --app shop --env staging --tag v2",
                "shop/staging",
                image,
                "apps/staging/release.yaml\n-      tag: v1\n+      tag: v2\n");
        flux.changesNothing(
                "set-image --app shop --env staging --image " + SHOP + " --tag v2",
                "shop/staging",
                "  " + SHOP + ":v2 -> " + SHOP + ":v2\n");
        flux.changes(
                "promote --app shop --from staging --to production",
                "shop/production",
                image,
                "apps/production/release.yaml\n-      tag: v1\n+      tag: v2\n");
        String kustomization =
                "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop}\n"
                        + "spec:\n  images:\n  - name: " + SHOP + "\n    newTag: v1\n";
        setsInFile("ks.yaml", kustomization, kustomization.replace("newTag: v1", "newTag: v2"));
        String service = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: shop}\n"
                + "spec: {template: {spec: {containers: [{image: \"" + SHOP + ":v1\"}]}}}\n";
        setsInFile("kn.yaml", service, service.replace("shop:v1", "shop:v2"));
    }

    @Test
    public void jsonForEachEnvironment() throws Exception {
        String policy = HEAD + "applications:\n- path: apps/{app}/{env}\n  imageFile: config.json\n";
        for (String environments : new String[] {"", "environments: [{name: dev}, {name: staging}]\n"}) {
            repository("json-for-each-environment", Map.of("gitops.yaml", policy + environments))
                    .changes(
                            "set-image --app shop --env dev --tag v2",
                            "shop/dev",
                            "  " + SHOP + ":v1 -> " + SHOP + ":v2\n",
                            "apps/shop/dev/config.json\n-    \"tag\": \"v1\"\n+    \"tag\": \"v2\"\n");
        }
    }

    @Test
    public void registryForEachStage() throws Exception {
        CommandLineCase registries = repository("registry-for-each-stage");
        String[][] table = {
            {"shop", "services/shop/overlays/%s/kustomization.yaml", "  newTag: "},
            {"web", "charts/web/values-%s.yaml", "  tag: "}
        };
        for (String[] row : table) {
            String diff = row[1] + "\n-" + row[2] + "v1\n+" + row[2] + "v2\n";
            String image = "  %1$s-registry.acme.test/" + row[0] + ":v1 -> %1$s-registry.acme.test/" + row[0] + ":v2\n";
            registries.changes(
                    "set-image --app " + row[0] + " --env dev --tag v2",
                    row[0] + "/dev",
                    image.formatted("dev"),
                    diff.formatted("dev"));
            registries.changes(
                    "promote --app " + row[0] + " --from dev --to prod",
                    row[0] + "/prod",
                    image.formatted("prod"),
                    diff.formatted("prod"));
        }
    }

    @Test
    public void valuesOfAChartThatIsElsewhere() throws Exception {
        CommandLineCase values = repository("chart-elsewhere");
        String staging = "env/staging/values.yaml\n";
        values.changes(
                "set-image --app shop --env staging --image " + SHOP + " --tag v2",
                "shop/staging",
                "  image:v1 -> image:v2\n",
                staging + "-  tag: v1\n+  tag: v2\n");
        values.changesNothing(
                "set-image --app shop --env staging --tag v2", "shop/staging", "  image:v2 -> image:v2\n");
        values.changes(
                "set-image --app shop --env dev --tag v3",
                "shop/dev",
                "  " + SHOP + ":v1 -> " + SHOP + ":v3\n",
                "env/dev/values.yaml\n-  tag: v1\n+  tag: v3\n");
        values.changes(
                "promote --app shop --from dev --to staging",
                "shop/staging",
                "  image:v2 -> image:v3\n",
                staging + "-  tag: v2\n+  tag: v3\n");
        values.changes(
                "set-image --app web --env dev --tag v2",
                "web/dev",
                "  ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2\n",
                "charts/web/dev-values.yaml\n-  tag: v1\n+  tag: v2\n");
    }

    @Test
    public void tagThatOnlyTheChartSets() throws Exception {
        CommandLineCase chart = repository("tag-of-the-chart");
        String image = "ghcr.io/acme/butler";
        chart.changes(
                "promote --app butler --from dev --to production",
                "butler/production",
                "  " + image + ":1.0 -> " + image + ":2.0\n",
                "charts/butler/values-production.yaml\n-  tag: \"1.0\"\n+  tag: \"2.0\"\n");
        String refused = "charts/butler/values-dev.yaml: No image is set here, so " + image + " would have to be set in"
                + " charts/butler/values.yaml, which is for other environments, too. Add it here with create: true.";
        chart.refuses("set-image --app butler --env dev --tag 2.1", refused);
        chart.refuses("set-image --app butler --env dev --image " + image + " --tag 2.1", refused);
        chart.changes(
                "set-image --app butler --env dev --image " + image + " --tag 2.1 --create",
                "butler/dev",
                "  " + image + ":2.0 -> " + image + ":2.1\n",
                "charts/butler/values-dev.yaml\n+  tag: \"2.1\"\n");
    }

    @Test
    public void sourceWithoutATagIsNotPromoted() throws Exception {
        String name = "reg.acme.test/app";
        String[][] table = {
            {
                "kustomization.yaml",
                "kind: Kustomization\nimages:\n- name: app\n  newName: " + name + "\n",
                "  newTag: v1\n",
                ":3:3: a/dev sets no tag of image app here"
            },
            {
                "values.yaml",
                "image:\n  repository: " + name + "\n  tag: ",
                "v1\n",
                ":2:3: a/dev sets no tag of image image here"
            }
        };
        for (String[] row : table) {
            String dev = "services/a/overlays/dev/" + row[0];
            Map<String, String> files = Map.of(
                    dev,
                    row[1] + (row[1].endsWith(" ") ? "\"\"\n" : ""),
                    dev.replace("/dev/", "/prod/"),
                    row[1] + row[2]);
            CommandLineCase overlays = new CommandLineCase(
                    LocalRepository.create(folder.newFolder().toPath(), files));
            overlays.refuses(
                    "promote --app a --from dev --to prod",
                    dev + row[3] + ", and a/prod sets " + name + ":v1. Set its image with gitopsSetImage first, with"
                            + " create: true where it has no entry.");
        }
    }
}
