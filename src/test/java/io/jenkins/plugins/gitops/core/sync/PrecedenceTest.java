package io.jenkins.plugins.gitops.core.sync;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Whose word counts, and how an observer's is found by target. */
public class PrecedenceTest {
    private static final String URL = "https://git.example.com/config.git";
    private static final String WEB = "Kustomization/flux-system/web";
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    private static ApplicationStatus status(String name, String path) {
        return new ApplicationStatus(
                name, URL, path, null, null, "Synced", "Healthy", null, List.of(), List.of(), null, NOW.toString());
    }

    private static Snapshot observed(String name, boolean stale) {
        ApplicationStatus status = status(name, "web").withDeployedBy(AgentKind.FLUX);
        return new Snapshot(AgentKind.FLUX, "edge", NOW, stale, null, status);
    }

    private static Snapshot told(String name, String problem) {
        return new Snapshot(AgentKind.FLUX, "live", NOW, false, problem, status(name, "web"));
    }

    @Test
    public void observerStandsAboveEvents() {
        Snapshot observer = observed(WEB, false);

        assertThat(Precedence.among(List.of(told(WEB, null), observer)), contains(observer));
    }

    @Test
    public void eventsCountWhileTheObserverIsSilent() {
        Snapshot events = told(WEB, null);

        assertThat(Precedence.among(List.of(events, observed(WEB, true))), contains(events));
    }

    @Test
    public void silentObserverIsNamedWhereNobodyElseKnows() {
        Snapshot observer = observed(WEB, true);

        assertThat(Precedence.among(List.of(observer)), contains(observer));
        Snapshot unasked = told(WEB, "it cannot be reached");
        assertThat(Precedence.among(List.of(unasked, observer)), contains(unasked, observer));
    }

    @Test
    public void sourceThatCannotBeAskedIsLeftOut() {
        Snapshot observer = observed(WEB, false);

        assertThat(Precedence.among(List.of(told("web/dev", "it cannot be reached"), observer)), contains(observer));
    }

    @Test
    public void otherObjectsAndOtherKindsStay() {
        Snapshot observer = observed(WEB, false);
        Snapshot other = told("Kustomization/flux-system/api", null);
        Snapshot agent = new Snapshot("dev", NOW, false, status("web", "web"));

        assertThat(Precedence.among(List.of(other, agent, observer)), contains(other, agent, observer));
    }

    @Test
    public void observersWordIsFoundByPathAndByTheNameThatGitopsYamlGivesTheFlux() {
        Statuses statuses = new Statuses(
                AgentKind.AGENT,
                "edge",
                List.of(
                        status(WEB, "services/web/dev").withDeployedBy(AgentKind.FLUX),
                        status("web", "services/web/dev").withDeployedBy(AgentKind.ARGO_CD)),
                Map.of(AgentKind.FLUX, List.of("live"), AgentKind.ARGO_CD, List.of("main")));
        Set<String> repository = Set.of(RepositoryKey.of(URL));
        Target target = new Target("web", "dev", "services/web/dev", null);

        assertThat(statuses.about(repository, target).size(), is(2));
        assertThat(names(statuses, target.withDeployedBy(new DeployedBy(AgentKind.FLUX, "live", WEB))), contains(WEB));
        assertThat(names(statuses, target.withDeployedBy(new DeployedBy(AgentKind.FLUX, "live", null))), contains(WEB));
        assertThat(
                names(statuses, target.withDeployedBy(new DeployedBy(AgentKind.ARGO_CD, "main", "web"))),
                contains("web"));
        assertThat(
                names(statuses, target.withDeployedBy(new DeployedBy(AgentKind.FLUX, "live", "Kustomization/a/b"))),
                is(List.of()));
        assertThat(
                names(statuses, target.withDeployedBy(new DeployedBy(AgentKind.AGENT, "other", null))), is(List.of()));
        assertThat(
                statuses.keys().get(RepositoryKey.of(URL)).contains(StatusKey.ofObject(AgentKind.FLUX, "live", WEB)),
                is(true));
    }

    private static List<String> names(Statuses statuses, Target target) {
        return statuses.about(Set.of(RepositoryKey.of(URL)), target).stream()
                .map(ApplicationStatus::name)
                .toList();
    }

    @Test
    public void verdictNamesTheDeployerAndTheObserver() {
        assertThat(Texts.who(observed(WEB, false)), is("Flux (observer edge)"));
        assertThat(Texts.who(told(WEB, null)), is("Flux live"));
    }
}
