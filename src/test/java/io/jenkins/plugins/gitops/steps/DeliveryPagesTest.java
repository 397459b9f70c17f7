package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestBuilder;

/** How a run's pages and its remote API show its changes. */
public class DeliveryPagesTest {
    private static final String PAYLOAD = "\"'><img src=x onerror=alert(1)>";
    private static final String REVISION = "0123456789012345678901234567890123456789";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private FreeStyleBuild run;

    @Before
    public void build() throws Exception {
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.READ, Item.READ)
                        .everywhere()
                        .to("reader")
                        .grant(Jenkins.READ, Item.READ, GitopsPermissions.VIEW)
                        .everywhere()
                        .to("viewer")
                        .grant(Jenkins.READ)
                        .everywhere()
                        .toEveryone());
        run = j.buildAndAssertSuccess(j.createFreeStyleProject());
    }

    @Test
    public void pagesShowChangesAndTheirOutcome() throws Exception {
        GitopsChangesAction.record(run, change("one", "dev", true, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:1"));
        ended(ChangeRecord.Outcome.LIVE, "live at 01234567, Healthy");
        GitopsChangesAction.record(
                run, change("two", "staging", false, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:2"));
        String summary = panel(run.getUrl()).asNormalizedText();
        assertThat(summary, containsString("shop/dev"));
        assertThat(summary, containsString("Live"));
        assertThat(summary, containsString("Unchanged"));
        String page = panel(run.getUrl() + "gitops/").asNormalizedText();
        assertThat(page, containsString("ghcr.io/myorg/shop:1"));
        assertThat(page, containsString("ghcr.io/myorg/shop:2"));
        assertThat(page, containsString(REVISION));
        assertThat(page, containsString("live at 01234567, Healthy"));
        assertThat(page, containsString("apps/shop/kustomization.yaml"));
        assertThat(page, containsString("alice"));
        assertThat(page, containsString("bob"));
    }

    @Test
    public void everyOutcomeHasALabel() throws Exception {
        Map<ChangeRecord.Outcome, String> words = Map.of(
                ChangeRecord.Outcome.LIVE, "Live",
                ChangeRecord.Outcome.FAILED, "Failed",
                ChangeRecord.Outcome.SUPERSEDED, "Superseded",
                ChangeRecord.Outcome.REVERTED, "Reverted",
                ChangeRecord.Outcome.TIMEOUT, "Timed out",
                ChangeRecord.Outcome.STALLED, "Stalled");
        GitopsChangesAction.record(run, change("one", "dev", true, "x:1", "x:0"));
        assertThat(panel(run.getUrl()).asNormalizedText(), containsString("Written"));
        for (ChangeRecord.Outcome outcome : ChangeRecord.Outcome.values()) {
            ended(outcome, "because");
            assertThat(panel(run.getUrl()).asNormalizedText(), containsString(words.get(outcome)));
        }
    }

    @Test
    public void pagesShowHowAWaitEnded() throws Exception {
        GitopsChangesAction.record(run, change("one", "dev", true, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:1"));
        ended(ChangeRecord.Outcome.FAILED, "synced to 01234567 but Degraded", degraded("no such tag"));
        GitopsChangesAction.rolledBack(run, "one", "fedcba9876543210fedcba9876543210fedcba98");
        assertThat(panel(run.getUrl()).asNormalizedText(), containsString("Rolled back"));
        String page = panel(run.getUrl() + "gitops/").asNormalizedText();
        assertThat(page, containsString("Waited\n1m30s"));
        assertThat(page, containsString("Health\nDegraded"));
        assertThat(page, containsString("Deployed commit\n" + REVISION));
        assertThat(page, containsString("Deployment shop-dev/shop: Synced Degraded\nno such tag"));
        assertThat(page, containsString("Rolled back by\nfedcba9876543210fedcba9876543210fedcba98"));
    }

    @Test
    public void targetsAreLinkedForThoseWhoMayViewThem() throws Exception {
        GitopsChangesAction.record(run, change("one", "dev&x", true, "x:1", "x:0"));
        String link = "gitops/repository/platform/target/shop/dev%26x/";
        for (String path : List.of(run.getUrl(), run.getUrl() + "gitops/")) {
            assertThat(path, html("reader", path), not(containsString("gitops/repository")));
            assertThat(path, html("viewer", path), containsString("href=\"/jenkins/" + link + "\""));
        }
        assertThat(WebClients.get(j, "reader", link).getStatusCode(), is(403));
    }

    private static ObservedTarget degraded(String text) {
        Report.ResourceStatus resourceStatus =
                new Report.ResourceStatus("Deployment", "shop-dev", "shop", "Synced", "Degraded", text);
        return ObservedTarget.of(new Verdict.Failed(REVISION, Health.DEGRADED, List.of(resourceStatus), "broken"));
    }

    private static String html(String user, String path) throws Exception {
        return WebClients.login(j, user).goTo(path).getWebResponse().getContentAsString();
    }

    @Test
    public void textsAreEscaped() throws Exception {
        GitopsChangesAction.record(run, change("one", PAYLOAD, true, PAYLOAD, PAYLOAD));
        Report.ResourceStatus resourceStatus =
                new Report.ResourceStatus(PAYLOAD, PAYLOAD, PAYLOAD, PAYLOAD, PAYLOAD, PAYLOAD);
        ended(
                ChangeRecord.Outcome.FAILED,
                PAYLOAD,
                ObservedTarget.of(new Verdict.Failed(PAYLOAD, Health.DEGRADED, List.of(resourceStatus), PAYLOAD)));
        GitopsChangesAction.rolledBack(run, "one", PAYLOAD);
        for (String user : List.of("reader", "viewer")) {
            for (String path : List.of(run.getUrl(), run.getUrl() + "gitops/")) {
                String html = html(user, path);
                assertThat(html, not(containsString("<img src=x")));
                assertThat(html, containsString("&lt;img src=x"));
            }
        }
    }

    @Test
    public void logLinksTargetsOfAnyName() throws Exception {
        FreeStyleProject project = j.createFreeStyleProject();
        project.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener) {
                listener.getLogger().println(TargetLink.inLog("platform", "shop", "dev"));
                listener.getLogger().println(TargetLink.inLog("platform", PAYLOAD + "\nsecond line", "dev"));
                return true;
            }
        });
        FreeStyleBuild build = j.buildAndAssertSuccess(project);
        assertThat(j.getLog(build), containsString("onerror=alert(1)> second line/dev"));
        String html = html("reader", build.getUrl() + "console");
        assertThat(html, containsString("/gitops/repository/platform/target/shop/dev/'>shop/dev</a>"));
        assertThat(html, not(containsString("<img src=x")));
        assertThat(html, containsString("/target/%22%27%3E%3Cimg%20src"));
    }

    @Test
    public void remoteApiShowsTheSame() throws Exception {
        GitopsChangesAction.record(run, change("one", "dev", true, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:1"));
        ended(ChangeRecord.Outcome.LIVE, "live");
        String answer = WebClients.login(j, "reader")
                .goTo(run.getUrl() + "api/json?tree=actions[changes[*]]", "application/json")
                .getWebResponse()
                .getContentAsString();
        JsonNode change =
                new ObjectMapper().readTree(answer).findValue("changes").get(0);
        assertThat(change.path("application").asText(), is("shop"));
        assertThat(change.path("images").get(0).asText(), is("ghcr.io/myorg/shop:2"));
        assertThat(change.path("outcome").asText(), is("LIVE"));
    }

    @Test
    public void thePageHasARemoteApiOfItsOwn() throws Exception {
        GitopsChangesAction.record(run, change("one", "dev", true, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:1"));
        ended(ChangeRecord.Outcome.FAILED, "broken", degraded("no such tag"));
        GitopsChangesAction.rolledBack(run, "one", "fedcba9876543210fedcba9876543210fedcba98");
        String answer = WebClients.login(j, "reader")
                .goTo(run.getUrl() + "gitops/api/json", "application/json")
                .getWebResponse()
                .getContentAsString();
        JsonNode change = new ObjectMapper().readTree(answer).path("changes").get(0);
        assertThat(change.path("outcome").asText(), is("FAILED"));
        assertThat(change.path("syncedRevision").asText(), is(REVISION));
        assertThat(change.path("health").asText(), is("Degraded"));
        assertThat(change.path("waited").asLong(), is(90_000L));
        assertThat(change.path("rolledBackBy").asText(), is("fedcba9876543210fedcba9876543210fedcba98"));
        assertThat(change.path("resources").get(0).path("kind").asText(), is("Deployment"));
        assertThat(change.path("resources").get(0).path("message").asText(), is("no such tag"));
    }

    @Test
    public void dataOfAFormerVersionIsShown() throws Exception {
        String xml;
        try (InputStream stored = DeliveryPagesTest.class.getResourceAsStream("delivery-action-1.xml")) {
            xml = new String(stored.readAllBytes(), StandardCharsets.UTF_8);
        }
        run.addAction((GitopsChangesAction) Run.XSTREAM2.fromXML(xml));
        run.save();
        String page = panel(run.getUrl() + "gitops/").asNormalizedText();
        assertThat(page, containsString("live at 01234567, Healthy"));
        assertThat(page, not(containsString("Waited")));
        ChangeRecord change =
                run.getAction(GitopsChangesAction.class).getChanges().get(0);
        assertThat(change.getOutcome(), is(ChangeRecord.Outcome.LIVE));
        assertThat(change.getResources(), is(List.of()));
        assertThat(change.getSyncedRevision(), is(nullValue()));
        ended(ChangeRecord.Outcome.FAILED, "broken", degraded("no such tag"));
        assertThat(panel(run.getUrl() + "gitops/").asNormalizedText(), containsString("no such tag"));
    }

    @Test
    public void nothingIsShownWithoutAccessToTheJob() throws Exception {
        GitopsChangesAction.record(run, change("one", "dev", true, "x:1", "x:0"));
        for (String path : List.of("gitops/", "gitops/api/json")) {
            JenkinsRule.WebClient stranger = j.createWebClient();
            stranger.assertFails(run.getUrl() + path, 404);
        }
        assertThat(WebClients.get(j, "reader", run.getUrl() + "gitops/change").getStatusCode(), is(404));
        assertThat(WebClients.get(j, "reader", run.getUrl() + "gitops/outcome").getStatusCode(), is(404));
    }

    private void ended(ChangeRecord.Outcome outcome, String summary) throws IOException {
        ended(outcome, summary, ObservedTarget.NOTHING);
    }

    private void ended(ChangeRecord.Outcome outcome, String summary, ObservedTarget observedTarget) throws IOException {
        GitopsChangesAction.ended(
                run, "one", new ChangeRecord.AwaitEnd(outcome, summary, observedTarget, 1_700_000_090_000L, 90_000));
    }

    private static ChangeRecord change(String operation, String env, boolean changed, String image, String previous) {
        return new ChangeRecord.Builder(ChangeRecord.ChangeKind.SET_IMAGE, operation)
                .target("platform", "shop", env)
                .images(List.of(image), List.of(previous))
                .commit(changed, REVISION, List.of("apps/shop/kustomization.yaml"))
                .requestedBy("alice")
                .approvedBy(List.of("bob"))
                .build(1_700_000_000_000L);
    }

    private static org.htmlunit.html.DomElement panel(String path) throws Exception {
        HtmlPage page = WebClients.login(j, "reader").goTo(path);
        return page.getElementById("main-panel");
    }
}
