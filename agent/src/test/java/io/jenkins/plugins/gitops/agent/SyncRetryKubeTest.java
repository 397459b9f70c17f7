package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.Manifests.configMap;
import static io.jenkins.plugins.gitops.agent.Manifests.customResourceDefinition;
import static io.jenkins.plugins.gitops.agent.Manifests.job;
import static io.jenkins.plugins.gitops.agent.Manifests.object;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** A failed sync is retried once the cause may have changed, regardless of its retry policy. */
public class SyncRetryKubeTest {
    private static final String NO_SELF_HEAL = """
            automated: {prune: true}
            syncOptions: [CreateNamespace=%s]
            retry: {limit: 0}
            """;

    @Rule
    public final DeployedApplication application = new DeployedApplication();

    @Test
    public void syncSucceedsWhenTheDefinitionAppearsLater() throws Exception {
        application.syncPolicy(NO_SELF_HEAL.formatted("true"));
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
        application.startWith(Map.of("a.yaml", configMap("a", "1")));
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
        application.syncPolicy(NO_SELF_HEAL.formatted("false"));
        String commit = application.commit(Map.of("a.yaml", configMap("a", "1")));
        application.running().start();
        application.awaitFailed(commit);

        application.createNamespace();

        application.awaitLive(commit);
    }

    @Test
    public void failureIsVisibleUntilTheQuotaIsRaised() throws Exception {
        application.createNamespace();
        application.forbidConfigMaps();
        String commit = application.commit(Map.of("a.yaml", configMap("a", "1")));
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
        application.createNamespace();
        application.forbidConfigMaps();
        application.syncPolicy(NO_SELF_HEAL.formatted("false"));
        application.running().start();
        String commit = application.commit(Map.of("a.yaml", configMap("a", "1")));
        application.awaitFailed(commit);
        application.allowConfigMaps();

        String other = application.running().repository().commit(Map.of("README.md", "something else\n"));

        ApplicationStatus live = application.awaitLive(other);
        assertThat(live.operation().revision(), is(other));
        assertThat(other, is(not(commit)));
    }

    @Test
    public void syncSucceedsWhenTheJobIsDeletedByHand() throws Exception {
        application.syncPolicy(NO_SELF_HEAL.formatted("true"));
        application.startWith(Map.of("job.yaml", job("migrate", "example.com/migrate:v1", "")));
        String commit = application.commit(Map.of("job.yaml", job("migrate", "example.com/migrate:v2", "")));
        application.awaitFailed(commit);

        application.job("migrate").delete();

        application.awaitLive(commit);
    }

    private String uidOfNamespace() {
        var namespace =
                application.client().namespaces().withName(application.name()).get();
        return namespace == null ? "" : namespace.getMetadata().getUid();
    }

    private String group() {
        return application.name() + ".example.com";
    }

    private String widget() {
        return object(group() + "/v1", "Widget", "w", "spec: {size: 1}\n");
    }

    private void createDefinition() {
        application.client().resource(definition()).create();
    }

    private void deleteDefinition() {
        application.client().resource(definition()).delete();
        application.client().resource(definition()).waitUntilCondition(crd -> crd == null, 60, TimeUnit.SECONDS);
    }

    private String definition() {
        return customResourceDefinition(group(), "v1", "Widget", "widgets");
    }
}
