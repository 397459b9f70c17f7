package io.jenkins.plugins.gitops.core.argocd.client;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.core.await.Verdict;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** The verdict and the reported reason after one poll of a running Argo CD in each situation. */
@RunWith(Parameterized.class)
public class ArgoCdSituationsTest {
    private final String name;
    private final Class<? extends Verdict> end;
    private final List<String> says;

    public ArgoCdSituationsTest(String name, Class<? extends Verdict> end, List<String> says) {
        this.name = name;
        this.end = end;
        this.says = says;
    }

    private static Object[] live(String name) {
        return new Object[] {name, Verdict.Live.class, List.of("live at ", "Healthy")};
    }

    private static Object[] waiting(String name, String... says) {
        return new Object[] {name, Verdict.Waiting.class, List.of(says)};
    }

    private static Object[] stalled(String name, String... says) {
        return new Object[] {name, Verdict.Stalled.class, List.of(says)};
    }

    private static Object[] failed(String name, String... says) {
        return new Object[] {name, Verdict.Failed.class, List.of(says)};
    }

    @Parameterized.Parameters(name = "{0}")
    public static Iterable<Object[]> situations() {
        return Arrays.asList(
                live("ordinary"),
                live("other-namespace"),
                live("window-none"),
                waiting(
                        "window-deny-active",
                        "lab-two is OutOfSync",
                        "blocked by a sync window (deny * * * * * for 1h); it continues when the window ends,"
                                + " by 2026-11-29T20:18:51Z"),
                waiting(
                        "window-allow-outside",
                        "outside its sync windows (allow 0 3 1 1 * for 1h); it continues when one begins"),
                waiting(
                        "app-of-apps-before-parent",
                        "child-dev",
                        "registry.example.com/lab/child:1.1.0",
                        "spec.source.kustomize.images"),
                live("app-of-apps-after-parent"),
                waiting("postsync-hook-running", "syncing 2645ff11", "waiting for completion of hook batch/Job/smoke"),
                failed("postsync-hook-failed", "081dd37e", "Job smoke", "backoff limit"),
                failed("postsync-hook-failed-later", "081dd37e", "Job smoke", "backoff limit"),
                waiting("repo-server-away", "connection refused", "19:22:40"),
                waiting("stale-comparison-error", "connection refused", "19:22:40"),
                waiting("comparison-error-after-the-refresh", "a sync was requested but has not started"),
                live("comparison-error-gone"),
                failed("real-comparison-error", "missing.yaml: no such file or directory"),
                waiting(
                        "override-kustomize-images",
                        "spec.source.kustomize.images",
                        "registry.example.com/lab/ovr:9.9.9"),
                live("override-same-image"),
                live("override-other-image"),
                waiting("ignore-differences", "registry.example.com/lab/ign:1.0.0", "ignoreDifferences"),
                waiting("unused-images-entry", "registry.example.com/lab/typo", "registry.example.com/lab/typoo:0.9"),
                failed("sync-error-of-the-awaited", "3ec608c5", "field is immutable"),
                waiting("sync-error-before-the-repair", "field is immutable", "c5398c76"),
                waiting("sync-error-after-the-refresh", "a sync was requested but has not started"),
                live("live-at-the-repair"),
                stalled(
                        "wrong-application",
                        "web-production deploys services/web/overlays/production and not services/web/overlays/dev"),
                stalled("revision-tag", "lab-pin has targetRevision v1", "does not follow main"),
                stalled("revision-sha", "lab-pin has targetRevision commit c5398c76", "does not follow main"),
                stalled("revision-other-branch", "lab-pin has targetRevision release", "does not follow main"),
                stalled(
                        "other-repository-url",
                        "Argo CD main: lab-far deploys services/far/overlays/dev of another repository:"
                                + " https://git-mirror.example.com/lab.git, not the configured https://git.example.com/lab.git"),
                live("chart-and-values-one-repository"),
                waiting(
                        "no-automation",
                        "api-production is OutOfSync (Deployment api)",
                        "automated sync is off; sync it"),
                waiting(
                        "automation-disabled",
                        "lab-stal is OutOfSync (Deployment stal)",
                        "automated sync is off (automated.enabled: false); sync it"),
                waiting(
                        "controller-dead-status-old",
                        "Argo CD main has not compared lab-pro since 2026-11-29T19:23:27Z;"
                                + " is its application-controller running?"),
                waiting("controller-dead-new-change", "Argo CD main is at f46fe115, before 77648a6f"),
                live("controller-back"));
    }

    @Test
    public void situationHasVerdictAndReason() throws Exception {
        ArgoCdSituation situation = ArgoCdSituation.of(name);
        judge(situation.verdict());
        if (situation.json().has("list")) {
            judge(situation.verdictOfList());
        }
        assertThat(
                "the table agrees with what was seen",
                situation.json().path("expected").asText(),
                is(end == Verdict.Live.class ? "live" : end == Verdict.Failed.class ? "failed" : "waiting"));
    }

    private void judge(Verdict verdict) {
        assertThat(verdict.summary(), verdict, instanceOf(end));
        says.forEach(part -> assertThat(verdict.summary(), containsString(part)));
        assertThat(verdict.summary(), not(containsString("requires pruning")));
    }
}
