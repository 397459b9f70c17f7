package io.jenkins.plugins.gitops.agent.observe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.in;

import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** The verdict of a wait in each situation in which Flux's objects were recorded. */
@RunWith(Parameterized.class)
public class KustomizationStatusTest {
    private final String name;
    private final String verdict;
    private final String[] words;

    public KustomizationStatusTest(String name, String verdict, String[] words) {
        this.name = name;
        this.verdict = verdict;
        this.words = words;
    }

    private static Object[] row(String name, String verdict, String... words) {
        return new Object[] {name, verdict, words};
    }

    @Parameters(name = "{0}")
    public static List<Object[]> rows() {
        return List.of(
                row("healthy", "live", "live at e28ad12d"),
                row("reconciling", "waiting", "e28ad12d", "Running health checks", "Deployment rolling", "1 of 2"),
                row("health-check-failed", "failed", "Deployment failing", "ProgressDeadlineExceeded"),
                row("dry-run-failed", "waiting", "retrying (attempt 1)", "webhook is away for a moment"),
                row("dry-run-failed-six-times", "failed", "webhook is away for a moment"),
                row("build-failed", "failed", "missing.yaml", "no such file or directory"),
                row(
                        "dependency-not-ready",
                        "waiting",
                        "dependency 'flux-system/shop-base' is not ready",
                        "HealthCheckFailed"),
                row(
                        "kustomization-suspended",
                        "waiting",
                        "Kustomization flux-system/shop-paused is suspended at eae85173"),
                row(
                        "gitrepository-suspended",
                        "waiting",
                        "GitRepository flux-system/shop-frozen is suspended at eae85173"),
                row("images-override", "waiting", "registry.example.com/shop/pinned:1.0.0", "spec.images"),
                row("reconcile-disabled", "waiting", "registry.example.com/shop/handsoff:1.0.0", "reconcile: disabled"),
                row(
                        "source-cannot-be-read",
                        "waiting",
                        "GitRepository flux-system/shop-unread",
                        "repository not found",
                        "eae85173"),
                row("wait-false-not-ready", "waiting", "Deployment nowait", "1 of 2 updated"),
                row("other-branch", "live", "a50d7805"),
                row("controller-restarted", "waiting", "e28ad12d", "Deployment restart", "1 of 2"),
                row("controller-back", "waiting", "e28ad12d", "Deployment restart", "1 of 2"),
                row("in-progress-at-timeout", "waiting", "Deployment slow", "1 of 2 updated"),
                row("healthchecks-elsewhere", "waiting", "Deployment elsewhere", "1 of 2"),
                row("ready-before-applied-revision", "waiting", "e28ad12d"),
                row("interval-check-running", "live", "e28ad12d"),
                row("not-fetched-yet", "waiting", "at eae85173, before e28ad12d"));
    }

    @Test
    public void statusHasVerdictAndReason() throws Exception {
        FluxSituation situation = FluxSituation.read(name);
        ApplicationStatus status = situation.status();

        Verdict seen = situation.verdict(status);

        assertThat(seen.getClass().getSimpleName().toLowerCase(), in(situation.right()));
        assertThat(seen.summary(), seen.getClass().getSimpleName().toLowerCase(), in(List.of(verdict)));
        for (String word : words) {
            assertThat(seen.summary(), containsString(word));
        }
    }
}
