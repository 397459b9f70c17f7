package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.agent.cluster.AllowedResources;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** What the configuration does not permit is neither applied nor deleted, even if the agent's RBAC would allow it. */
public class NotPermittedKubeTest {
    private static final String ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: worker}\n";

    @Rule
    public final DeployedApplication application = new DeployedApplication();

    @Test
    public void objectInADeniedNamespaceBlocksItsApplication() throws Exception {
        String commit = application.commit(Map.of(
                "account.yaml",
                ACCOUNT,
                "map.yaml",
                Manifests.configMap(application.name(), "1")
                        .replace("metadata: {", "metadata: {namespace: kube-public, ")));
        application
                .running()
                .start(new AllowedResources(Set.of(), Set.of("kube-system", "kube-public"), Set.of(), Set.of()));

        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(
                failed.operation().message(),
                containsString("ConfigMap " + application.name()
                        + ": not permitted: namespace kube-public is in deniedNamespaces in agent.yaml"));
        assertThat("not even the namespace", namespace(application.name()), is(nullValue()));
    }

    /** Its scope is known only from the definition, which must not be applied before the check. */
    @Test
    public void customResourceIsRejectedBeforeItsDefinitionIsApplied() throws Exception {
        String group = application.name() + ".example.com";
        String commit = application.commit(Map.of("widgets.yaml", """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.%1$s}
                spec:
                  group: %1$s
                  names: {kind: Widget, plural: widgets}
                  scope: Namespaced
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object}}
                ---
                apiVersion: %1$s/v1
                kind: Widget
                metadata: {name: one, namespace: elsewhere}
                """.formatted(group)));
        application
                .running()
                .start(new AllowedResources(
                        Set.of(application.name()),
                        Set.of(),
                        Set.of("Namespace", "apiextensions.k8s.io/CustomResourceDefinition", group + "/*"),
                        Set.of()));

        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(
                failed.operation().message(),
                containsString("Widget one: not permitted: namespace elsewhere is not in allowedNamespaces"));
        assertThat(
                application
                        .client()
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("widgets." + group)
                        .get(),
                is(nullValue()));
    }

    @Test
    public void namespaceIsNotCreatedWhereNamespacesAreDenied() throws Exception {
        String commit = application.commit(Map.of("map.yaml", Manifests.configMap("settings", "1")));
        application.running().start(new AllowedResources(Set.of(), Set.of(), Set.of("ConfigMap"), Set.of()));

        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(
                failed.operation().message(),
                containsString("Namespace " + application.name()
                        + ": not permitted: Namespace is not in allowedKinds in agent.yaml"));
        assertThat(namespace(application.name()), is(nullValue()));
    }

    @Test
    public void objectOfADeniedKindIsReportedButNotPruned() throws Exception {
        application.startWith(Map.of("map.yaml", Manifests.configMap("settings", "1"), "account.yaml", ACCOUNT));
        application.running().stop();
        Map<String, String> dropped = new HashMap<>();
        dropped.put("map.yaml", null);
        String commit = application.commit(dropped);
        application.running().start(new AllowedResources(Set.of(), Set.of(), Set.of(), Set.of("ConfigMap")));

        ApplicationStatus status = application.await(s -> commit.equals(s.comparedRevision())
                && s.resources().stream().anyMatch(r -> r.label().equals("ConfigMap settings")));

        assertThat(
                status.resources().get(0).message(),
                allOf(
                        containsString("no longer in Git; not pruned: ConfigMap is in deniedKinds in agent.yaml"),
                        containsString("delete it manually")));
        application.awaitLive(commit);
        assertThat(application.valueOf("settings"), is("1"));
    }

    @Test
    public void objectOfADeniedKindIsNotTakenOver() throws Exception {
        application.startWith(Map.of("account.yaml", ACCOUNT));
        application.running().stop();
        application
                .client()
                .resource(Manifests.configMap("settings", "by hand"))
                .inNamespace(application.name())
                .create();
        String commit = application.commit(Map.of("map.yaml", Manifests.configMap("settings", "1")));
        application.running().start(new AllowedResources(Set.of(), Set.of(), Set.of(), Set.of("ConfigMap")));

        application.awaitFailed(commit);

        assertThat(application.valueOf("settings"), is("by hand"));
    }

    private Object namespace(String name) {
        return application.client().namespaces().withName(name).get();
    }
}
