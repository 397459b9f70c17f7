package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.agent.cluster.Cluster;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.agent.reconcile.IdentityGuard;
import io.jenkins.plugins.gitops.agent.reconcile.Reconciler;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Sync requests for an application without automated sync. */
public class SyncRequestTest {
    private static final String PAYMENTS = "payments-api-dev";
    private static final String MANIFEST = "clusters/dev/argocd-apps/payments-api.yaml";
    private static final String TAG = "services/payments-api/overlays/dev/image-tag.yaml";

    @Rule
    public final RunningAgent running = new RunningAgent();

    private final Semaphore news = new Semaphore(0);
    private RepositorySource source;
    private Cluster cluster;
    private Reconciler reconciler;

    @Before
    public void follow() throws Exception {
        String manifest = running.repository().read(MANIFEST);
        String off =
                manifest.replace("      selfHeal: true # revert manual kubectl changes\n", "      enabled: false\n");
        assertThat(off, is(not(manifest)));
        running.repository().commit(Map.of(MANIFEST, off));
        AgentConfig config = running.config(null);
        source = RepositorySource.open(config, "agent-dev");
        cluster = new Cluster("dev", Set.of(), ReplacedManagers.DEFAULT, running.client(), name -> {}, line -> {});
        reconciler = new Reconciler(
                new Reconciler.Settings(
                        "dev",
                        config.repository().url(),
                        Set.copyOf(config.repository().urls()),
                        config.applications(),
                        config.destinations(),
                        config.ignoreAppProjects(),
                        config.intervals().git(),
                        config.intervals().pass(),
                        config.intervals().gitGrace()),
                source,
                new FolderRenderer(line -> {}),
                cluster,
                new IdentityGuard(
                        cluster.identity()::read,
                        source,
                        new IdentityFile(config.cacheFolder(), "dev", null),
                        IdentityGuard.Pinned.NOTHING),
                line -> {},
                news::release);
        reconciler.start();
        await(s -> s.sync().equals("OutOfSync"));
    }

    @After
    public void stop() {
        reconciler.close();
        cluster.close();
        source.close();
    }

    @Test
    public void repeatedRequestCausesOneSync() throws Exception {
        reconciler.requestSync(PAYMENTS, null, null);
        OperationState first = await(s -> s.sync().equals("Synced")).operation();
        String second = running.repository().replace(TAG, "sha-a1b2c3d", "sha-0000002");
        await(s -> second.equals(s.comparedRevision()));

        // As in the response to a report that was sent before the sync began.
        reconciler.requestSync(PAYMENTS, null, null);

        String third = running.repository().replace(TAG, "sha-0000002", "sha-0000003");
        ApplicationStatus after = await(s -> third.equals(s.comparedRevision()));
        assertThat(after.sync(), is("OutOfSync"));
        assertThat(after.operation().startedAt(), is(first.startedAt()));
    }

    @Test
    public void requestMadeAfterTheLastSyncIsANewOne() throws Exception {
        reconciler.requestSync(PAYMENTS, null, null);
        OperationState first = await(s -> s.sync().equals("Synced")).operation();
        String second = running.repository().replace(TAG, "sha-a1b2c3d", "sha-0000002");
        await(s -> second.equals(s.comparedRevision()) && s.sync().equals("OutOfSync"));

        reconciler.requestSync(PAYMENTS, first, null);

        ApplicationStatus after =
                await(s -> second.equals(s.syncedRevision()) && s.sync().equals("Synced"));
        assertThat(after.operation().startedAt(), is(not(first.startedAt())));
    }

    @Test
    public void unknownApplicationsAreIgnored() throws Exception {
        reconciler.requestSync("nobody", null, null);
        reconciler.requestSync(PAYMENTS, null, null);
        await(s -> s.sync().equals("Synced"));
    }

    private ApplicationStatus await(Predicate<ApplicationStatus> condition) throws InterruptedException {
        while (true) {
            for (ApplicationStatus status : reconciler.statuses()) {
                if (status.name().equals(PAYMENTS) && condition.test(status)) {
                    return status;
                }
            }
            if (!news.tryAcquire(1, TimeUnit.MINUTES)) {
                throw new AssertionError("nothing new: " + reconciler.statuses());
            }
        }
    }
}
