package io.jenkins.plugins.gitops.agent.application;

import static io.jenkins.plugins.gitops.agent.application.ManifestFolder.LEAST;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ApplicationSpecReaderTest {
    private static final String OPTIONS =
            "[ApplyOutOfSyncOnly, CreateNamespace, Delete, Force, Prune, PruneLast, PrunePropagationPolicy, Replace,"
                    + " RespectIgnoreDifferences, ServerSideApply, SkipDryRunOnMissingResource, Validate]";

    @Test
    public void minimalManifestGetsArgoCdsDefaults() throws Exception {
        assertThat(
                spec(""),
                is(new ApplicationSpec(
                        "apps/app",
                        "app-dev",
                        false,
                        false,
                        false,
                        false,
                        false,
                        "foreground",
                        RetryPolicy.DEFAULT,
                        List.of(),
                        ResourceOptions.NONE)));
    }

    @Test
    public void completeManifestIsRead() throws Exception {
        assertThat(
                spec("""
                          project: payments-team
                          syncPolicy:
                            automated: {prune: true, selfHeal: true, allowEmpty: true}
                            syncOptions:
                            - CreateNamespace=true
                            - PrunePropagationPolicy=background
                            - PruneLast=true
                            - RespectIgnoreDifferences=true
                            - ServerSideApply=true
                            - Replace=true
                            retry: {limit: 3, backoff: {duration: 10s, factor: 3, maxDuration: 1h30m}}
                          ignoreDifferences:
                          - {group: apps, kind: Deployment, name: app, namespace: ns, jsonPointers: [/spec/replicas]}
                          - {kind: Secret, jsonPointers: [/data/a~1b, /data/c~0d]}
                          - {group: "", kind: ConfigMap}
                        """),
                is(new ApplicationSpec(
                        "apps/app",
                        "app-dev",
                        true,
                        true,
                        true,
                        true,
                        true,
                        "background",
                        new RetryPolicy(3, Duration.ofSeconds(10), 3, Duration.ofMinutes(90)),
                        List.of(
                                new IgnoreDifferenceRule("apps", "Deployment", "app", "ns", List.of("/spec/replicas")),
                                new IgnoreDifferenceRule("", "Secret", null, null, List.of("/data/a~1b", "/data/c~0d")),
                                new IgnoreDifferenceRule("", "ConfigMap", null, null, List.of())),
                        new ResourceOptions(Map.of("ServerSideApply", "true", "Replace", "true")))));
    }

    @Test
    public void automatedBlockEnablesAutomationUnlessDisabled() throws Exception {
        assertThat(spec("  syncPolicy: {automated: {}}\n").automated(), is(true));
        assertThat(spec("  syncPolicy: {automated: {enabled: true}}\n").automated(), is(true));
        assertThat(
                spec("  syncPolicy: {automated: {enabled: false, prune: true}}\n")
                        .automated(),
                is(false));
        assertThat(spec("  syncPolicy:\n    automated:\n").automated(), is(false));
        assertThat(spec("  syncPolicy:\n").automated(), is(false));
        assertThat(spec("  syncPolicy: {automated: {}}\n").prune(), is(false));
        assertThat(spec("  syncPolicy: {automated: {}}\n").selfHeal(), is(false));
    }

    @Test
    public void retryPolicyIsRead() throws Exception {
        RetryPolicy normal = RetryPolicy.DEFAULT;
        Map<String, RetryPolicy> expected = Map.of(
                "", normal,
                "limit: 0", new RetryPolicy(0, normal.duration(), 2, normal.maxDuration()),
                "limit: -1", new RetryPolicy(-1, normal.duration(), 2, normal.maxDuration()),
                "backoff: {duration: 1m}", new RetryPolicy(5, Duration.ofMinutes(1), 2, normal.maxDuration()),
                "backoff: {duration: 90}", new RetryPolicy(5, Duration.ofSeconds(90), 2, normal.maxDuration()),
                "backoff: {duration: '7'}", new RetryPolicy(5, Duration.ofSeconds(7), 2, normal.maxDuration()),
                "backoff: {duration: 1s500ms}", new RetryPolicy(5, Duration.ofMillis(1500), 2, normal.maxDuration()),
                "limit: 2, backoff: {factor: 1}", new RetryPolicy(2, normal.duration(), 1, normal.maxDuration()),
                "backoff: {maxDuration: 2h}", new RetryPolicy(5, normal.duration(), 2, Duration.ofHours(2)));
        for (Map.Entry<String, RetryPolicy> entry : expected.entrySet()) {
            assertThat(
                    entry.getKey(),
                    spec("  syncPolicy: {retry: {" + entry.getKey() + "}}\n").retry(),
                    is(entry.getValue()));
        }
    }

    @Test
    public void equivalentUrlsOfTheAgentsRepositoryAreAccepted() throws Exception {
        for (String url : List.of(
                "https://git.example.com/config.git",
                "https://git.example.com/config",
                "https://git.example.com/config/",
                "https://git.example.com/config.git/",
                "ssh://git@git.example.com/config.git")) {
            assertThat(url, replaced("https://git.example.com/config.git", url).problem(), nullValue());
        }
    }

    @Test
    public void otherRepositoryIsRejected() throws Exception {
        String remedy = ". Name its own repository, or list this URL among the aliases in the agent's configuration.";
        for (String url : List.of(
                "https://git.example.com/other.git",
                "http://git.example.com/config.git",
                "https://git.example.com/config.git.git",
                "https://git.example.com/CONFIG.git",
                "git@git.example.com:config.git")) {
            assertProblem(
                    replaced("https://git.example.com/config.git", url),
                    "7:14: The agent does not follow " + url + remedy);
        }
    }

    @Test
    public void passwordInAnotherRepositorysUrlIsNotRepeated() throws Exception {
        for (String user : List.of("token@", "someone:s3cr3t@", "someone:s3@cr3t@")) {
            ApplicationManifest read =
                    replaced("https://git.example.com/config.git", "https://" + user + "git.example.com/config.git");
            assertThat(read.problem(), not(containsString("@")));
            assertThat(read.problem(), containsString("does not follow https://git.example.com/config.git. "));
        }
    }

    @Test
    public void revisionIsTheAgentsBranch() throws Exception {
        for (String revision : List.of("main", "HEAD", "\"main\"")) {
            assertThat(source("targetRevision: " + revision).problem(), nullValue());
        }
        for (String revision : List.of("release", "refs/heads/main", "v1.2.3", "head")) {
            assertProblem(
                    source("targetRevision: " + revision),
                    "8:21: The agent follows branch main, not " + revision + ". Write main or HEAD.");
        }
    }

    @Test
    public void pathIsAFolderOfTheRepository() throws Exception {
        Map<String, String> read = Map.of(
                "apps/app", "apps/app",
                "apps/app/", "apps/app",
                "apps/app//", "apps/app",
                "./apps/app", "apps/app",
                "././a", "a",
                ".", "",
                "./", "",
                ".hidden", ".hidden");
        for (Map.Entry<String, String> entry : read.entrySet()) {
            ApplicationManifest source = replaced("apps/app", entry.getKey());
            assertThat(entry.getKey(), source.problem(), nullValue());
            assertThat(source.spec().path(), is(entry.getValue()));
            assertThat(source.path(), is(entry.getValue()));
        }
        for (String path : List.of("/", "/apps/app", "../other", "apps/../app", "apps//app", "apps/./app", "..")) {
            assertProblem(
                    replaced("apps/app", path),
                    "8:11: \"" + path + "\" is not a folder of the repository."
                            + " Write it relative to the repository's root, for example apps/frontend.");
        }
    }

    @Test
    public void destinationIsTheAgentsCluster() throws Exception {
        String server = "server: https://kubernetes.default.svc";
        assertThat(replaced(server, "name: in-cluster").problem(), nullValue());
        String remedy = ". Write one of [https://kubernetes.default.svc, in-cluster],"
                + " or list it among the destinations in the agent's configuration.";
        assertProblem(
                replaced(server, "server: https://prod.example.com:6443"),
                "10:13: This agent does not deploy to https://prod.example.com:6443" + remedy);
        assertProblem(replaced(server, "name: prod"), "10:11: This agent does not deploy to prod" + remedy);
        assertProblem(
                replaced(server, server + "\n    name: prod"), "11:11: This agent does not deploy to prod" + remedy);
    }

    @Test
    public void unknownFieldsAreRejectedByName() throws Exception {
        String spec = "an Application's spec. Use project, source, destination, syncPolicy, ignoreDifferences, info,"
                + " revisionHistoryLimit.";
        String source = "source. Use repoURL, targetRevision, path.";
        for (String key : List.of("sources", "sourceHydrator")) {
            assertProblem(extended("  " + key + ": 1\n"), "12:3: \"" + key + "\" is not a key of " + spec);
        }
        for (String key : List.of("kustomize", "helm", "directory", "plugin", "chart", "ref")) {
            assertProblem(source(key + ": {}"), "8:5: \"" + key + "\" is not a key of " + source);
        }
        assertProblem(
                extended("    region: eu\n"),
                "12:5: \"region\" is not a key of destination. Use server, name, namespace.");
        assertProblem(
                extended("  syncPolicy: {managedNamespaceMetadata: {}}\n"),
                "12:16: \"managedNamespaceMetadata\" is not a key of syncPolicy. Use automated, syncOptions, retry.");
        assertProblem(
                extended("  syncPolicy: {automated: {always: true}}\n"),
                "12:28: \"always\" is not a key of automated. Use prune, selfHeal, allowEmpty, enabled.");
        assertProblem(
                extended("  syncPolicy: {retry: {refresh: true}}\n"),
                "12:24: \"refresh\" is not a key of retry. Use limit, backoff.");
        assertProblem(
                extended("  syncPolicy: {retry: {backoff: {jitter: 1}}}\n"),
                "12:34: \"jitter\" is not a key of backoff. Use duration, factor, maxDuration.");
        for (String key : List.of("jqPathExpressions", "managedFieldsManagers")) {
            assertProblem(
                    extended("  ignoreDifferences: [{kind: A, " + key + ": []}]\n"),
                    "12:33: \"" + key + "\" is not a key of an entry of ignoreDifferences."
                            + " Use group, kind, name, namespace, jsonPointers.");
        }
    }

    @Test
    public void missingFieldsAreNamed() throws Exception {
        assertProblem(
                replaced("    repoURL: https://git.example.com/config.git\n", ""),
                "7:5: \"repoURL\" is missing in source. Write repoURL here.");
        ApplicationManifest pathless = replaced("    path: apps/app\n", "");
        assertThat(pathless.problem(), is("clusters/dev/a.yaml:7:5: \"path\" is missing in source. Write path here."));
        assertThat(pathless.path(), nullValue());
        assertProblem(
                replaced("    namespace: app-dev\n", ""),
                "10:5: \"namespace\" is missing in destination. Write namespace here.");
        assertProblem(
                replaced(LEAST.substring(LEAST.indexOf("  destination:")), "  project: a\n"),
                "6:3: spec.destination is missing. Write it.");
        ApplicationManifest sourceless =
                replaced(LEAST.substring(LEAST.indexOf("  source:"), LEAST.indexOf("  destination:")), "");
        assertThat(sourceless.problem(), is("clusters/dev/a.yaml:6:3: spec.source is missing. Write it."));
        assertProblem(
                extended("  ignoreDifferences: [{group: apps}]\n"),
                "12:23: \"kind\" is missing in an entry of ignoreDifferences. Write kind here.");
    }

    @Test
    public void wrongTypesAreRejected() throws Exception {
        String text = "\" is not a string. Write a string here.";
        assertProblem(replaced("path: apps/app", "path: [apps]"), "8:11: \"path" + text, null);
        assertProblem(replaced("path: apps/app", "path:"), "8:10: \"path" + text, "");
        assertProblem(replaced("namespace: app-dev", "namespace: ''"), "11:16: \"namespace" + text);
        assertProblem(
                replaced("namespace: app-dev", "namespace: 1e3"),
                "11:16: \"namespace\" is not a string, since YAML reads 1e3 as something else. Put it in quotes.");
        assertProblem(
                extended("  syncPolicy: on\n"),
                "12:15: This is not syncPolicy. Write a mapping of automated, syncOptions, retry.");
        assertProblem(
                extended("  syncPolicy: {automated: true}\n"),
                "12:27: This is not automated. Write a mapping of prune, selfHeal, allowEmpty, enabled.");
        for (String value : List.of("yes", "'true'", "True", "1", "[]")) {
            assertProblem(
                    extended("  syncPolicy: {automated: {prune: " + value + "}}\n"),
                    "12:35: \"prune\" is neither true nor false. Write true or false.");
        }
        assertProblem(
                extended("  syncPolicy: {syncOptions: CreateNamespace=true}\n"),
                "12:29: \"syncOptions\" is not a list. Write a list here, or remove the key.");
        assertProblem(
                extended("  ignoreDifferences: {}\n"),
                "12:22: \"ignoreDifferences\" is not a list. Write a list here, or remove the key.");
        assertProblem(
                extended("  ignoreDifferences: [Deployment]\n"),
                "12:23: This is not an entry of ignoreDifferences."
                        + " Write a mapping of group, kind, name, namespace, jsonPointers.");
    }

    @Test
    public void invalidNumbersAndDurationsAreRejected() throws Exception {
        for (String value : List.of("'3'", "-2", "1.5", "many", "010", "1000000", "{}")) {
            assertProblem(
                    extended("  syncPolicy: {retry: {limit: " + value + "}}\n"),
                    "12:31: \"limit\" is not a whole number of -1 or more. Write a number.");
        }
        for (String value : List.of("0", "-1", "'2'")) {
            assertProblem(
                    extended("  syncPolicy: {retry: {backoff: {factor: " + value + "}}}\n"),
                    "12:42: \"factor\" is not a whole number of 1 or more. Write a number.");
        }
        for (String value : List.of("0", "0s", "-5s", "5d", "1.5h", "5 s", "soon", "''", "{}", "1s".repeat(9))) {
            assertProblem(
                    extended("  syncPolicy: {retry: {backoff: {maxDuration: " + value + "}}}\n"),
                    "12:47: \"maxDuration\" is not a duration of 1ms or more. Write for example 5s, 3m or 1h30m.");
        }
    }

    @Test
    public void settingsWithoutEffectHereAreAccepted() throws Exception {
        for (String field : List.of("info: [{name: url, value: 'https://example.com'}]", "revisionHistoryLimit: 5")) {
            assertThat(field, spec("  " + field + "\n"), is(spec("")));
        }
        for (String option : List.of(
                "PruneLast=false",
                "PruneLast=true",
                "ApplyOutOfSyncOnly=true",
                "ApplyOutOfSyncOnly=false",
                "SkipDryRunOnMissingResource=false",
                "Validate=true")) {
            assertThat(option, spec("  syncPolicy: {syncOptions: [" + option + "]}\n"), is(spec("")));
        }
    }

    @Test
    public void unsupportedSyncOptionsAreRejectedByName() throws Exception {
        for (String option : List.of(
                "Validate=false",
                "SkipDryRunOnMissingResource=true",
                "Replace=yes",
                "Force",
                "FailOnSharedResource=true",
                "Prune=never",
                "Delete",
                "ServerSideApply=false",
                "PrunePropagationPolicy=later",
                "CreateNamespace",
                "createNamespace=true",
                "=true")) {
            assertProblem(
                    extended("  syncPolicy: {syncOptions: [PruneLast=true, '" + option + "']}\n"),
                    "12:46: The sync option \"" + option + "\" is not supported. Remove it; supported are " + OPTIONS
                            + ".");
        }
        assertProblem(
                extended("  syncPolicy: {syncOptions: [{CreateNamespace: true}]}\n"),
                "12:30: The sync option \"\" is not supported. Remove it; supported are " + OPTIONS + ".");
        assertThat(
                spec("  syncPolicy: {syncOptions: [CreateNamespace=false]}\n").createNamespace(), is(false));
        assertThat(spec("  syncPolicy: {syncOptions: []}\n").propagation(), is("foreground"));
        ApplicationSpec kept = spec("  syncPolicy: {syncOptions: [Prune=false, Delete=false, PruneLast=true]}\n");
        assertThat(kept.resourceOptions().pruning(), is(ResourceOptions.Pruning.NEVER));
    }

    @Test
    public void ignoreDifferencesRulesThatNeverMatchAreRejected() throws Exception {
        for (String pattern : List.of("*", "*.example.com", "app?", "[a]pps", "{a,b}")) {
            assertProblem(
                    extended("  ignoreDifferences: [{group: '" + pattern + "', kind: A}]\n"),
                    "12:31: \"group\" is a pattern, which is not supported. Write one group.");
            assertProblem(
                    extended("  ignoreDifferences: [{kind: '" + pattern + "'}]\n"),
                    "12:30: \"kind\" is a pattern, which is not supported. Write one kind.");
        }
        for (String pointer : List.of("spec/replicas", ".spec.replicas", "/data/a~b", "/data/a~", "/~2", "/~~0")) {
            assertProblem(
                    extended("  ignoreDifferences: [{kind: A, jsonPointers: [/spec, " + pointer + "]}]\n"),
                    "12:55: \"" + pointer + "\" is not a JSON pointer."
                            + " Write for example /spec/replicas, with ~1 for a slash in a key and ~0 for a tilde.");
        }
        assertProblem(
                extended("  ignoreDifferences: [{kind: A, jsonPointers: [/spec, /spec]}]\n"),
                "12:55: \"/spec\" is listed twice in \"jsonPointers\". Remove one of the two.");
    }

    private static ApplicationSpec spec(String more) throws IOException {
        ApplicationManifest read = extended(more);
        assertThat(more, read.problem(), nullValue());
        return read.spec();
    }

    private static ApplicationManifest extended(String more) throws IOException {
        return read(LEAST + more);
    }

    /** Returns the manifest with one more line in the source, as line 8. */
    private static ApplicationManifest source(String line) throws IOException {
        return replaced("    path: apps/app\n", "    " + line + "\n    path: apps/app\n");
    }

    private static ApplicationManifest replaced(String what, String by) throws IOException {
        assertThat(LEAST, containsString(what));
        return read(LEAST.replace(what, by));
    }

    private static ApplicationManifest read(String manifest) throws IOException {
        List<ApplicationManifest> read =
                new ManifestFolder().with("a.yaml", manifest).read();
        assertThat(read.size(), is(1));
        return read.get(0);
    }

    private static void assertProblem(ApplicationManifest read, String problem) {
        assertThat(read.problem(), is("clusters/dev/a.yaml:" + problem));
        assertThat(read.spec(), nullValue());
        assertThat(read.name(), is("app"));
    }

    private static void assertProblem(ApplicationManifest read, String problem, String path) {
        assertProblem(read, problem);
        assertThat(read.path(), is(path));
    }
}
