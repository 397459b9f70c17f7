package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The snapshots of a target from one server at one moment. */
final class TargetSnapshots {
    private final ArgoCdSettings settings;
    private final ApplicationCache.CacheView view;
    private final ArgoCdServerHealth health;
    private final AwaitedApplications awaited;
    private final boolean live;
    private final Instant now;

    /** @param live whether the server currently reports each change, so that its silence means that nothing changed */
    TargetSnapshots(
            ArgoCdSettings settings,
            ApplicationCache.CacheView view,
            ArgoCdServerHealth health,
            AwaitedApplications awaited,
            boolean live,
            Instant now) {
        this.settings = settings;
        this.view = view;
        this.health = health;
        this.awaited = awaited;
        this.live = live;
        this.now = now;
    }

    List<AgentSnapshot> of(Set<String> repositoryKeys, String url, Target target) {
        List<ApplicationStatus> statuses = view.statuses().ofTarget(repositoryKeys, target);
        if (!statuses.isEmpty()) {
            return statuses.stream().map(this::heard).toList();
        }
        if (!target.isDeployedBy(AgentKind.ARGO_CD, settings.name())) {
            return List.of();
        }
        List<ApplicationStatus> gone = view.deleted().ofTarget(repositoryKeys, target);
        if (!gone.isEmpty()) {
            ApplicationStatus last = gone.get(gone.size() - 1);
            return List.of(problem(last, last.name() + " " + last.message(), true));
        }
        List<ApplicationStatus> elsewhere = view.statuses().ofAnyRepository(target);
        if (!elsewhere.isEmpty()) {
            return List.of(ofOtherRepository(elsewhere.get(0), url, target));
        }
        AgentReference by = target.agent();
        return by == null ? List.of() : ofNothing(by, url, target);
    }

    private AgentSnapshot heard(ApplicationStatus status) {
        Instant at = live ? now : view.heardAt(status.name());
        return new AgentSnapshot(
                AgentKind.ARGO_CD,
                settings.name(),
                at,
                health.isStale(now),
                health.problem(),
                health.problem() != null && health.lasting(),
                status);
    }

    private AgentSnapshot problem(ApplicationStatus status, String problem, boolean lasting) {
        return new AgentSnapshot(
                AgentKind.ARGO_CD, settings.name(), answeredAt(), health.isStale(now), problem, lasting, status);
    }

    private Instant answeredAt() {
        return health.answeredAt() == null ? Instant.EPOCH : health.answeredAt();
    }

    /**
     * The same folder in another repository may be a coincidence, and the right application may still be created. It is
     * the intended one if gitops.yaml names it, or if its repository has the same name.
     */
    private AgentSnapshot ofOtherRepository(ApplicationStatus status, String url, Target target) {
        String why = status.name() + " deploys " + status.path()
                + " of another repository: " + status.repository() + ", not the configured " + url
                + "; add it to the aliases of the repository if it is the same";
        AgentReference by = target.agent();
        boolean meant =
                by != null && by.object() != null || name(status.repository()).equals(name(url));
        return meant
                ? problem(status, why, true)
                : new AgentSnapshot(
                        AgentKind.ARGO_CD,
                        settings.name(),
                        answeredAt(),
                        health.isStale(now),
                        null,
                        unknown(status.name(), url, target, why));
    }

    private static String name(String url) {
        String key = RepositoryKey.of(url);
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** Explains why the only server that may report a target does not. */
    private List<AgentSnapshot> ofNothing(AgentReference by, String url, Target target) {
        ArgoCdException missing = by.object() == null ? null : awaited.whyMissing(by.object());
        String problem = health.problem() != null ? health.problem() : missing == null ? null : missing.getMessage();
        if (problem == null) {
            return List.of();
        }
        boolean lasting = health.problem() != null ? health.lasting() : missing.isLasting();
        String name = by.object() == null ? target.id() : by.object();
        return List.of(problem(unknown(name, url, target, null), problem, lasting));
    }

    private ApplicationStatus unknown(String name, String url, Target target, @CheckForNull String why) {
        return ApplicationStatusBuilder.of(name)
                .at(url, target.path())
                .message(why)
                .observedAt(now.toString())
                .build();
    }
}
