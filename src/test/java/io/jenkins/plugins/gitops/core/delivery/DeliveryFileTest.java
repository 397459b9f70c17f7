package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.delivery.BranchPolicy.ChangeRequests;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import org.junit.Test;

public class DeliveryFileTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";

    @Test
    public void readsEverySupportedField() throws Exception {
        DeliveryFile file = parse(HEAD
                + "applications:\n"
                + "- path: envs/{env}/{app}\n"
                + "  imageFile: image/kustomization.yaml\n"
                + "- {path: \"{env}\", application: my-app}\n"
                + "environments:\n"
                + "- name: production\n"
                + "  promoteFrom: staging\n"
                + "  change: direct\n"
                + "  windows: []\n"
                + "  gates: {}\n"
                + "  approval: {groups: [leads, qa], users: ['bob'], count: 2}\n"
                + "- name: dev\n"
                + "- {name: staging, promoteFrom: dev, approval: {users: [eve]}}\n");

        assertThat(
                file.patterns().stream()
                        .map(pattern -> String.valueOf(pattern.path()))
                        .toList(),
                contains("envs/{env}/{app}/image/kustomization.yaml", "{env}"));
        assertThat(
                file.patterns().stream()
                        .map(pattern -> String.valueOf(pattern.application()))
                        .toList(),
                contains("{app}", "my-app"));
        assertThat(
                "each behind the one it is promoted from",
                file.environments(),
                contains(
                        new Environment("dev", null, null),
                        new Environment("staging", "dev", new ApprovalPolicy(List.of(), List.of("eve"), 1)),
                        new Environment(
                                "production",
                                "staging",
                                new ApprovalPolicy(List.of("leads", "qa"), List.of("bob"), 2))));
    }

    @Test
    public void omittedTargetsAreDiscovered() throws Exception {
        DeliveryFile file = parse(HEAD);
        assertThat(file.patterns(), is(BuiltInLayouts.PATTERNS));
        assertThat(file.environments(), is(nullValue()));
    }

    @Test
    public void rejectsAnotherApiVersionOrKind() {
        refuses(
                "",
                "gitops.yaml: This file must contain one document. Write apiVersion: gitops.jenkins.io/v1alpha1 and"
                        + " kind: Delivery, or remove the file.");
        refuses(
                HEAD + "---\nkind: Delivery\n",
                "gitops.yaml:4:1: This file must contain one document. Write apiVersion:"
                        + " gitops.jenkins.io/v1alpha1 and kind: Delivery, or remove the file.");
        refuses("kind: Delivery\n", "gitops.yaml:1:1: \"apiVersion\" is missing in a delivery. Write apiVersion here.");
        refuses(
                "apiVersion: v2\nkind: Delivery\n",
                "gitops.yaml:1:13: apiVersion \"v2\" is not known. Write gitops.jenkins.io/v1alpha1.");
        refuses(
                "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Deliver\n",
                "gitops.yaml:2:7: kind \"Deliver\" is not known. Write Delivery.");
        refuses(
                "[]\n",
                "gitops.yaml:1:1: This is not a delivery. Write a mapping of apiVersion, kind, applications,"
                        + " targets, images, sharedFiles, image, environments.");
    }

    @Test
    public void rejectsUnknownKeys() {
        refuses(
                HEAD + "application: []\n",
                "gitops.yaml:3:1: \"application\" is not a key of a delivery. Use apiVersion, kind,"
                        + " applications, targets, images, sharedFiles, image, environments.");
        refuses(
                HEAD + "applications:\n- paht: a\n",
                "gitops.yaml:4:3: \"paht\" is not a key of an entry of applications. Use"
                        + " path, application, environment, imageFile, imagePaths, images.");
        refuses(
                HEAD + "environments:\n- name: dev\n  promotefrom: x\n",
                "gitops.yaml:5:3: \"promotefrom\" is not a key of an environment. Use name, folder, promoteFrom,"
                        + " approval, requireReason, change, gates, windows, agent, image, branch, branches, changeRequests,"
                        + " rollback, registries, rename.");
        refuses(
                HEAD + "environments:\n- name: dev\n  approval: {group: [a]}\n",
                "gitops.yaml:5:14: \"group\" is not a key of an"
                        + " approval. Use groups, users, count, unknownRequester.");
        refuses(
                HEAD + "environments:\n- name: dev\n  gates: {soka: 1}\n",
                "gitops.yaml:5:11: \"soka\" is not a key of gates. Use soak.");
        refuses(
                HEAD + "? [a]\n: b\n",
                "gitops.yaml:3:3: This is not a key of a delivery. Use apiVersion, kind, applications,"
                        + " targets, images, sharedFiles, image, environments.");
        refuses(
                HEAD + "<<: {a: b}\n",
                "gitops.yaml:3:1: \"<<\" is not a key of a delivery. Use apiVersion, kind, applications,"
                        + " targets, images, sharedFiles, image, environments.");
        refuses(
                HEAD + "kind: Delivery\n",
                "gitops.yaml:3:1: The key \"kind\" is listed twice, after line 2."
                        + " Remove one of the two in Git first, because parsers differ in which one they use.");
    }

    @Test
    public void rejectsWrongTypes() {
        refuses(
                HEAD + "environments: dev\n",
                "gitops.yaml:3:15: \"environments\" is not a list. Write a list here, or remove the key.");
        refuses(
                HEAD + "applications:\n",
                "gitops.yaml:3:14: \"applications\" is not a list. Write a list here, or remove the key.");
        refuses(HEAD + "applications: []\n", "gitops.yaml:3:15: There is no application. Name one, or remove the key.");
        refuses(HEAD + "environments: []\n", "gitops.yaml:3:15: There is no environment. Name one, or remove the key.");
        refuses(
                HEAD + "environments: [dev]\n",
                "gitops.yaml:3:16: This is not an environment. Write a mapping of name, folder, promoteFrom, approval,"
                        + " requireReason, change, gates, windows, agent, image, branch, branches, changeRequests, rollback,"
                        + " registries, rename.");
        refuses(
                HEAD + "environments: [{name: [dev]}]\n",
                "gitops.yaml:3:23: \"name\" is not a string. Write a string here.");
        refuses(
                HEAD + "environments: [{name: }]\n",
                "gitops.yaml:3:22: \"name\" is not a string. Write a string here.");
        refuses(
                HEAD + "environments: [{name: on}]\n",
                "gitops.yaml:3:23: \"name\" is not a string, since YAML reads on as"
                        + " something else. Put it in quotes.");
        refuses(
                HEAD + "environments: [{promoteFrom: dev}]\n",
                "gitops.yaml:3:16: \"name\" is missing in an environment. Write name here.");
        refuses(
                HEAD + "environments: [{name: dev, approval: {users: [a], count: 0}}]\n",
                "gitops.yaml:3:58: \"count\" is not a whole number of 1 or more. Write 1, 2 or more.");
        refuses(
                HEAD + "environments: [{name: dev, approval: {users: [a], count: '1'}}]\n",
                "gitops.yaml:3:58: \"count\" is not a whole number of 1 or more. Write 1, 2 or more.");
        refuses(
                HEAD + "environments: [{name: dev, approval: {users: [\"a\\nb\"]}}]\n",
                "gitops.yaml:3:47: \"users\" contains" + " a line break or another control character. Remove it.");
    }

    @Test
    public void rejectsContradictions() {
        refuses(
                HEAD + "environments:\n- {name: dev}\n- {name: staging, promoteFrom: prod}\n",
                "gitops.yaml:5:32: There is no" + " environment \"prod\" to promote from. Use one of dev, staging.");
        refuses(
                HEAD
                        + "environments:\n"
                        + "- {name: a, promoteFrom: c}\n"
                        + "- {name: b, promoteFrom: a}\n"
                        + "- {name: c, promoteFrom: b}\n",
                "gitops.yaml:4:26: Promotion forms a cycle: a, c, b are promoted from each other. Remove"
                        + " promoteFrom from the environment that gets images first.");
        refuses(
                HEAD + "environments: [{name: a, promoteFrom: a}]\n",
                "gitops.yaml:3:39: Promotion forms a cycle: a"
                        + " is promoted from itself. Remove promoteFrom from the environment that gets images first.");
        refuses(
                HEAD + "environments: [{name: dev}, {name: dev}]\n",
                "gitops.yaml:3:36: The environment \"dev\" is listed twice. Remove one of the two.");
        refuses(
                HEAD + "environments: [{name: _dev}]\n",
                "gitops.yaml:3:23: \"_dev\" is not a valid environment name. Use letters, digits, '-', '_' and '.',"
                        + " with a letter or digit at both ends and no two dots together.");
        refuses(
                HEAD + "environments: [{name: dev, approval: {}}]\n",
                "gitops.yaml:3:38: No one may approve for dev. Name groups or users, or remove approval.");
        refuses(
                HEAD + "environments: [{name: dev, approval: {users: [a], count: 2}}]\n",
                "gitops.yaml:3:58: 2 approvals can"
                        + " never be reached with user a. Name more users or a group, or require fewer approvals.");
        refuses(
                HEAD + "environments: [{name: dev, approval: {users: [a, a]}}]\n",
                "gitops.yaml:3:50: \"a\" is listed twice in \"users\". Remove one of the two.");
    }

    @Test
    public void twoGroupsRequireTwoApprovalsByDefault() throws Exception {
        for (Object[] row : new Object[][] {
            {"groups: [a]", 1},
            {"users: [a, b]", 1},
            {"groups: [a, b]", 2},
            {"groups: [a, b, c], users: [d]", 3},
            {"groups: [a, b], count: 1", 1},
            {"groups: [a, b], count: 3", 3}
        }) {
            String approval = (String) row[0];
            assertThat(
                    approval,
                    environment("approval: {" + approval + "}").approval().count(),
                    is(row[1]));
        }
    }

    @Test
    public void promotionWithoutKnownContributorsIsRejectedUnlessAllowed() throws Exception {
        assertThat(environment("approval: {users: [a]}").approval().allowsUnknownRequester(), is(false));
        assertThat(
                environment("approval: {users: [a], unknownRequester: refuse}")
                        .approval()
                        .allowsUnknownRequester(),
                is(false));
        assertThat(
                environment("approval: {users: [a], unknownRequester: allow}")
                        .approval()
                        .allowsUnknownRequester(),
                is(true));
        refuses(
                HEAD + "environments:\n- name: dev\n  approval: {users: [a], unknownRequester: yes please}\n",
                "gitops.yaml:5:44: \"yes please\" is not a valid value of \"unknownRequester\". Use one of refuse,"
                        + " allow.");
    }

    @Test
    public void readsBranchPatterns() throws Exception {
        assertThat(environment("requireReason: true").branches(), is(BranchPolicy.DEFAULT));
        assertThat(
                "who names branches means no change requests",
                environment("branches: [main, 'release/*', 'feature/**', 'tag:v*']")
                        .branches(),
                is(new BranchPolicy(List.of("main", "release/*", "feature/**", "tag:v*"), ChangeRequests.REFUSE)));
        assertThat(
                environment("branches: [main]\n  changeRequests: sameRepository")
                        .branches(),
                is(new BranchPolicy(List.of("main"), ChangeRequests.SAME_REPOSITORY)));
        assertThat(
                environment("changeRequests: refuse").branches(),
                is(new BranchPolicy(List.of(), ChangeRequests.REFUSE)));
        assertThat(environment("changeRequests: all").branches(), is(new BranchPolicy(List.of(), ChangeRequests.ALL)));
    }

    @Test
    public void rejectsInvalidBranchPatterns() {
        String head = HEAD + "environments:\n- name: dev\n  ";
        for (String pattern : List.of("a b", "a//b", "/a", "a/", "a[b]", "a?", "***", "a:b", "tag:", "a".repeat(256))) {
            refuses(
                    head + "branches: ['" + pattern + "']\n",
                    "gitops.yaml:5:13: \"" + pattern + "\" is not a valid branch pattern. Write a branch name as in"
                            + " main, release/* or feature/**, or tag:v* for tags.");
        }
        refuses(
                head + "branches: []\n",
                "gitops.yaml:5:13: \"branches\" is empty. Name a branch, or remove the key so that every branch"
                        + " may deliver.");
        refuses(
                head + "branches: main\n",
                "gitops.yaml:5:13: \"branches\" is not a list. Write a list here, or remove the key.");
        refuses(
                head + "changeRequests: forks\n",
                "gitops.yaml:5:19: \"forks\" is not a valid value of \"changeRequests\". Use one of refuse,"
                        + " sameRepository, all.");
    }

    @Test
    public void readsRollbackRules() throws Exception {
        String revision = "0123456789abcdef0123456789abcdef01234567";
        assertThat(environment("requireReason: true").rollback(), is(RollbackPolicy.DEFAULT));
        assertThat(environment("rollback: {}").rollback(), is(RollbackPolicy.DEFAULT));
        assertThat(
                environment("rollback: {users: [bob], groups: [leads], approval: true, toUnapproved: true, verified:"
                                + " ['example.com/a:1.0', '" + revision + "']}")
                        .rollback(),
                is(new RollbackPolicy(
                        List.of("bob"), List.of("leads"), true, true, List.of("example.com/a:1.0", revision))));
    }

    @Test
    public void rejectsEmptyRollbackRules() {
        String head = HEAD + "environments:\n- name: dev\n  rollback: ";
        refuses(
                head + "{to: x}\n",
                "gitops.yaml:5:14: \"to\" is not a key of a rollback. Use users, groups, approval, toUnapproved,"
                        + " verified.");
        refuses(
                head + "{toUnapproved: 'yes'}\n",
                "gitops.yaml:5:28: \"toUnapproved\" is neither true nor false. Write true or false.");
        for (String state : List.of("1.0", "0123456", "example.com/a", "Example/A:1")) {
            refuses(
                    head + "{verified: ['" + state + "']}\n",
                    "gitops.yaml:5:24: \"" + state + "\" is neither an image nor a revision. Write an image with its"
                            + " tag or digest as it is in Git, or all 40 digits of a revision.");
        }
    }

    @Test
    public void readsRunningImagesRequirement() throws Exception {
        assertThat(environment("requireReason: true").image(), is(ImagePolicy.WHERE_SEEN));
        assertThat(environment("image: required").image(), is(ImagePolicy.REQUIRED));
        assertThat(environment("image: warn").image(), is(ImagePolicy.WARN));
        DeliveryFile file = parse(HEAD + "image: required\nenvironments:\n- name: dev\n  image: warn\n- name: live\n");
        assertThat(
                file.environments().stream().map(Environment::image).toList(),
                contains(ImagePolicy.WARN, ImagePolicy.REQUIRED));
        assertThat(parse(HEAD + "image: warn\n").image(), is(ImagePolicy.WARN));
    }

    @Test
    public void rejectsUnknownRunningImagesValue() {
        refuses(
                HEAD + "image: maybe\n",
                "gitops.yaml:3:8: \"maybe\" is not a valid value of \"image\". Use one of required, warn.");
        refuses(
                HEAD + "environments:\n- name: dev\n  image: [required]\n",
                "gitops.yaml:5:10: \"image\" is not a string. Write a string here.");
    }

    private static Environment environment(String rules) throws UserErrorException {
        return parse(HEAD + "environments:\n- name: dev\n  " + rules + "\n")
                .environments()
                .get(0);
    }

    @Test
    public void rejectsUnsupportedFields() {
        String tail = " is not supported yet, and ignoring it would weaken the policy. ";
        refuses(
                HEAD + "environments:\n- name: dev\n  change: pullRequest\n",
                "gitops.yaml:5:3: change: pullRequest" + tail
                        + "Use change: direct, and protect this environment with approval.");
        refuses(
                HEAD + "environments:\n- name: dev\n  gates: {soak: 10m}\n",
                "gitops.yaml:5:3: gates.soak" + tail + "Remove it, and protect this environment with approval.");
        refuses(
                HEAD + "environments:\n- name: dev\n  windows:\n  - {kind: allow}\n",
                "gitops.yaml:5:3: windows" + tail + "Remove them, and protect this environment with approval.");
        refuses(
                HEAD + "environments:\n- name: dev\n  change: merge\n",
                "gitops.yaml:5:11: There is no change \"merge\". Use direct.");
    }

    @Test
    public void rejectsInvalidFolderPatterns() {
        refusesPath(
                "path: apps/{app}",
                "gitops.yaml:4:9: \"apps/{app}\" has no {env}. Write {env} in path or imageFile, or name its"
                        + " environment with environment: NAME.");
        refusesPath(
                "path: apps/{app}{env}",
                "gitops.yaml:4:9: Nothing separates two placeholders of \"{app}{env}\". Put a character such as '-'"
                        + " between them.");
        refusesPath(
                "path: apps/*/{env}",
                "gitops.yaml:4:9: \"*\" is not a valid name. Write {app}, {env} or another {NAME} for the parts that"
                        + " differ; NAME is a letter, then letters, digits and '_'.");
        for (String path : List.of(
                "/apps/{app}/{env}", "apps/{app}/{env}/", "../{app}/{env}", "a//{app}/{env}", "./{app}/{env}")) {
            refusesPath(
                    "path: " + path,
                    "gitops.yaml:4:9: \"" + path + "\" is not a valid relative path. Write it without"
                            + " leading and trailing slashes, without \".\", \"..\" and backslashes.");
        }
        refusesPath(
                "path: k8s/{env}",
                "gitops.yaml:4:9: \"k8s/{env}\" has no {app}. Write {app} in path or imageFile, or name its"
                        + " application with application: NAME.");
        refusesPath(
                "path: k8s/{app}/{env}\n  application: a",
                "gitops.yaml:5:16: \"k8s/{app}/{env}\" has {app}, so the application has a name already. Remove"
                        + " application, write {app} in it, or call the placeholder something else.");
        refusesPath(
                "path: k8s/{app}/{env}\n  environment: '{stage}'",
                "gitops.yaml:5:16: \"k8s/{app}/{env}\" has {env}, so the environment has a name already. Remove"
                        + " environment, write {env} in it, or call the placeholder something else.");
        refusesPath(
                "path: k8s/{app}/{stage}\n  environment: '{stage}-{region}'",
                "gitops.yaml:5:16: \"{region}\" is neither in path nor in imageFile. Use a placeholder of"
                        + " \"k8s/{app}/{stage}\".");
        refusesPath(
                "path: k8s/{env}\n  application: ../a",
                "gitops.yaml:5:16: \"../a\" is not a valid application name. Use letters, digits, '-', '_' and '.',"
                        + " with a letter or digit at both ends and no two dots together.");
        refusesPath(
                "path: k8s/{app}/{env}\n  imageFile: ../a.yaml",
                "gitops.yaml:5:14: \"../a.yaml\" is not a valid relative path. Write it without leading and trailing"
                        + " slashes, without \".\", \"..\" and backslashes.");
        refusesPath(
                "path: k8s/{app}/{env}\n- path: k8s/{app}/{env}",
                "gitops.yaml:5:9: \"k8s/{app}/{env}\" is listed twice. Remove one of the two.");
    }

    @Test
    public void readsImagePathsAndEnvironmentsInFileNames() throws Exception {
        DeliveryFile file = parse(HEAD + "applications:\n- path: charts/{app}\n  imageFile: values-{env}.yaml\n"
                + "  imagePaths: [backend.image, worker.image]\n- path: charts/{app}\n"
                + "  imageFile: envs/{app}.{env}.yaml\n");
        assertThat(
                file.patterns().stream().map(LayoutPattern::toString).toList(),
                contains("charts/{app}/values-{env}.yaml", "charts/{app}/envs/{app}.{env}.yaml"));
        assertThat(file.patterns().get(0).imagePaths(), contains("backend.image", "worker.image"));
        assertThat(file.patterns().get(1).imagePaths(), is(List.of()));
    }

    @Test
    public void rejectsInvalidImageFilesAndPaths() {
        refusesPath(
                "path: k8s/{app}/{env}\n  imageFile: '{tag.yaml'",
                "gitops.yaml:5:14: \"{tag.yaml\" is not a valid name. Write {app}, {env} or another {NAME} for the"
                        + " parts that differ; NAME is a letter, then letters, digits and '_'.");
        refusesPath(
                "path: k8s/{app}/{env}\n  imagePaths: [a..b]",
                "gitops.yaml:5:15: \"a..b\" is not a valid path of keys. Separate the keys with dots, as in"
                        + " backend.image, with [0] or [name=web] for an item of a list, and a backslash before a dot in a"
                        + " key.");
        refusesPath(
                "path: k8s/{app}/{env}\n  imagePaths: backend.image",
                "gitops.yaml:5:15: \"imagePaths\" is not a list. Write a list here, or remove the key.");
    }

    @Test
    public void rejectsTargetsThatAreNotOne() {
        String head = HEAD + "environments: [{name: dev}]\ntargets:\n- ";
        refuses(
                head + "{application: a, environment: dev}\n",
                "gitops.yaml:5:3: \"path\" is missing in an entry of targets. Write path here.");
        refuses(
                head + "{application: a, environment: qa, path: x}\n",
                "gitops.yaml:5:33: There is no environment \"qa\". Use one of dev, or add it to environments.");
        refuses(
                head + "{application: a, environment: dev, path: x}\n- {application: a, environment: dev, path: z}\n",
                "gitops.yaml:6:3: The target a/dev is listed twice. Remove one of the two.");
        refuses(
                head + "{application: a, environment: dev, path: ../x}\n",
                "gitops.yaml:5:44: \"../x\" is not a valid relative path. Write it without leading and trailing"
                        + " slashes, without \".\", \"..\" and backslashes.");
        refuses(
                HEAD + "targets:\n" + "- {application: a, environment: dev, path: x}\n".repeat(1_001),
                "gitops.yaml:4:1: \"targets\" has 1001 entries, and no more than 1000 are read. Write fewer.");
    }

    @Test
    public void rejectsFoldersThatCannotBeToldApart() {
        refuses(
                HEAD + "environments: [{name: dev}, {name: test, folder: dev}]\n",
                "gitops.yaml:3:50: Two environments have the folder \"dev\". Change folder of one of them.");
        refuses(
                HEAD + "environments: [{name: dev, folder: a/b}]\n",
                "gitops.yaml:3:36: \"a/b\" is more than one folder. Write what is in the place of {env} in a path; for"
                        + " several parts, use several placeholders and environment: in applications.");
        refuses(
                HEAD + "environments: [{name: dev}]\napplications: [{path: 'a/{app}', environment: qa}]\n",
                "gitops.yaml:4:47: There is no environment \"qa\". Use one of dev, or add it to environments.");
    }

    private static void refusesPath(String entry, String message) {
        refuses(HEAD + "applications:\n- " + entry + "\n", message);
    }

    private static void refuses(String content, String message) {
        assertThat(assertThrows(UserErrorException.class, () -> parse(content)).getMessage(), is(message));
    }

    private static DeliveryFile parse(String content) throws UserErrorException {
        return DeliveryFile.parse("gitops.yaml", content.getBytes(UTF_8));
    }
}
