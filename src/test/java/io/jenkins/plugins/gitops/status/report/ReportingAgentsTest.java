package io.jenkins.plugins.gitops.status.report;

import static io.jenkins.plugins.gitops.status.report.SignedReports.live;
import static io.jenkins.plugins.gitops.status.report.SignedReports.report;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.FluxReceiverConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.status.StatusListener;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

public class ReportingAgentsTest {
    private static final String URL = "https://git.example.com/platform.git";
    private static final String REVISION = "1".repeat(40);
    private static final RepositoryConfiguration PLATFORM = new RepositoryConfiguration("platform", URL);
    private static final Target STAGING =
            new Target("payments-api", "staging", "services/payments-api/overlays/staging", null);

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Before
    public void configure() {
        GitopsConfiguration configuration = GitopsConfiguration.get();
        configuration.setAgents(null);
        configuration.setAgents(List.of(agent("one", null), agent("two", "staging"), agent("three", "production")));
        configuration.setRepositories(List.of(PLATFORM, new RepositoryConfiguration("shop", "git@example.com:shop")));
        RecordingStatusListener.all().clear();
    }

    @Test
    public void targetIsFoundByRepositoryAndPath() throws Exception {
        SignedReports.accept(
                "one",
                report(
                        1,
                        List.of(
                                live(
                                        "git@git.example.com:platform",
                                        "./services/payments-api/overlays/staging/",
                                        REVISION),
                                live(URL, "services/payments-api/overlays/dev", REVISION),
                                live("https://git.example.com/other.git", STAGING.path(), REVISION))));
        List<AgentSnapshot> found = snapshots();
        assertThat(found.size(), is(1));
        assertThat(found.get(0).agent(), is("one"));
        assertThat(found.get(0).status().comparedRevision(), is(REVISION));
        assertThat(found.get(0).stale(), is(false));
    }

    @Test
    public void observerStatusCountsForItsDeployerAndIsFoundByName() throws Exception {
        Report.ApplicationStatus live = live(URL, STAGING.path(), REVISION).withDeployedBy(AgentKind.FLUX);
        Secret secret = Secret.fromString("0123456789abcdef0123456789abcdef");
        GitopsConfiguration.get().setFluxReceivers(List.of(new FluxReceiverConfiguration("live", secret)));
        try {
            SignedReports.accept("one", report(1, List.of(live)));
            Target mapped = STAGING.withAgent(new AgentReference(AgentKind.FLUX, "live", live.name()));

            AgentSnapshot found =
                    StatusSources.snapshots(PLATFORM, mapped, Instant.now()).get(0);

            assertThat(found.kind(), is(AgentKind.FLUX));
            assertThat(found.agent(), is("one"));
            assertThat(snapshots().get(0).kind(), is(AgentKind.FLUX));
        } finally {
            GitopsConfiguration.get().setFluxReceivers(List.of());
        }
    }

    /**
     * One folder of Helm values or manifests is deployed to several environments, by Applications with different names.
     */
    @Test
    public void reportOfASharedFolderAppliesToOneTarget() throws Exception {
        Report.ApplicationStatus live = live(URL, "charts/web", REVISION);
        SignedReports.accept("one", report(1, List.of(live)));
        Target shared = new Target("web", "prod", "charts/web", "charts/web/values-prod.yaml", List.of(), "web-prod");
        Target same = new Target("web", "dev", "charts/web", "charts/web/values-dev.yaml", List.of(), live.name());
        assertThat(StatusSources.snapshots(PLATFORM, shared, Instant.now()), is(empty()));
        assertThat(StatusSources.snapshots(PLATFORM, same, Instant.now()).size(), is(1));
    }

