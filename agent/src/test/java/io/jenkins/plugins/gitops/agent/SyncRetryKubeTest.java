package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** A failed sync is tried again when what it failed for may have changed, whatever its retry policy says. */
public class SyncRetryKubeTest {
    private static final String NO_SELF_HEAL = """
              automated: {prune: true}
              syncOptions: [CreateNamespace=%s]
              retry: {limit: 0}
            """;

    @Rule
    public final PlaneApplication application = new PlaneApplication();

    @Test
    public void syncSucceedsWhenTheDefinitionAppearsLater() throws Exception {
        application.policy(NO_SELF_HEAL.formatted("true"));
        String commit = application.commit(Map.of("widget.yaml", widget()));
        application.running().start();
        ApplicationStatus failed = application.awaitFailed(commit);
        assertThat(failed.operation().message(), containsString("the cluster does not know " + group() + "/v1 Widget"));

        createDefinition();

        assertThat(application.awaitLive(commit).operation().phase(), is("Succeeded"));
    }

    @Test
    public void syncSucceedsWhenTheDefinitionIsDeletedAndRecreated() throws Exception {
        createDefinition();
        application.startWith(Map.of("widget.yaml", widget()));

        deleteDefinition();
        application.await(status -> status.operation() != null
                && status.operation().message() != null
                && status.operation().message().contains("the cluster does not know"));
        createDefinition();

        application.await(status ->
                status.sync().equals("Synced") && status.operation().phase().equals("Succeeded"));
        deleteDefinition();
    }

    @Test
    public void syncSucceedsAfterTheNamespaceWasDeleted() throws Exception {
        application.startWith(Map.of("a.yaml", PlaneApplication.configMap("a", "1")));
        String uid = uidOfNamespace();

        application.client().namespaces().withName(application.name()).delete();

        application.await(status -> status.sync().equals("Synced")
                && status.operation().phase().equals("Succeeded")
                && !uidOfNamespace().isEmpty()
                && !uid.equals(uidOfNamespace()));
        assertThat(application.valueOf("a"), is("1"));
    }

    @Test
    public void syncSucceedsWhenSomeoneCreatesTheNamespace() throws Exception {
        application.policy(NO_SELF_HEAL.formatted("false"));
        String commit = application.commit(Map.of("a.yaml", PlaneApplication.configMap("a", "1")));
        application.running().start();
        application.awaitFailed(commit);

        createNamespace();

        application.awaitLive(commit);
    }

    @Test
    public void failureIsVisibleUntilTheQuotaIsRaised() throws Exception {
        createNamespace();
        application.forbidConfigMaps();
        String commit = application.commit(Map.of("a.yaml", PlaneApplication.configMap("a", "1")));
        application.running().start();

        ApplicationStatus failed = application.awaitFailed(commit);
        assertThat(failed.operation().retries(), is(1));
        assertThat(failed.operation().message(), containsString("exceeded quota"));
        assertThat(failed.operation().message(), containsString("; next attempt at 2"));
        ApplicationStatus tried = application.await(
                status -> status.operation().retries() > 1 && status.operation().finishedAt() != null);
        assertThat("tried again, and failed for Jenkins", tried.operation().phase(), is("Failed"));
        assertThat(tried.conditions().get(0).type(), is("SyncError"));

        application.allowConfigMaps();

        ApplicationStatus live = application.awaitLive(commit);
        assertThat(live.operation().phase(), is("Succeeded"));
        assertThat(live.operation().message(), is(nullValue()));
    }

    @Test
    public void anotherCommitWithTheSameManifestsIsTried() throws Exception {
        createNamespace();
        application.forbidConfigMaps();
        application.policy(NO_SELF_HEAL.formatted("false"));
        application.running().start();
        String commit = application.commit(Map.of("a.yaml", PlaneApplication.configMap("a", "1")));
        application.awaitFailed(commit);
        application.allowConfigMaps();

        String other = application.running().repository().commit(Map.of("README.md", "something else\n"));

        ApplicationStatus live = application.awaitLive(other);
        assertThat(live.operation().revision(), is(other));
        assertThat(other, is(not(commit)));
    }

    @Test
    public void syncSucceedsWhenTheJobIsDeletedByHand() throws Exception {
        application.policy(NO_SELF_HEAL.formatted("true"));
        application.startWith(Map.of("job.yaml", job("v1")));
        String commit = application.commit(Map.of("job.yaml", job("v2")));
        application.awaitFailed(commit);

        application
                .client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(application.name())
                .withName("migrate")
                .delete();

        application.awaitLive(commit);
    }

    private static String job(String tag) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: migrate}
                spec:
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: migrate, image: "example.com/migrate:%s"}]
                """.formatted(tag);
    }

    private String uidOfNamespace() {
        var namespace =
                application.client().namespaces().withName(application.name()).get();
        return namespace == null ? "" : namespace.getMetadata().getUid();
    }

    private void createNamespace() {
        application
                .client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(application.name())
                        .endMetadata()
                        .build())
                .create();
        // It counts as the first one of a quota.
        application
                .client()
                .configMaps()
                .inNamespace(application.name())
                .withName("kube-root-ca.crt")
                .waitUntilCondition(map -> map != null, 60, TimeUnit.SECONDS);
    }

    private String group() {
        return application.name() + ".example.com";
    }

    private String widget() {
        return """
                apiVersion: %s/v1
                kind: Widget
                metadata: {name: w}
                spec: {size: 1}
                """.formatted(group());
    }

    private void createDefinition() {
        application.client().resource(definition()).create();
    }

    private void deleteDefinition() {
        application.client().resource(definition()).delete();
        application.client().resource(definition()).waitUntilCondition(crd -> crd == null, 60, TimeUnit.SECONDS);
    }

    private String definition() {
        return """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.%1$s}
                spec:
                  group: %1$s
                  names: {kind: Widget, plural: widgets, singular: widget}
                  scope: Namespaced
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties: {spec: {type: object, properties: {size: {type: integer}}}}
                """.formatted(group());
    }
}
