package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** Environments and targets on branches other than that of {@code gitops.yaml}. */
public class TargetBranchesTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";
    private static final String IMAGE = "images: [{name: a/b, newTag: v1}]\n";
    private static final String ONE_FOLDER =
            HEAD + "applications: [{path: \"apps/{app}\"}]\nenvironments:\n- name: dev\n- name: production\n"
                    + "  branch: env/production\n  requireReason: true\n";

    private static FileTree on(String branch, String policy, String... files) {
        InMemoryFileTree policyTree = new InMemoryFileTree().with(Delivery.FILE, policy);
        InMemoryFileTree tree = new InMemoryFileTree().with(Delivery.FILE, "not: read\n");
        for (String file : files) {
            tree.with(file, IMAGE);
        }
        return new PolicyOverlay(tree, policyTree, new TreeBranch(branch, "main"));
    }

    private static List<String> ids(Delivery delivery) throws Exception {
        return delivery.targets().stream().map(Target::id).toList();
    }

    @Test
    public void oneFolderIsAnotherTargetOnEachBranch() throws Exception {
        String[] files = {"apps/web/kustomization.yaml", "apps/shop/kustomization.yaml"};
        Delivery main = Delivery.load(on("main", ONE_FOLDER, files));
        Delivery production = Delivery.load(on("env/production", ONE_FOLDER, files));
        assertThat(ids(main), contains("shop/dev", "web/dev"));
        assertThat(ids(production), contains("shop/production", "web/production"));
        assertThat(production.target("web", "production").path(), is("apps/web"));
        assertThat(production.target("web", "production").environmentBranch(), is("env/production"));
        assertThat(main.target("web", "dev").environmentBranch(), is(nullValue()));
        assertThat(main.branchOf("web", "production"), is("env/production"));
        assertThat(main.branchOf("web", "dev"), is(nullValue()));
        assertThat(main.branches(), contains("env/production"));
        assertThat(String.valueOf(main.branchLocation("env/production")), is("gitops.yaml:7:11"));
        assertThat(production.fileTargets("apps/web/kustomization.yaml").get(0).id(), is("web/production"));
    }

    @Test
    public void rulesOfAllEnvironmentsCountOnEveryBranch() throws Exception {
        Delivery production = Delivery.load(on("env/production", ONE_FOLDER, "apps/web/kustomization.yaml"));
        assertThat(production.environment("dev").requireReason(), is(false));
        assertThrows(UserErrorException.class, () -> production.checkReason("production", null));
    }

    @Test
    public void targetOnAnotherBranchIsRejectedWithThePlaceThatSaysSo() {
        assertThat(
                assertThrows(UserErrorException.class, () -> Delivery.load(
                                        on("main", ONE_FOLDER, "apps/web/kustomization.yaml"))
                                .target("web", "production"))
                        .getMessage(),
                is("gitops.yaml:7:11: web in production is on branch env/production, and not on main. Run it again:"
                        + " gitops.yaml has changed."));
    }

    @Test
    public void nothingIsFoundOnABranchThatThePolicyNoLongerNames() throws Exception {
        String without = HEAD + "environments: [{name: dev}, {name: production}]\n";
        Delivery production = Delivery.load(on("env/production", without, "apps/web/overlays/dev/kustomization.yaml"));
        assertThat(ids(production), empty());
        assertThrows(UserErrorException.class, () -> production.target("web", "dev"));
    }

    @Test
    public void ownBranchOfAnEnvironmentMayBeTheOneOfThePolicy() throws Exception {
        String policy = HEAD + "environments: [{name: dev, branch: main}, {name: live, branch: live}]\n";
        Delivery main = Delivery.load(on("main", policy, "apps/web/overlays/dev/kustomization.yaml"));
        assertThat(ids(main), contains("web/dev"));
        assertThat(main.branches(), contains("live"));
        assertThat(main.branchOf("web", "dev"), is(nullValue()));
    }

    @Test
    public void foldersOfOtherEnvironmentsOnABranchAreNoTargets() throws Exception {
        String policy = HEAD + "environments: [{name: dev}, {name: live, branch: live}]\n";
        String[] files = {"apps/web/overlays/dev/kustomization.yaml", "apps/web/overlays/live/kustomization.yaml"};
        assertThat(ids(Delivery.load(on("main", policy, files))), contains("web/dev"));
        Delivery live = Delivery.load(on("live", policy, files));
        assertThat(ids(live), contains("web/live"));
        assertThat(live.skipped(), empty());
    }

    @Test
    public void branchOfASingleTargetCountsBeforeThatOfItsEnvironment() throws Exception {
        String policy = HEAD
                + "targets: [{application: legacy, environment: live, path: old, branch: old}]\n"
                + "environments: [{name: live, branch: live}]\n";
        Delivery main = Delivery.load(on("main", policy));
        assertThat(main.branchOf("legacy", "live"), is("old"));
        assertThat(main.branchOf("web", "live"), is("live"));
        assertThat(ids(Delivery.load(on("old", policy, "old/kustomization.yaml"))), contains("legacy/live"));
        assertThat(ids(Delivery.load(on("live", policy, "old/kustomization.yaml"))), empty());
    }

    @Test
    public void manifestsLeadToTargetsOfTheirBranchOnly() throws Exception {
        String policy = HEAD + "environments: [{name: dev}, {name: production, branch: live}]\n";
        String manifest =
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web-production}\nspec:\n"
                        + "  source: {repoURL: u, path: x, kustomize: {images: [\"a/b:v1\"]}}\n";
        FileTree main = new PolicyOverlay(
                new InMemoryFileTree().with("argocd/web-production.yaml", manifest),
                new InMemoryFileTree().with(Delivery.FILE, policy),
                TreeBranch.ofPolicy("main"));
        assertThat(ids(Delivery.load(main)), empty());
        FileTree live = new PolicyOverlay(
                new InMemoryFileTree().with("argocd/web-production.yaml", manifest),
                new InMemoryFileTree().with(Delivery.FILE, policy),
                new TreeBranch("live", "main"));
        assertThat(ids(Delivery.load(live)), contains("web/production"));
    }

    @Test
    public void patternWithoutEnvironmentNeedsOneEnvironmentForEachBranch() {
        assertThat(
                error(
                        "applications: [{path: \"apps/{app}\"}]\nenvironments: [{name: a}, {name: b}, {name: c, branch: c}]\n"),
                is("gitops.yaml:3:23: \"apps/{app}\" has no {env}, and without branch are a, b. Write {env} in path or"
                        + " imageFile, name its environment with environment: NAME, or give each environment its own"
                        + " branch."));
        assertThat(
                error(
                        "applications: [{path: \"apps/{app}\"}]\nenvironments: [{name: a, branch: c}, {name: c, branch: c}]\n"),
                containsString("on branch c are a, c"));
        assertThat(
                error("applications: [{path: \"apps/{app}\"}]\nenvironments: [{name: a}]\n"),
                containsString("has no {env}. Write {env} in path or imageFile, or name its environment"));
        assertThat(
                assertThrows(
                                UserErrorException.class,
                                () -> Delivery.load(on(
                                        "main",
                                        HEAD + "applications: [{path: \"apps/{app}\"}]\n"
                                                + "environments: [{name: a}, {name: b, branch: main}]\n")))
                        .getMessage(),
                containsString("on branch main are a, b"));
    }

    @Test
    public void invalidBranchesAreRejected() {
        for (String name : List.of(
                "refs/heads/main",
                "env/*",
                "-x",
                "a..b",
                "a b",
                "a//b",
                "/a",
                "HEAD",
                "a.lock",
                "a~1",
                "a".repeat(201))) {
            assertThat(
                    name,
                    error("environments: [{name: dev, branch: \"" + name + "\"}]\n"),
                    containsString("gitops.yaml:3:36: \"" + name + "\" is not a valid branch name. "));
        }
        String many = IntStream.rangeClosed(0, TargetBranches.MAX_BRANCHES)
                .mapToObj(i -> "- {name: e" + i + ", branch: b" + i + "}\n")
                .collect(Collectors.joining());
        assertThat(
                error("environments:\n" + many),
                containsString("gitops.yaml:54:23: More than 50 branches are named. "));
    }

    @Test
    public void exampleOfTheDocumentationIsRead() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("gitops.root", "."), "docs", "policy.md"));
        String section = page.substring(page.indexOf("\n## Branches per environment\n"));
        String policy = section.substring(section.indexOf("```yaml\n") + "```yaml\n".length());
        policy = policy.substring(0, policy.indexOf("```"));
        assertThat(ids(Delivery.load(on("main", policy, "apps/web/kustomization.yaml"))), contains("web/dev"));
        assertThat(
                ids(Delivery.load(on("env/staging", policy, "apps/web/kustomization.yaml"))), contains("web/staging"));
        assertThat(
                ids(Delivery.load(on("env/production", policy, "apps/web/kustomization.yaml"))),
                contains("web/production"));
    }

    private static String error(String rest) {
        return assertThrows(UserErrorException.class, () -> Delivery.load(on("main", HEAD + rest)))
                .getMessage();
    }

    @Test
    public void checkReadsAllBranchesAndOneThatIsMissingTakesNoOtherAlong() throws Exception {
        Map<String, FileTree> others =
                Map.of("env/production", on("env/production", ONE_FOLDER, "apps/web/kustomization.yaml"));
        FileTree main = on("main", ONE_FOLDER, "apps/web/kustomization.yaml");
        PolicyCheck check = PolicyCheck.of(main, others::get);
        assertThat(check.errors(), empty());
        assertThat(check.warnings(), empty());
        assertThat(
                check.survey().targets().stream()
                        .map(target -> target.id() + " " + target.branch())
                        .toList(),
                contains("web/dev null", "web/production env/production"));

        PolicyCheck missing = PolicyCheck.of(main, branch -> {
            throw new UserErrorException("There is no branch " + branch, "Create it");
        });
        assertThat(missing.errors(), empty());
        assertThat(missing.warnings(), contains("gitops.yaml:7:11: There is no branch env/production. Create it."));
        assertThat(missing.survey().targets().get(0).id(), is("web/dev"));
        assertThat(missing.survey().complete(), is(false));
    }
}
