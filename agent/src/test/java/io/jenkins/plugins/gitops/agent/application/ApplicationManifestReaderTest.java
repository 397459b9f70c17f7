package io.jenkins.plugins.gitops.agent.application;

import static io.jenkins.plugins.gitops.agent.application.ManifestFolder.LEAST;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.util.List;
import org.junit.Test;

/** Reading files, documents and names; {@link ApplicationSpecReaderTest} covers the spec. */
public class ApplicationManifestReaderTest {
    private static final String FIELDS = "apiVersion, kind, metadata, spec";

    @Test
    public void everyDocumentOfEveryManifestFileInTheFolderIsRead() throws Exception {
        ManifestFolder manifestFolder = new ManifestFolder()
                .with("b.yml", named("b"))
                .with("a.yaml", named("a") + "---\n# nothing\n---\n" + named("aa"))
                .with("c.json", "{}")
                .with("notes.md", "text: [")
                .with("e.yaml.orig", "text: [");
        assertThat(manifestFolder.read().stream().map(ApplicationManifest::name).toList(), is(List.of("a", "aa", "b")));
        assertThat(
                manifestFolder.read().stream()
                        .map(ApplicationManifest::problem)
                        .distinct()
                        .toList()
                        .get(0),
                nullValue());
        assertThat(manifestFolder.read().get(2).file(), is("clusters/dev/b.yml"));
    }

    @Test
    public void emptyFolderAndEmptyFilesGiveNothing() throws Exception {
        assertThat(new ManifestFolder().read(), is(List.of()));
        assertThat(
                new ManifestFolder()
                        .with("a.yaml", "")
                        .with("b.yaml", "# only\n---\n")
                        .read(),
                is(List.of()));
    }

    @Test
    public void otherKindsAreLeftOut() throws Exception {
        ManifestFolder manifestFolder = new ManifestFolder()
                .with("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nanything: else\n")
                .with("b.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: b}\n")
                .with("c.yaml", "apiVersion: app.k8s.io/v1beta1\nkind: Application\nmetadata: {name: c}\n")
                .with("d.yaml", "kind: Application\n")
                .with("e.yaml", "[a, list]\n--- text\n");
        assertThat(manifestFolder.read(), is(List.of()));
    }

    @Test
    public void applicationSetIsRejectedRatherThanIgnored() throws Exception {
        String set = "# one for all\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: app}\n";
        List<ApplicationManifest> read = new ManifestFolder()
                .with("set.yaml", set)
                .with("app.yaml", LEAST)
                .read();
        assertThat(read.get(0).name(), is("app"));
        assertThat(read.get(0).problem(), nullValue());
        assertThat(
                read.get(1),
                is(refused(
                        "set.yaml",
                        "set.yaml",
                        null,
                        "2:1: An ApplicationSet is not supported. Write its Applications out.")));
    }

    @Test
    public void applicationsThatAreNotReadAreReported() throws Exception {
        String list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: argoproj.io/v1alpha1\n  kind: Application\n"
                + "  metadata: {name: listed}\n  spec: {source: {path: apps/listed}}\n";
        String json = "{\"apiVersion\": \"argoproj.io/v1alpha1\", \"kind\": \"Application\","
                + " \"metadata\": {\"name\": \"json\"}}";
        List<ApplicationManifest> read = new ManifestFolder()
                .with("app.yaml", LEAST)
                .with("list.yaml", list)
                .with("old.yaml", named("old").replace("v1alpha1", "v1beta1"))
                .with("one.json", json)
                .with("other.json", "{\"name\": \"package\"}")
                .with("team/deep/below.yaml", named("below"))
                .with("team/chart.yaml", "apiVersion: argoproj.io/v1alpha1\nname: {{ .Release.Name }}\n")
                .read();
        assertThat(
                read.stream().map(ApplicationManifest::problem).toList(),
                containsInAnyOrder(
                        nullValue(),
                        is("clusters/dev/list.yaml:4:3: An Application in a list is not read."
                                + " Write it as a separate YAML document."),
                        is("clusters/dev/old.yaml:1:1: An Application of argoproj.io/v1beta1 is not supported."
                                + " Write apiVersion: argoproj.io/v1alpha1."),
                        is("clusters/dev/one.json:1:1: An Application in a JSON file is not read."
                                + " Write it in a .yaml file."),
                        is("clusters/dev/team/deep/below.yaml:1:1: An Application below clusters/dev is not read."
                                + " Move the file up into that folder.")));
        assertThat(
                read.stream().map(ApplicationManifest::name).toList(),
                is(List.of("app", "listed", "old", "json", "below")));
        assertThat(read.get(1).path(), is("apps/listed"));
    }

