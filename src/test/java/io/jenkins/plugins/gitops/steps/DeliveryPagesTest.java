package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.FreeStyleBuild;
import hudson.model.Item;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What a run's pages and its remote API tell of its changes. */
public class DeliveryPagesTest {
    private static final String PAYLOAD = "\"'><img src=x onerror=alert(1)>";
    private static final String REVISION = "0123456789012345678901234567890123456789";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private FreeStyleBuild run;

    @Before
    public void build() throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader")
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone());
        run = j.buildAndAssertSuccess(j.createFreeStyleProject());
    }

    @Test
    public void pagesTellWhatWasChangedAndWhatBecameOfIt() throws Exception {
        DeliveryAction.record(run, change("one", "dev", true, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:1"));
        ended(ChangeRecord.Outcome.LIVE, "live at 01234567, Healthy");
        DeliveryAction.record(run, change("two", "staging", false, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:2"));
        String summary = panel(run.getUrl()).asNormalizedText();
        assertThat(summary, containsString("shop/dev"));
        assertThat(summary, containsString("Live"));
        assertThat(summary, containsString("Already there"));
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
    public void everyOutcomeHasItsWord() throws Exception {
        Map<ChangeRecord.Outcome, String> words = Map.of(
                ChangeRecord.Outcome.LIVE, "Live",
                ChangeRecord.Outcome.FAILED, "Failed",
                ChangeRecord.Outcome.SUPERSEDED, "Superseded",
                ChangeRecord.Outcome.REVERTED, "Reverted",
                ChangeRecord.Outcome.TIMEOUT, "Not live in time");
        DeliveryAction.record(run, change("one", "dev", true, "x:1", "x:0"));
        assertThat(panel(run.getUrl()).asNormalizedText(), containsString("Written"));
        for (ChangeRecord.Outcome outcome : ChangeRecord.Outcome.values()) {
            ended(outcome, "because");
            assertThat(panel(run.getUrl()).asNormalizedText(), containsString(words.get(outcome)));
        }
    }

    @Test
    public void textsAreText() throws Exception {
        DeliveryAction.record(run, change("one", PAYLOAD, true, PAYLOAD, PAYLOAD));
        ended(ChangeRecord.Outcome.FAILED, PAYLOAD);
        for (String path : List.of(run.getUrl(), run.getUrl() + "gitops/")) {
            String html = client("reader").goTo(path).getWebResponse().getContentAsString();
            assertThat(html, not(containsString("<img src=x")));
            assertThat(html, containsString("&lt;img src=x"));
        }
    }

    @Test
    public void remoteApiTellsTheSame() throws Exception {
        DeliveryAction.record(run, change("one", "dev", true, "ghcr.io/myorg/shop:2", "ghcr.io/myorg/shop:1"));
        ended(ChangeRecord.Outcome.LIVE, "live");
        String answer = client("reader")
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
    public void whoDoesNotSeeTheJobSeesNothing() throws Exception {
        DeliveryAction.record(run, change("one", "dev", true, "x:1", "x:0"));
        for (String path : List.of("gitops/", "gitops/api/json")) {
            JenkinsRule.WebClient stranger = j.createWebClient();
            stranger.assertFails(run.getUrl() + path, 404);
        }
        client("reader").assertFails(run.getUrl() + "gitops/change", 404);
        client("reader").assertFails(run.getUrl() + "gitops/outcome", 404);
    }

    private void ended(ChangeRecord.Outcome outcome, String summary) throws IOException {
        ended(outcome, summary, Sight.NOTHING);
    }

    private void ended(ChangeRecord.Outcome outcome, String summary, Sight sight) throws IOException {
        DeliveryAction.ended(run, "one", new ChangeRecord.End(outcome, summary, sight, 1_700_000_090_000L, 90_000));
    }

    private static ChangeRecord change(String operation, String env, boolean changed, String image, String previous) {
        return new ChangeRecord.Builder(ChangeRecord.Kind.SET_IMAGE, operation)
                .target("platform", "shop", env)
                .images(List.of(image), List.of(previous))
                .commit(changed, REVISION, List.of("apps/shop/kustomization.yaml"))
                .requestedBy("alice")
                .approvedBy(List.of("bob"))
                .build(1_700_000_000_000L);
    }

    private static JenkinsRule.WebClient client(String user) throws Exception {
        return j.createWebClient().withJavaScriptEnabled(false).login(user);
    }

    private static org.htmlunit.html.DomElement panel(String path) throws Exception {
        HtmlPage page = client("reader").goTo(path);
        return page.getElementById("main-panel");
    }
}
