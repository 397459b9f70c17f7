package io.jenkins.plugins.gitops.status.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.UnprotectedRootAction;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.FluxReceiverConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.flux.FluxRecordings;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSources;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.webhook.WebhookCalls;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Events of Flux at the endpoint, and the targets for which they are accepted. */
public class FluxWebhookTest {
    private static final String SECRET = "a secret of live's Flux";
    private static final String CHECKOUT = "Kustomization/flux-system/checkout";
    private static final RepositoryConfiguration REPOSITORY =
            new RepositoryConfiguration("config", "https://git.example.com/config.git");

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Before
    public void lockDown() {
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.ADMINISTER)
                        .everywhere()
                        .to("admin"));
        GitopsConfiguration.get().setFluxReceivers(null);
        configure("live", "production", "dev", null);
    }

    private static void configure(String first, String environments, String second, String others) {
        FluxReceiverConfiguration one = new FluxReceiverConfiguration(first, Secret.fromString(SECRET));
        one.setEnvironments(environments);
        FluxReceiverConfiguration other =
                new FluxReceiverConfiguration(second, Secret.fromString("a secret of dev's Flux"));
        other.setEnvironments(others);
        GitopsConfiguration.get().setFluxReceivers(List.of(one, other));
    }

    @Test
    public void realControllerSignaturesAreAccepted() throws Exception {
        JsonNode vectors = FluxRecordings.read("08-raw-signed-vectors.json");
        FluxReceiverConfiguration recorded = new FluxReceiverConfiguration(
                "recorded", Secret.fromString(vectors.get("hmac_key").asText()));
        GitopsConfiguration.get().setFluxReceivers(List.of(recorded));
        Instant then = Instant.parse("2026-11-21T07:34:00Z");
        for (JsonNode request : vectors.get("requests")) {
            byte[] body = request.get("raw_body").asText().getBytes(StandardCharsets.UTF_8);
            JsonNode headers = request.get("headers");
            int status = new FluxWebhook()
                    .receive("recorded", name -> headers.path(name).asText(null), body, then);
            assertThat(status, is(202));
        }
        AgentSnapshot seen = only("recorded", "dev");
        assertThat(seen.status().health(), is("Healthy"));
        assertThat(seen.status().syncedRevision(), is("2c766b4f30dcece6ab496ee47fdf7b065b492341"));
    }

    @Test
    public void eachAlgorithmIsAcceptedByTheEndpoint() throws Exception {
        int second = 0;
        for (String algorithm : List.of("sha224", "sha256", "sha384", "sha512")) {
            byte[] body = now("01-first-apply.json", 2, second++);
            String signature = algorithm + "=" + Hmac.sign(algorithm, SECRET, body);
            HttpResponse<byte[]> answer = post("flux/live", body, Map.of("X-Signature", signature));
            assertThat(answer.statusCode(), is(202));
            assertThat(answer.body().length, is(0));
        }
        assertThat(only("live", "production").status().sync(), is("Synced"));
    }

    @Test
    public void unauthenticatedSendersAllGetTheSameResponse() throws Exception {
        byte[] body = now("01-first-apply.json", 0, 0);
        String right = Hmac.sign("sha256", SECRET, body);
        String wrong = Hmac.sign("sha256", SECRET + "x", body);
        HttpResponse<byte[]> forged = post("flux/live", body, Map.of("X-Signature", "sha256=" + wrong));
        assertThat(forged.statusCode(), is(403));
        assertThat(forged.body().length, is(0));
        for (Map<String, String> headers : List.<Map<String, String>>of(
                Map.of(),
                Map.of("X-Signature", ""),
                Map.of("X-Signature", right),
                Map.of("X-Signature", "sha1=" + right),
                Map.of("X-Signature", "sha512=" + right),
                Map.of("X-Signature", "sha256=" + Hmac.sign("sha256", "a secret of dev's Flux", body)),
                Map.of("X-Hub-Signature-256", "sha256=" + right))) {
            WebhookCalls.assertSameResponse(forged, post("flux/live", body, headers));
        }
        Map<String, String> signed = Map.of("X-Signature", "sha256=" + right);
        WebhookCalls.assertSameResponse(forged, post("flux/nobody", body, signed));
        WebhookCalls.assertSameResponse(forged, post("flux/dev", body, signed));
        WebhookCalls.assertSameResponse(forged, post("flux/LIVE", body, signed));
        WebhookCalls.assertSameResponse(forged, post("flux/live", new byte[0], signed));
        assertThat(all("live", "production").isEmpty(), is(true));
    }

    @Test
    public void replayedMalformedAndStaleEventsChangeNothing() throws Exception {
        byte[] body = now("06-ledger.json", 1, 0);
        assertThat(send("live", body).statusCode(), is(202));
        Target ledger =
                target("production", new AgentReference(AgentKind.FLUX, "live", "Kustomization/flux-system/ledger"));
        List<AgentSnapshot> before = StatusSources.snapshots(REPOSITORY, ledger, Instant.now());
        assertThat(before.get(0).status().health(), is("Degraded"));
        assertThat(send("live", body).statusCode(), is(202));
        assertThat(send("live", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)).statusCode(), is(400));
        assertThat(send("live", now("01-first-apply.json", 0, 2 * 60 * 60)).statusCode(), is(409));
        assertThat(StatusSources.snapshots(REPOSITORY, ledger, Instant.now()), is(before));
    }

    @Test
    public void receiverReportsOnlyItsOwnTargetsAndEnvironments() throws Exception {
        send("live", now("01-first-apply.json", 2, 0));
        AgentReference checkout = new AgentReference(AgentKind.FLUX, "live", CHECKOUT);
        assertThat(about(target("production", checkout)).size(), is(1));
        assertThat(about(target("production", checkout)).get(0).status().repository(), is(REPOSITORY.getUrl()));
        assertThat(about(target("production", checkout)).get(0).stale(), is(false));
        assertThat(about(target("dev", checkout)).isEmpty(), is(true));
        assertThat(about(target("production", null)).isEmpty(), is(true));
        for (AgentReference other : List.of(
                new AgentReference(AgentKind.FLUX, "dev", CHECKOUT),
                new AgentReference(AgentKind.ARGO_CD, "live", CHECKOUT),
                new AgentReference(AgentKind.AGENT, "live", CHECKOUT),
                new AgentReference(AgentKind.FLUX, "live", "HelmRelease/flux-system/checkout"),
                new AgentReference(AgentKind.FLUX, "live", "Kustomization/other/checkout"))) {
            assertThat(other.toString(), about(target("production", other)).isEmpty(), is(true));
        }
    }

    @Test
    public void receiversAreListedAndRemovedWithTheirConfiguration() throws Exception {
        send("live", now("01-first-apply.json", 2, 0));
        send("live", now("07-git-unreachable.json", 0, 0));
        AgentInfo live = state("live");
        assertThat(live.kind(), is(AgentKind.FLUX));
        assertThat(live.environments(), is("production"));
        assertThat(live.lastSeen(), is(notNullValue()));
        assertThat(live.stale(), is(false));
        assertThat(live.problem().startsWith("GitRepository/flux-system/config cannot be read: failed"), is(true));
        assertThat(live.applications().get(0).name(), is(CHECKOUT));
        assertThat(state("dev").lastSeen(), is(nullValue()));
        configure("renamed", null, "dev", null);
        configure("live", null, "dev", null);
        assertThat(state("live").lastSeen(), is(nullValue()));
        assertThat(all("live", "production").isEmpty(), is(true));
    }

    @Test
    public void changedSecretTakesEffectAtOnce() throws Exception {
        byte[] body = now("01-first-apply.json", 2, 0);
        GitopsConfiguration.get()
                .setFluxReceivers(
                        List.of(new FluxReceiverConfiguration("live", Secret.fromString("a rotated secret of 16+"))));
        assertThat(send("live", body).statusCode(), is(403));
    }

    @Test
    public void noOtherPathIsExemptFromTheCrumb() {
        long doors = j.jenkins.getExtensionList(UnprotectedRootAction.class).stream()
                .filter(a -> String.valueOf(a.getUrlName()).contains("flux"))
                .count();
        assertThat(doors, is(0L));
    }

    private static AgentInfo state(String name) {
        return StatusSources.agents(Instant.now()).stream()
                .filter(a -> a.kind() == AgentKind.FLUX && a.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Target target(String environment, AgentReference by) {
        return new Target("checkout", environment, "apps/checkout/" + environment, null).withAgent(by);
    }

    private static List<AgentSnapshot> about(Target target) {
        return StatusSources.snapshots(REPOSITORY, target, Instant.now());
    }

    private static List<AgentSnapshot> all(String flux, String environment) {
        return about(target(environment, new AgentReference(AgentKind.FLUX, flux, CHECKOUT)));
    }

    private static AgentSnapshot only(String flux, String environment) {
        List<AgentSnapshot> found = all(flux, environment);
        assertThat(found.size(), is(1));
        return found.get(0);
    }

    /** Returns a recorded event with a recent time. */
    private static byte[] now(String file, int index, int secondsAgo) throws Exception {
        return FluxRecordings.at(
                FluxRecordings.bodies(file).get(index), Instant.now().minusSeconds(secondsAgo));
    }

    private static HttpResponse<byte[]> send(String flux, byte[] body) throws Exception {
        return post("flux/" + flux, body, Map.of("X-Signature", "sha256=" + Hmac.sign("sha256", SECRET, body)));
    }

    private static HttpResponse<byte[]> post(String path, byte[] body, Map<String, String> headers) throws Exception {
        return WebhookCalls.post(j, "gitops-webhook/" + path, body, headers);
    }
}
