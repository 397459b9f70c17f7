package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
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

/**
 * An application with an object that the configuration does not permit fails as a whole; other applications are not
 * affected.
 */
public class NotPermittedTest {
    private static final String PAYMENTS = "payments-api-dev";

    @Rule
    public final RunningAgent running = new RunningAgent();

    @Test
    public void deniedNamespaceFailsItsApplicationOnly() throws Exception {
        running.start(new AllowedResources(Set.of(), Set.of("payments-dev"), Set.of(), Set.of()));

        ApplicationStatus failed = awaitFailed();

        assertThat(failed.sync(), is("OutOfSync"));
        assertThat(
                failed.operation().message(),
                containsString(
                        "nothing was applied; ServiceAccount payments-api: not permitted: namespace payments-dev is"
                                + " in deniedNamespaces in agent.yaml"));
        assertThat(failed.conditions().get(0).type(), is("SyncError"));
        assertThat(failed.conditions().get(0).message(), containsString("move the object to another namespace"));
        running.await("my-app-dev", s -> s.sync().equals("Synced"));
        assertThat(
                "CreateNamespace",
                running.client().namespaces().withName("payments-dev").get(),
                is(nullValue()));
    }

    @Test
    public void oneDeniedKindBlocksTheWholeApplication() throws Exception {
        running.start(new AllowedResources(Set.of(), Set.of(), Set.of(), Set.of("apps/Deployment")));

        ApplicationStatus failed = awaitFailed();

        assertThat(
                failed.resources().get(0).message(),
                is("not permitted: apps/Deployment is in deniedKinds in agent.yaml; remove the object from Git, or the"
                        + " kind from deniedKinds"));
        assertThat("most urgent first", failed.resources().get(0).label(), is("Deployment payments-api"));
        assertThat(
                running.client()
                        .services()
                        .inNamespace("payments-dev")
                        .list()
                        .getItems()
                        .size(),
                is(0));
    }

    @Test
    public void dryRunReportsThatNothingWouldBeApplied() throws Exception {
        running.start(new AllowedResources(Set.of(), Set.of("payments-dev"), Set.of(), Set.of()), AgentMode.DRY_RUN);
        assertThat(awaitPreview().message(), containsString("would apply nothing: ServiceAccount payments-api, and "));
        running.stop();

        running.start(new AllowedResources(Set.of(), Set.of(), Set.of(), Set.of("Namespace")), AgentMode.DRY_RUN);
        assertThat(
                awaitPreview().message(),
                containsString(
                        "would apply nothing: Namespace payments-dev: not permitted: Namespace is in deniedKinds"));
    }

    @Test
    public void changeInGitUnblocksTheApplication() throws Exception {
        running.start(new AllowedResources(Set.of("elsewhere"), Set.of(), Set.of(), Set.of()));
        awaitFailed();

        String manifest = "clusters/dev/argocd-apps/payments-api.yaml";
        String text = running.repository().read(manifest);
        Map<String, String> files = new HashMap<>();
        files.put(manifest, text.replace("namespace: payments-dev", "namespace: elsewhere"));
        files.put(
                "services/payments-api/overlays/dev/kustomization.yaml",
                running.repository()
                        .read("services/payments-api/overlays/dev/kustomization.yaml")
                        .replace("payments-dev", "elsewhere"));
        running.awaitLive(PAYMENTS, running.repository().commit(files));
    }

    private ApplicationStatus awaitPreview() throws Exception {
        return running.await(PAYMENTS, s -> s.message() != null && s.message().startsWith("would apply"));
    }

    private ApplicationStatus awaitFailed() throws Exception {
        return running.await(
                PAYMENTS, s -> s.operation() != null && s.operation().phase().equals("Failed"));
    }
}