    /** An agent may read a mirror, or use another protocol. */
    @Test
    public void reportOfAnAliasUrlAppliesToTheRepository() throws Exception {
        String mirror = "https://mirror.example.com/platform.git";
        SignedReports.accept("one", report(1, List.of(live(mirror, STAGING.path(), REVISION))));
        assertThat(snapshots(), is(empty()));
        assertThat(RecordingStatusListener.all(), is(empty()));
        RepositoryConfiguration aliased = new RepositoryConfiguration("platform", URL);
        aliased.setAliases(mirror);
        assertThat(StatusSources.snapshots(aliased, STAGING, Instant.now()).size(), is(1));
        GitopsConfiguration.get().setRepositories(List.of(aliased));
        SignedReports.accept("one", report(2, List.of(live(mirror, STAGING.path(), "2".repeat(40)))));
        assertThat(RecordingStatusListener.all().size(), is(1));
    }

    @Test
    public void newestReportReplacesTheLast() throws Exception {
        SignedReports.accept("one", report(1, List.of(live(URL, STAGING.path(), REVISION))));
        SignedReports.accept("one", report(2, List.of()));
        assertThat(snapshots(), is(empty()));
    }

    @Test
    public void reportsOutsideTheAgentsEnvironmentsAreIgnored() throws Exception {
        SignedReports.accept("three", report(1, List.of(live(URL, STAGING.path(), REVISION))));
        assertThat(snapshots(), is(empty()));
        SignedReports.accept("two", report(1, List.of(live(URL, STAGING.path(), REVISION))));
        assertThat(snapshots().stream().map(AgentSnapshot::agent).toList(), contains("two"));
    }

    @Test
    public void allAgentsReportingATargetAreNamed() throws Exception {
        SignedReports.accept(
                "one", report(1, List.of(live(URL, STAGING.path(), REVISION), live(URL, STAGING.path(), REVISION))));
        SignedReports.accept("two", report(1, List.of(live(URL, STAGING.path(), REVISION))));
        assertThat(snapshots().stream().map(AgentSnapshot::agent).toList(), containsInAnyOrder("one", "one", "two"));
    }

    @Test
    public void silentAgentBecomesStale() throws Exception {
        Instant then = Instant.now();
        SignedReports.accept("one", report(1, List.of(live(URL, STAGING.path(), REVISION))), then);
        assertThat(
                StatusSources.snapshots(PLATFORM, STAGING, then.plusSeconds(29))
                        .get(0)
                        .stale(),
                is(false));
        assertThat(
                StatusSources.snapshots(PLATFORM, STAGING, then.plusSeconds(30))
                        .get(0)
                        .stale(),
                is(true));
    }

    /** Listeners of other repositories are not notified. A removal is a change, a heartbeat is not. */
    @Test
    public void listenersAreNotifiedOfChanges() throws Exception {
        Report.ApplicationStatus live = live(URL, STAGING.path(), REVISION);
        SignedReports.accept("one", report(1, List.of(live)));
        SignedReports.accept("one", report(2, List.of(live)));
        SignedReports.accept("one", report(3, List.of(live("https://git.example.com/other", "x", REVISION))));
        Set<StatusTopic> keys =
                Set.of(StatusTopic.ofPath(STAGING.path()), StatusTopic.ofObject(AgentKind.AGENT, "one", live.name()));
        assertThat(RecordingStatusListener.all(), contains(keys, keys));
    }

    @Test
    public void repositoryAtTheRootIsFound() throws Exception {
        SignedReports.accept("one", report(1, List.of(live(URL, ".", REVISION))));
        Target root = new Target("platform", "staging", "", null);
        assertThat(StatusSources.snapshots(PLATFORM, root, Instant.now()).size(), is(1));
    }

    private static List<AgentSnapshot> snapshots() {
        return StatusSources.snapshots(PLATFORM, STAGING, Instant.now());
    }

    private static AgentConfiguration agent(String name, String environments) {
        AgentConfiguration agent = new AgentConfiguration(name, Secret.fromString("report secret of " + name));
        agent.setEnvironments(environments);
        return agent;
    }

    @TestExtension
    public static final class RecordingStatusListener implements StatusListener {
        private final List<Set<StatusTopic>> heard = new ArrayList<>();

        @Override
        public void changed(String repository, Set<StatusTopic> keys) {
            assertThat(repository, is("platform"));
            heard.add(keys);
        }

        static List<Set<StatusTopic>> all() {
            return j.jenkins.getExtensionList(RecordingStatusListener.class).get(0).heard;
        }
    }
}
