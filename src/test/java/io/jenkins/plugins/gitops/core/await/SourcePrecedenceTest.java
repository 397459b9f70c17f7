package io.jenkins.plugins.gitops.core.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.SourcePrecedence;
import io.jenkins.plugins.gitops.core.report.StatusIndex;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Which source of status takes precedence, and how an observer's status is found by target. */
public class SourcePrecedenceTest {
    private static final String URL = "https://git.example.com/config.git";
    private static final String WEB = "Kustomization/flux-system/web";
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    private static ApplicationStatus status(String name, String path) {
        return new ApplicationStatus(
                name, URL, path, null, null, "Synced", "Healthy", null, List.of(), List.of(), null, NOW.toString());
    }

    private static AgentSnapshot observed(String name, boolean stale) {
        ApplicationStatus status = status(name, "web").withDeployedBy(AgentKind.FLUX);
        return new AgentSnapshot(AgentKind.FLUX, "edge", NOW, stale, null, status);
    }

    private static AgentSnapshot told(String name, String problem) {
        return new AgentSnapshot(AgentKind.FLUX, "live", NOW, false, problem, status(name, "web"));
    }

    @Test
    public void observerTakesPrecedenceOverEvents() {
        AgentSnapshot observer = observed(WEB, false);

        assertThat(SourcePrecedence.authoritative(List.of(told(WEB, null), observer)), contains(observer));
    }

    @Test
    public void eventsCountWhileTheObserverIsSilent() {
        AgentSnapshot events = told(WEB, null);

        assertThat(SourcePrecedence.authoritative(List.of(events, observed(WEB, true))), contains(events));
    }

    @Test
    public void silentObserverIsNamedWithoutOtherSources() {
        AgentSnapshot observer = observed(WEB, true);

        assertThat(SourcePrecedence.authoritative(List.of(observer)), contains(observer));
        AgentSnapshot unasked = told(WEB, "it cannot be reached");
        assertThat(SourcePrecedence.authoritative(List.of(unasked, observer)), contains(unasked, observer));
    }

    @Test
    public void unreachableSourceIsIgnored() {
        AgentSnapshot observer = observed(WEB, false);

        assertThat(
                SourcePrecedence.authoritative(List.of(told("web/dev", "it cannot be reached"), observer)),
                contains(observer));
    }

    @Test
    public void otherObjectsAndKindsAreKept() {
        AgentSnapshot observer = observed(WEB, false);
        AgentSnapshot other = told("Kustomization/flux-system/api", null);
        AgentSnapshot agent = new AgentSnapshot("dev", NOW, false, status("web", "web"));

        assertThat(SourcePrecedence.authoritative(List.of(other, agent, observer)), contains(other, agent, observer));
    }

    @Test
    public void observerStatusIsFoundByPathAndByFluxNameInGitopsYaml() {
        StatusIndex statusIndex = new StatusIndex(
                AgentKind.AGENT,
                "edge",
                List.of(
                        status(WEB, "services/web/dev").withDeployedBy(AgentKind.FLUX),
                        status("web", "services/web/dev").withDeployedBy(AgentKind.ARGO_CD)),
                Map.of(AgentKind.FLUX, List.of("live"), AgentKind.ARGO_CD, List.of("main")));
        Set<String> repository = Set.of(RepositoryKey.of(URL));
        Target target = new Target("web", "dev", "services/web/dev", null);

        assertThat(statusIndex.ofTarget(repository, target).size(), is(2));
        assertThat(
                names(statusIndex, target.withAgent(new AgentReference(AgentKind.FLUX, "live", WEB))), contains(WEB));
        assertThat(
                names(statusIndex, target.withAgent(new AgentReference(AgentKind.FLUX, "live", null))), contains(WEB));
        assertThat(
                names(statusIndex, target.withAgent(new AgentReference(AgentKind.ARGO_CD, "main", "web"))),
                contains("web"));
        assertThat(
                names(statusIndex, target.withAgent(new AgentReference(AgentKind.FLUX, "live", "Kustomization/a/b"))),
                is(List.of()));
        assertThat(
                names(statusIndex, target.withAgent(new AgentReference(AgentKind.AGENT, "other", null))),
                is(List.of()));
        assertThat(
                statusIndex
                        .keys()
                        .get(RepositoryKey.of(URL))
                        .contains(StatusTopic.ofObject(AgentKind.FLUX, "live", WEB)),
                is(true));
    }

    private static List<String> names(StatusIndex statusIndex, Target target) {
        return statusIndex.ofTarget(Set.of(RepositoryKey.of(URL)), target).stream()
                .map(ApplicationStatus::name)
                .toList();
    }

    @Test
    public void verdictNamesTheDeployerAndTheObserver() {
        assertThat(VerdictMessages.agentName(observed(WEB, false)), is("Flux (observer edge)"));
        assertThat(VerdictMessages.agentName(told(WEB, null)), is("Flux live"));
    }
}
