package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.MergeCommand.FastForwardMode;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.RefSpec;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Situations around changes: what came before, which target is meant, and which of several images. */
public class ChangeSituationsCommandTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\napplications:\n";
    private static final String TAG = "-  newTag: v1\n+  newTag: v2\n";

    private static final String TWO_CONTAINERS = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
            + "spec: {template: {spec: {containers: [{name: web, image: ghcr.io/acme/web:v1},"
            + " {name: sidecar, image: ghcr.io/acme/sidecar}]}}}\n";
    private static final String HELD = "ADD .gitops/holds/";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CommandLineCase repository(String name, Map<String, String> changed) throws Exception {
        return CommandLineCase.of(folder.newFolder().toPath(), name, changed);
    }

    private CommandLineCase repository(String name) throws Exception {
        return repository(name, Map.of());
    }

    private CommandLineCase policy(String name, String applications) throws Exception {
        return repository(name, Map.of("gitops.yaml", HEAD + applications));
    }

    /** One commit on the main branch, two on another one by another person, and their merge. */
    private static void mergePullRequest(LocalRepository repository, String file) throws Exception {
        try (Git git = Git.open(repository.source().toFile())) {
            tag(git, file, "1.1", "Release 1.1", "Ann");
            git.checkout().setCreateBranch(true).setName("pr").call();
            tag(git, file, "1.2-wip", "try something", "Will");
            tag(git, file, "1.2", "Release 1.2", "Will");
            git.checkout().setName("main").call();
            git.merge()
                    .include(git.getRepository().resolve("pr"))
                    .setFastForward(FastForwardMode.NO_FF)
                    .setCommit(false)
                    .call();
            commit(git, "Merge pull request #7: Release 1.2", "Mia");
            git.push()
                    .setRemote(repository.bare().toString())
                    .setRefSpecs(new RefSpec("main"))
                    .call();
        }
    }

    private static void tag(Git git, String file, String tag, String message, String person) throws Exception {
        Path path = git.getRepository().getWorkTree().toPath().resolve(file);
        Files.writeString(path, Files.readString(path).replaceFirst("newTag: .*", "newTag: \"" + tag + "\""));
        git.add().addFilepattern(file).call();
        commit(git, message, person);
    }

    private static void commit(Git git, String message, String person) throws Exception {
        PersonIdent ident = new PersonIdent(person, person.toLowerCase(Locale.ROOT) + "@example.com");
        git.commit()
                .setMessage(message)
                .setAuthor(ident)
                .setCommitter(ident)
                .setSign(false)
                .call();
    }

    @Test
    public void mergedPullRequestIsOneChange() throws Exception {
        String file = "services/app/overlays/production/kustomization.yaml";
        CommandLineCase approved = repository("merged-pull-request");
        mergePullRequest(approved.repository(), file);
        JsonNode entries = approved.repository()
                .json("history", "--app", "app", "--env", "production")
                .at("/entries");
        List<String> changes = new ArrayList<>();
        entries.forEach(entry -> changes.add(
                entry.at("/images/0/to").asText() + " " + entry.at("/author").asText() + " " + entry.at("/writtenBy")
                        + " " + entry.at("/subject").asText()));
        assertThat(
                changes,
                contains(
                        "ghcr.io/acme/app:1.2 Mia [\"Will\"] Merge pull request #7: Release 1.2",
                        "ghcr.io/acme/app:1.1 Ann [] Release 1.1",
                        "ghcr.io/acme/app:1.0 Ann [] Import"));
        approved.refuses(
                "rollback --app app --env production --reason bad",
                "gitops.yaml:5:3: app/production cannot be rolled back to ghcr.io/acme/app:1.1 of commit "
                        + entries.at("/1/revision").asText().substring(0, 8)
                        + ", because no approved promotion set it. Promote a good image, or have it listed in"
                        + " rollback.verified of production in gitops.yaml.");
        CommandLineCase open = policy("merged-pull-request", "- path: services/{app}/overlays/{env}\n");
        mergePullRequest(open.repository(), file);
        open.changes(
                "rollback --app app --env production --reason bad",
                "app/production",
                "  ghcr.io/acme/app:1.2 -> ghcr.io/acme/app:1.1\n",
                HELD + "production/app.yaml\n" + file + "\n-  newTag: \"1.2\"\n+  newTag: \"1.1\"\n");
    }

    @Test
    public void imageOfTheBaseIsInEffectAgainAfterARollback() throws Exception {
        CommandLineCase overlay = repository("overlay-without-images");
        String file = "k8s/overlays/dev/kustomization.yaml\n";
        overlay.changes(
                "set-image --app web --env dev --image ghcr.io/acme/web --tag v2-bad --create",
                "web/dev",
                "  ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2-bad\n",
                file + "+images:\n+- name: ghcr.io/acme/web\n+  newTag: v2-bad\n");
        overlay.changes(
                "rollback --app web --env dev --reason crashes",
                "web/dev",
                "  ghcr.io/acme/web:v2-bad -> (none)\n",
                HELD + "dev/web.yaml\n" + file + "-images:\n-- name: ghcr.io/acme/web\n-  newTag: v2-bad\n");
    }

    @Test
    public void imageThatWasAddedIsRemovedAgain() throws Exception {
        CommandLineCase overlay = repository("overlay-without-images", Map.of("k8s/base/d.yaml", TWO_CONTAINERS));
        String file = "k8s/overlays/dev/kustomization.yaml";
        String before = overlay.repository().text(file);
        overlay.changes(
                "set-image --app web --env dev --image ghcr.io/acme/sidecar --tag bad --create",
                "web/dev",
                "  (none) -> ghcr.io/acme/sidecar:bad\n",
                file + "\n+images:\n+- name: ghcr.io/acme/sidecar\n+  newTag: bad\n");
        overlay.changes(
                "rollback --app web --env dev --reason crashes",
                "web/dev",
                "  ghcr.io/acme/sidecar:bad -> (none)\n",
                HELD + "dev/web.yaml\n" + file + "\n-images:\n-- name: ghcr.io/acme/sidecar\n-  newTag: bad\n");
        assertThat(overlay.repository().text(file), is(before));
        assertThat(overlay.repository().message(), startsWith("web/dev: remove image ghcr.io/acme/sidecar\n"));
    }

    @Test
    public void imagesOfOneCommitAreRolledBackTogether() throws Exception {
        CommandLineCase overlay = repository("overlay-without-images", Map.of("k8s/base/d.yaml", TWO_CONTAINERS));
        String file = "k8s/overlays/dev/kustomization.yaml";
        overlay.changes(
                "set-image --app web --env dev --image ghcr.io/acme/web --tag v1 --create",
                "web/dev",
                "  (none) -> ghcr.io/acme/web:v1\n",
                file + "\n+images:\n+- name: ghcr.io/acme/web\n+  newTag: v1\n");
        overlay.changes(
                "set-image --app web --env dev --images ghcr.io/acme/web:v2-bad ghcr.io/acme/sidecar:bad --create",
                "web/dev",
                "  ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2-bad\n  (none) -> ghcr.io/acme/sidecar:bad\n",
                file + "\n-  newTag: v1\n+  newTag: v2-bad\n+- name: ghcr.io/acme/sidecar\n+  newTag: bad\n");
        overlay.changes(
                "rollback --app web --env dev --reason crashes",
                "web/dev",
                "  ghcr.io/acme/web:v2-bad -> ghcr.io/acme/web:v1\n  ghcr.io/acme/sidecar:bad -> (none)\n",
                HELD + "dev/web.yaml\n" + file
                        + "\n-  newTag: v2-bad\n-- name: ghcr.io/acme/sidecar\n-  newTag: bad\n+  newTag: v1\n");
    }

    @Test
    public void stageAndRegionAreOneEnvironment() throws Exception {
        String command = "set-image --app shop --env prod-eu-west-1 --tag v2";
        CommandLineCase regions = policy(
                "stage-and-region", "- path: clusters/{stage}/{region}/{app}\n  environment: '{stage}-{region}'\n");
        regions.changes(
                command,
                "shop/prod-eu-west-1",
                "  ghcr.io/acme/shop:v1 -> ghcr.io/acme/shop:v2\n",
                "clusters/prod/eu-west-1/shop/kustomization.yaml\n" + TAG);
        policy("stage-and-region", "- path: clusters/{env}/{app}\n")
                .refuses(
                        "set-image --app shop --env prod --tag v2",
                        "gitops.yaml: There is no environment \"prod\". Add a folder that matches clusters/{env}/{app}, or"
                                + " declare others with applications: [{path: \"FOLDER/{app}/{env}\"}] in gitops.yaml.");
        policy("stage-and-region", "- path: clusters/*/{env}/{app}\n")
                .refuses(
                        "set-image --app shop --env prod --tag v2",
                        "gitops.yaml:4:9: \"*\" is not a valid name. Write {app}, {env} or another {NAME} for the parts that"
                                + " differ; NAME is a letter, then letters, digits and '_'.");
    }

    @Test
    public void twoFoldersOfOneTargetAreBothNamed() throws Exception {
        String choice = ". Remove one of them, separate them with environment or application in applications, or choose"
                + " one with targets: [{application: shop, environment: %s, path: %s}] in gitops.yaml.";
        policy("stage-and-region", "- path: clusters/staging/{env}/{app}\n- path: clusters/prod/{env}/{app}\n")
                .refuses(
                        "set-image --app shop --env eu-west-1 --tag v2",
                        "gitops.yaml: Two places match shop in eu-west-1: clusters/staging/eu-west-1/shop and"
                                + " clusters/prod/eu-west-1/shop"
                                + choice.formatted("eu-west-1", "clusters/staging/eu-west-1/shop"));
        policy("stage-and-region", "- path: clusters/{env}/eu-west-1/{app}\n- path: clusters/{env}/us-east-1/{app}\n")
                .refuses(
                        "set-image --app shop --env prod --tag v2",
                        "gitops.yaml: Two places match shop in prod: clusters/prod/eu-west-1/shop and"
                                + " clusters/prod/us-east-1/shop"
                                + choice.formatted("prod", "clusters/prod/eu-west-1/shop"));
        policy(
                        "stage-and-region",
                        "- path: clusters/{env}/eu-west-1/{app}\n- path: clusters/{env}/us-east-1/{app}\n"
                                + "targets: [{application: shop, environment: prod, path: clusters/prod/us-east-1/shop}]\n")
                .changes(
                        "set-image --app shop --env prod --tag v2",
                        "shop/prod",
                        "  ghcr.io/acme/shop:v1 -> ghcr.io/acme/shop:v2\n",
                        "clusters/prod/us-east-1/shop/kustomization.yaml\n" + TAG);
    }

    @Test
    public void namesWithCapitalsAndUnderscores() throws Exception {
        CommandLineCase names = policy("stage-and-region", "- path: apps/{app}/{env}\n");
        for (String env : List.of("dev", "QA", "prod_client_1")) {
            names.changes(
                    "set-image --app my_app --env " + env + " --tag v2",
                    "my_app/" + env,
                    "  ghcr.io/acme/my-app:v1 -> ghcr.io/acme/my-app:v2\n",
                    "apps/my_app/" + env + "/kustomization.yaml\n" + TAG);
        }
        names.refuses(
                "set-image --app my-app --env dev --tag v2",
                "gitops.yaml: There is no application \"my-app\". Use one of my_app.");
    }

    @Test
    public void oneOperationNamesTheCallsOfARelease() throws Exception {
        CommandLineCase services = repository("four-services");
        for (String app : List.of("a", "b")) {
            String image = "  ghcr.io/acme/" + app + ":v1 -> ghcr.io/acme/" + app + ":v2\n";
            String command = "set-image --app " + app + " --env dev --tag v2 --operation release-1.4";
            String diff = "services/" + app + "/overlays/dev/kustomization.yaml\n" + TAG;
            services.changes(command, app + "/dev", image, diff);
            int commits = services.repository().commits();
            assertThat(services.repository().run(command.split(" ")), is(0));
            assertThat("asked twice, written once", services.repository().commits(), is(commits));
        }
        services.changes(
                "rollback --app a --env dev --reason bad --operation release-1.4",
                "a/dev",
                "  ghcr.io/acme/a:v2 -> ghcr.io/acme/a:v1\n",
                HELD + "dev/a.yaml\nservices/a/overlays/dev/kustomization.yaml\n-  newTag: v2\n+  newTag: v1\n");
    }

    @Test
    public void onlyTheServiceThatIsMeantChanges() throws Exception {
        CommandLineCase overlay = repository("services-in-one-overlay");
        String dev = "k8s/overlays/dev/kustomization.yaml\n";
        String staging = "k8s/overlays/staging/kustomization.yaml\n";
        String web = "  ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2-bad\n";
        String worker = "  ghcr.io/acme/worker:v1 -> ghcr.io/acme/worker:v2\n";
        String bad = "-  newTag: v1\n+  newTag: v2-bad\n";
        overlay.changes(
                "set-image --app web --env dev --image ghcr.io/acme/web --tag v2-bad", "web/dev", web, dev + bad);
        overlay.changes(
                "set-image --app web --env dev --image ghcr.io/acme/worker --tag v2", "web/dev", worker, dev + TAG);
        overlay.changes(
                "promote --app web --from dev --to staging --image ghcr.io/acme/worker",
                "web/staging",
                worker,
                staging + TAG);
        overlay.changes(
                "promote --app web --from dev --to staging",
                "web/staging",
                web + "  ghcr.io/acme/worker:v2 -> ghcr.io/acme/worker:v2\n",
                staging + bad);
        overlay.changes(
                "rollback --app web --env dev --reason bad --image ghcr.io/acme/web",
                "web/dev",
                "  ghcr.io/acme/web:v2-bad -> ghcr.io/acme/web:v1\n",
                HELD + "dev/web.yaml\n" + dev + "-  newTag: v2-bad\n+  newTag: v1\n");
    }

    @Test
    public void fileForEachApplication() throws Exception {
        String environments = "environments: [{name: dev}, {name: prod, promoteFrom: dev}]\n";
        String image = "  ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2\n";
        String entry = "- path: environments/{env}\n";
        String[] policies = {
            entry + "  imageFile: '{app}.yaml'\n",
            entry + "  application: web\n  imageFile: web.yaml\n" + entry
                    + "  application: worker\n  imageFile: worker.yaml\n",
            entry + "  application: web\n  imageFile: '{app}.yaml'\n"
        };
        for (String applications : policies) {
            CommandLineCase files = policy("file-for-each-application", applications + environments);
            files.changes(
                    "set-image --app web --env dev --tag v2",
                    "web/dev",
                    image,
                    "environments/dev/web.yaml\n-  tag: v1\n+  tag: v2\n");
            files.changes(
                    "promote --app web --from dev --to prod",
                    "web/prod",
                    image,
                    "environments/prod/web.yaml\n-  tag: v1\n+  tag: v2\n");
        }
        policy("file-for-each-application", policies[2] + environments)
                .refuses(
                        "set-image --app worker --env dev --tag v2",
                        "gitops.yaml: There is no application \"worker\". Use one of web.");
    }

    @Test
    public void imageThatNoManifestUsesIsNotAdded() throws Exception {
        String file = "k8s/overlays/dev/kustomization.yaml";
        repository("overlay-without-images")
                .refuses(
                        "set-image --app web --env dev --images ghcr.io/acme/web:v2 ghcr.io/acme/sidecar:v1 --create",
                        file
                                + ": No manifest of web/dev uses image ghcr.io/acme/sidecar, so an entry for it would change"
                                + " nothing. Use one of ghcr.io/acme/web, or add the workload in Git first.");
        String remote = "kind: Kustomization\nresources: ['https://git.example.com/base?ref=v1']\n";
        LocalRepository hidden =
                repository("overlay-without-images", Map.of(file, remote)).repository();
        hidden.json(
                "set-image", "--app", "web", "--env", "dev", "--image", "ghcr.io/acme/web", "--tag", "v2", "--create");
        assertThat(hidden.text(file), is(remote + "images:\n- name: ghcr.io/acme/web\n  newTag: v2\n"));
        assertThat(
                hidden.err(),
                startsWith("It could not be checked whether a manifest of web/dev uses ghcr.io/acme/web: " + file
                        + ":2:"));
    }
}
