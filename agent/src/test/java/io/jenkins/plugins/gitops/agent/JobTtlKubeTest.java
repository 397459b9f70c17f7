package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.Rule;
import org.junit.Test;

/** A completed Job that its TTL removed is not run again for the same template. */
public class JobTtlKubeTest {
    @Rule
    public final DeployedApplication application = new DeployedApplication();

    @Test
    public void completedJobIsNotRunAgainEvenAfterARestart() throws Exception {
        application.startWith(Map.of("job.yaml", job("v1")));
        awaitGone();
        assertStaysGone();

        application.running().stop();
        application.running().start();
        assertStaysGone();

        String commit = application.commit(Map.of("job.yaml", job("v2")));
        application.await(status -> commit.equals(status.comparedRevision())
                && status.operation() != null
                && status.operation().phase().equals("Succeeded"));
        assertThat(
                application.running().progress().stream()
                        .filter(l -> l.contains("cannot remember"))
                        .toList()
                        .size(),
                is(0));
        awaitGone();
        assertStaysGone();
    }

    @Test
    public void failedJobIsRunAgain() throws Exception {
        String commit = application.commit(Map.of("job.yaml", job("fail")));
        application.running().start();
        application.await(status -> commit.equals(status.syncedRevision()));
        String uid = await(job -> job != null).getMetadata().getUid();

        Job again = await(job -> job != null && !uid.equals(job.getMetadata().getUid()));

        assertThat(again.getMetadata().getUid(), is(not(uid)));
    }

    private void awaitGone() {
        await(job -> job == null);
    }

    /** Requires that two further passes have nothing to do. */
    private void assertStaysGone() throws Exception {
        ApplicationStatus first = application.await(JobTtlKubeTest::isLive);
        ApplicationStatus second = application.await(
                status -> isLive(status) && status.observedAt().compareTo(first.observedAt()) > 0);
        application.await(status -> isLive(status) && status.observedAt().compareTo(second.observedAt()) > 0);
        assertThat(application.job("migrate").get(), is(nullValue()));
    }

    private static boolean isLive(ApplicationStatus status) {
        return status.sync().equals("Synced") && status.health().equals("Healthy");
    }

    private Job await(Predicate<Job> condition) {
        return application.job("migrate").waitUntilCondition(condition, 120, TimeUnit.SECONDS);
    }

    private static String job(String tag) {
        return Manifests.job("migrate", "example.com/migrate:" + tag, "backoffLimit: 0\nttlSecondsAfterFinished: 2\n");
    }
}