    @Test
    public void ignoredApplicationDoesNotConflictWithOneOfTheSameName() throws Exception {
        List<ApplicationManifest> read = new ManifestFolder()
                .with("app.yaml", LEAST)
                .with("team/app.yaml", LEAST)
                .read();
        assertThat(read.size(), is(1));
        assertThat(read.get(0).problem(), nullValue());
    }

    @Test
    public void filesDeployedByAnApplicationAreNotReadAsApplications() throws Exception {
        List<ApplicationManifest> read = new ManifestFolder()
                .with("parent.yaml", LEAST.replace("path: apps/app", "path: clusters/dev/children"))
                .with("children/child.yaml", named("child"))
                .read();
        assertThat(read.stream().map(ApplicationManifest::name).toList(), is(List.of("app")));
    }

    @Test
    public void applicationsOfAProjectThatIsNotEnforcedAreRejected() throws Exception {
        String inTeam = LEAST.replace("spec:\n", "spec:\n  project: team\n");
        String project = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: team}\nspec: {}\n";
        for (String file : List.of("team.yaml", "projects/team.yaml", "team.json")) {
            ManifestFolder manifestFolder = new ManifestFolder()
                    .with("a.yaml", inTeam)
                    .with("b.yaml", named("b"))
                    .with(
                            file,
                            file.endsWith("json")
                                    ? "{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: team}}"
                                    : project);
            List<ApplicationManifest> read = manifestFolder.read();
            assertThat(
                    read.get(0),
                    is(refused(
                            "app",
                            "a.yaml",
                            "apps/app",
                            "6:12: The agent does not enforce AppProject team (clusters/dev/" + file
                                    + ":1:1). Deploy this application with Argo CD, or limit the agent by its RBAC and"
                                    + " write ignoreAppProjects: true in its configuration.")));
            assertThat(read.get(1).problem(), nullValue());
            assertThat(read.get(1).warning(), nullValue());
            assertThat(manifestFolder.read(true).get(0).problem(), nullValue());
        }
        assertThat(new ManifestFolder().with("a.yaml", inTeam).read().get(0).problem(), nullValue());
    }

    @Test
    public void restrictiveDefaultProjectIsAWarning() throws Exception {
        String head = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: default}\n";
        String open = "spec:\n  sourceRepos: ['*']\n  destinations: [{namespace: '*', server: '*'}]\n"
                + "  clusterResourceWhitelist: [{group: '*', kind: '*'}]\n";
        ManifestFolder manifestFolder = new ManifestFolder().with("a.yaml", LEAST);
        assertThat(manifestFolder.with("p.yaml", head + open).read().get(0).warning(), nullValue());
        for (String spec : List.of(
                "spec: {sourceRepos: [], destinations: []}\n",
                open + "  syncWindows: [{kind: deny}]\n",
                open.replace("namespace: '*'", "namespace: shop"),
                "")) {
            manifestFolder.with("p.yaml", head + spec);
            assertThat(
                    manifestFolder.read().get(0).warning(),
                    is("AppProject default (clusters/dev/p.yaml:1:1) is not enforced; limit the agent by its RBAC, and"
                            + " write ignoreAppProjects: true in its configuration if that is enough"));
            assertThat(manifestFolder.read().get(0).problem(), nullValue());
            assertThat(manifestFolder.read(true).get(0).warning(), nullValue());
        }
    }

    @Test
    public void skippedApplicationIsMarked() throws Exception {
        String skip = "  name: app\n  annotations: {argocd.argoproj.io/skip-reconcile: %s}\n";
        for (String yes : List.of("\"true\"", "'1'", "True")) {
            assertThat(readWith(skip.formatted(yes)).skipped(), is(true));
        }
        for (String no : List.of("\"false\"", "'0'")) {
            assertThat(readWith(skip.formatted(no)).skipped(), is(false));
        }
        assertThat(new ManifestFolder().with("a.yaml", LEAST).read().get(0).skipped(), is(false));
        assertThat(
                readWith(skip.formatted("'yes'")).problem(),
                is("clusters/dev/a.yaml:1:1: argocd.argoproj.io/skip-reconcile is neither true nor false."
                        + " Write \"true\" or remove it."));
    }

    private static ApplicationManifest readWith(String metadata) throws IOException {
        return new ManifestFolder()
                .with("a.yaml", LEAST.replace("  name: app\n", metadata))
                .read()
                .get(0);
    }

    @Test
    public void unparsableFileDoesNotBlockOthers() throws Exception {
        List<ApplicationManifest> read = new ManifestFolder()
                .with("a.yaml", named("a"))
                .with("b.yaml", "kind: Application\nmetadata: [\n")
                .with("c.yaml", named("b"))
                .with("d.yaml", "a: 1\na: 2\n")
                .read();
        assertThat(read.stream().map(ApplicationManifest::name).toList(), is(List.of("a", "b.yaml", "b", "d.yaml")));
        assertThat(read.get(0).problem(), nullValue());
        assertThat(read.get(1).spec(), nullValue());
        assertThat(read.get(1).path(), nullValue());
        assertThat(
                read.get(1).problem(),
                is("clusters/dev/b.yaml:3:1: This is not YAML: expected the node content, but found '<stream end>'."
                        + " Fix the file in Git first."));
        assertThat(
                "the name of a broken file is not the name of an application",
                read.get(2).problem(),
                nullValue());
        assertThat(read.get(3).problem().startsWith("clusters/dev/d.yaml:2:1: "), is(true));
    }

    @Test
    public void unreadableFileIsRejected() throws Exception {
        List<ApplicationManifest> read = new ManifestFolder()
                .with("a.yaml", named("a"))
                .with("b.yaml", "\u0000")
                .read();
        assertThat(read.get(0).problem(), nullValue());
        assertThat(
                read.get(1).problem(),
                is("clusters/dev/b.yaml:1:1: This is not YAML: the character is not allowed."
                        + " Fix the file in Git first."));
    }

    @Test
    public void unknownFieldsAreRejectedWithTheirLocation() throws Exception {
        assertProblem(
                LEAST + "operation: {}\n", "12:1: \"operation\" is not a key of an Application. Use " + FIELDS + ".");
        assertProblem(LEAST + "status: {}\n", "12:1: \"status\" is not a key of an Application. Use " + FIELDS + ".");
        assertProblem(LEAST + "<<: {}\n", "12:1: \"<<\" is not a key of an Application. Use " + FIELDS + ".");
        assertProblem(LEAST + "[a]: {}\n", "12:1: This is not a key of an Application. Use " + FIELDS + ".");
        assertProblem(
                LEAST.replace("  name: app\n", "  name: app\n  generateName: app-\n"),
                "5:3: \"generateName\" is not a key of an Application's metadata."
                        + " Use name, namespace, labels, annotations, finalizers.");
    }

    @Test
    public void manifestWithoutRequiredPartsIsRejected() throws Exception {
        String head = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n";
        assertNameless(head, "1:1: metadata is missing. Name the application.");
        assertNameless(
                head + "metadata: app\n",
                "3:11: This is not an Application's metadata."
                        + " Write a mapping of name, namespace, labels, annotations, finalizers.");
        assertNameless(
                head + "metadata: {labels: {}}\n",
                "3:11: \"name\" is missing in an Application's metadata. Write name here.");
        assertProblem(head + "metadata: {name: app}\n", null, "1:1: spec is missing. Write what to deploy and where.");
        assertProblem(
                head + "metadata: {name: app}\nspec:\n",
                null,
                "4:6: This is not an Application's spec. Write a mapping of project, source, destination,"
                        + " syncPolicy, ignoreDifferences, info, revisionHistoryLimit.");
    }

    @Test
    public void nameMustBeAValidKubernetesName() throws Exception {
        String remedy = " is not a name of a Kubernetes object. Use lower-case letters, digits, dots and dashes.";
        for (String name : List.of("App", "an app", "app/one", "app:one", "-app", "app.", "änderung")) {
            assertNameless(namedAs("'" + name + "'"), "4:9: \"" + name + "\"" + remedy);
        }
        assertNameless(namedAs(""), "4:8: \"name\" is not a string. Write a string here.");
        assertNameless(namedAs("[app]"), "4:9: \"name\" is not a string. Write a string here.");
        assertNameless(
                namedAs("17"),
                "17",
                "4:9: \"name\" is not a string, since YAML reads 17 as something else. Put it in quotes.");
        assertNameless(
                namedAs("\"app\\nforged\""),
                "4:9: \"name\" contains a line break or another control character. Remove it.");
        String longest = "a".repeat(253);
        assertThat(
                new ManifestFolder()
                        .with("a.yaml", namedAs(longest))
                        .read()
                        .get(0)
                        .problem(),
                nullValue());
        assertNameless(namedAs(longest + "a"), longest + "a", "4:9: \"" + longest + "a\"" + remedy);
    }

    @Test
    public void duplicatesAreBothRejectedAndOthersContinue() throws Exception {
        List<ApplicationManifest> read = new ManifestFolder()
                .with("a.yaml", named("twin"))
                .with("b.yaml", named("other"))
                .with("c.yaml", named("twin"))
                .read();
        assertThat(
                read.get(0),
                is(refused(
                        "twin",
                        "a.yaml",
                        "apps/app",
                        "The application twin is also defined in clusters/dev/a.yaml. Remove or rename one of the two.",
                        "clusters/dev/c.yaml: ")));
        assertThat(read.get(1).problem(), nullValue());
        assertThat(read.size(), is(2));
    }

    @Test
    public void allDuplicatesAreRejectedAlsoWithinOneFile() throws Exception {
        List<ApplicationManifest> read = new ManifestFolder()
                .with("a.yaml", LEAST)
                .with("b.yaml", LEAST)
                .with("c.yaml", LEAST)
                .read();
        assertThat(read.size(), is(1));
        assertThat(
                read.get(0).problem(),
                is("clusters/dev/c.yaml: The application app is also defined in clusters/dev/a.yaml."
                        + " Remove or rename one of the two."));
        assertThat(
                new ManifestFolder()
                        .with("a.yaml", LEAST + "---\n" + LEAST)
                        .read()
                        .get(0)
                        .problem(),
                is("clusters/dev/a.yaml: The application app is also defined in clusters/dev/a.yaml."
                        + " Remove or rename one of the two."));
    }

    @Test
    public void invalidDuplicateStillConflicts() throws Exception {
        List<ApplicationManifest> read = new ManifestFolder()
                .with("a.yaml", LEAST + "status: {}\n")
                .with("b.yaml", LEAST)
                .read();
        assertThat(read.size(), is(1));
        assertThat(read.get(0).spec(), nullValue());
    }

    @Test
    public void manifestsWithoutANameKeepTheirOwnError() throws Exception {
        String nameless = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n";
        List<ApplicationManifest> read = new ManifestFolder()
                .with("a.yaml", nameless + "---\n" + nameless)
                .read();
        assertThat(
                read,
                is(List.of(refused("a.yaml", "a.yaml", null, "1:1: metadata is missing. Name the application."))));
    }

    @Test
    public void rejectedManifestStillNamesItsSource() throws Exception {
        String messy = LEAST.replace("apps/app", "./apps/app/") + "status: {}\n";
        ApplicationManifest read =
                new ManifestFolder().with("a.yaml", messy).read().get(0);
        assertThat(read.path(), is("apps/app"));
        assertThat(read.spec(), nullValue());
    }

    private static String named(String name) {
        return LEAST.replace("  name: app\n", "  name: " + name + "\n");
    }

    private static String namedAs(String yaml) {
        return named(yaml);
    }

    private static ApplicationManifest refused(String name, String file, String path, String problem) {
        return refused(name, file, path, problem, "clusters/dev/" + file + ":");
    }

    private static ApplicationManifest refused(String name, String file, String path, String problem, String place) {
        return new ApplicationManifest(name, "clusters/dev/" + file, path, null, place + problem);
    }

    private static void assertProblem(String manifest, String problem) throws IOException {
        assertProblem(manifest, "apps/app", problem);
    }

    private static void assertProblem(String manifest, String path, String problem) throws IOException {
        assertThat(
                new ManifestFolder().with("a.yaml", manifest).read(),
                is(List.of(refused("app", "a.yaml", path, problem))));
    }

    private static void assertNameless(String manifest, String problem) throws IOException {
        assertNameless(manifest, "a.yaml", problem);
    }

    private static void assertNameless(String manifest, String shown, String problem) throws IOException {
        ApplicationManifest read =
                new ManifestFolder().with("a.yaml", manifest).read().get(0);
        assertThat(read.problem(), is("clusters/dev/a.yaml:" + problem));
        assertThat(read.name(), is(shown));
        assertThat(read.spec(), nullValue());
    }
}
