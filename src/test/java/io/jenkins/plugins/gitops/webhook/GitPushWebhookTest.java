package io.jenkins.plugins.gitops.webhook;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.webhook.PushEvents;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.Verdicts;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** Push events at the endpoint: their effect, and what they never cause. */
public class GitPushWebhookTest {
    private static final String SECRET = "a secret of the Git host";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private RepositoryConfiguration configuration;

    @Before
    public void repository() throws Exception {
        configuration = GitopsConfiguration.get().getRepositories().get(0);
        configuration.setWebhookSecret(Secret.fromString(SECRET));
        GitopsConfiguration.get().setRepositories(List.of(configuration));
        local().fetch();
    }

    private ConfigRepository local() throws Exception {
        return ConfigRepositories.get().open(configuration);
    }

    private byte[] push(String branch, String after) throws Exception {
        return push(name.getMethodName(), branch, after);
    }

    private static byte[] push(String repository, String branch, String after) throws Exception {
        try (InputStream in =
                GitPushWebhookTest.class.getResourceAsStream("/io/jenkins/plugins/gitops/gitea/54-webhook-push.json")) {
            ObjectNode body = (ObjectNode) new ObjectMapper().readTree(in).get("body");
            body.put("ref", "refs/heads/" + branch);
            body.put("after", after);
            ((ObjectNode) body.get("repository")).put("full_name", repository);
            return new ObjectMapper().writeValueAsBytes(body);
        }
    }

    private static HttpResponse<byte[]> post(String path, byte[] body, Map<String, String> headers) throws Exception {
        return WebhookCalls.post(J, "gitops-webhook/git/" + path, body, headers);
    }

    private static Map<String, String> gitea(byte[] body) {
        return Map.of("X-Gitea-Event", "push", "X-Gitea-Signature", Hmac.sign("sha256", SECRET, body));
    }

    @Test
    public void pushFetchesTheBranchAndNotifiesWaits() throws Exception {
        BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
        String file = ServedConfigRepository.imageFile("payments-api/dev");
        String revision = J.repository().tip();
        Target target = new Target("payments-api", "dev", ServedConfigRepository.path("payments-api/dev"), null);
        WaitRegistry.get().register("w", "config", new Expectation(target, revision, List.of(), true), verdicts::add);
        assertThat(verdicts.poll(1, TimeUnit.MINUTES), is(notNullValue()));
        String pushed = J.repository().replace(file, "sha-a1b2c3d", "v2", "Carol sets v2");

        byte[] body = push("main", pushed);
        HttpResponse<byte[]> answer = post("config", body, gitea(body));

        assertThat(answer.statusCode(), is(202));
        assertThat(answer.body().length, is(0));
        Verdict end = Verdicts.end(verdicts);
        assertThat(((Verdict.Superseded) end).by(), is(pushed));
        assertThat(local().tip().orElseThrow(), is(pushed));
    }

    @Test
    public void pushToTheDefaultBranchIsFetched() throws Exception {
        J.repository().branch("trunk", J.repository().tip());
        J.repository().setDefaultBranch("trunk");
        local().fetch();
        String pushed = J.repository().write("notes.txt", "for trunk", "Carol takes notes");
        assertThat(GitPushWebhook.isUnknown(configuration, new PushEvents.BranchUpdate("main", pushed)), is(false));
        J.repository().branch("trunk", pushed);

        byte[] body = push("trunk", pushed);
        assertThat(post("config", body, gitea(body)).statusCode(), is(202));

        Polling.until(() -> local().tip().orElseThrow().equals(pushed));
        assertThat(local().branch(), is("trunk"));
    }

    @Test
    public void anyPushIsFetchedWhileTheDefaultBranchIsNotKnown() throws Exception {
        RepositoryConfiguration unread =
                GitopsTestConfiguration.repository("unread", J.repository().url(), "no-such-credentials");
        PushEvents.BranchUpdate push = new PushEvents.BranchUpdate("trunk", "1".repeat(40));
        assertThat(GitPushWebhook.isUnknown(unread, push), is(true));
        unread.setBranch("main");
        assertThat(GitPushWebhook.isUnknown(unread, push), is(false));
    }

    @Test
    public void pushOfManyFilesIsAccepted() throws Exception {
        ObjectNode body = (ObjectNode) new ObjectMapper().readTree(push("main", "1".repeat(40)));
        body.put("files", "x".repeat(6 << 20));
        byte[] large = new ObjectMapper().writeValueAsBytes(body);
        assertThat(post("config", large, gitea(large)).statusCode(), is(202));
        Map<String, String> forged = Map.of("X-Gitea-Event", "push", "X-Gitea-Signature", "0".repeat(64));
        assertThat(post("config", large, forged).statusCode(), is(403));
        assertThat(post("nobody", large, gitea(large)).statusCode(), is(403));
        byte[] tooLarge = new byte[(int) GitPushWebhook.MAX_BODY_BYTES + 1];
        assertThat(post("config", tooLarge, gitea(tooLarge)).statusCode(), is(413));
    }

    @Test
    public void eachHostIsAcceptedWithItsOwnSignature() throws Exception {
        String after = J.repository().tip();
        byte[] body = push("main", after);
        String hex = Hmac.sign("sha256", SECRET, body);
        byte[] gitlab = ("{\"object_kind\":\"push\",\"ref\":\"refs/heads/main\",\"after\":\"" + after + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] ping = "{\"test\":true}".getBytes(StandardCharsets.UTF_8);
        String pingHex = "sha256=" + Hmac.sign("sha256", SECRET, ping);
        assertTaken(body, Map.of("X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + hex));
        assertTaken(body, Map.of("X-Gitea-Event", "push", "X-Gitea-Signature", hex));
        assertTaken(body, Map.of("X-Forgejo-Event", "push", "X-Forgejo-Signature", hex));
        assertTaken(gitlab, Map.of("X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", SECRET));
        assertTaken(ping, Map.of("X-GitHub-Event", "ping", "X-Hub-Signature-256", pingHex));
        assertTaken(ping, Map.of("X-Event-Key", "diagnostics:ping", "X-Hub-Signature", pingHex));
    }

    private static void assertTaken(byte[] body, Map<String, String> headers) throws Exception {
        assertThat(headers.toString(), post("config", body, headers).statusCode(), is(202));
    }

    @Test
    public void unauthenticatedSendersAllGetTheSameResponse() throws Exception {
        byte[] body = push("main", "1".repeat(40));
        String hex = Hmac.sign("sha256", SECRET, body);
        HttpResponse<byte[]> forged =
                post("config", body, Map.of("X-Gitea-Event", "push", "X-Gitea-Signature", "0".repeat(64)));
        assertThat(forged.statusCode(), is(403));
        assertThat(forged.body().length, is(0));
        WebhookCalls.assertSameResponse(forged, post("config", body, Map.of()));
        WebhookCalls.assertSameResponse(forged, post("config", body, Map.of("X-Gitea-Event", "push")));
        WebhookCalls.assertSameResponse(forged, post("config", body, Map.of("X-Hub-Signature", "sha1=" + hex)));
        WebhookCalls.assertSameResponse(forged, post("config", body, Map.of("X-Gitlab-Token", hex)));
        WebhookCalls.assertSameResponse(forged, post("nobody", body, gitea(body)));
        WebhookCalls.assertSameResponse(forged, post("Config", body, gitea(body)));
        WebhookCalls.assertSameResponse(forged, post("config", new byte[] {'{', '}'}, gitea(body)));
    }

    @Test
    public void nothingIsAcceptedWithoutASecret() throws Exception {
        byte[] body = push("main", "1".repeat(40));
        configuration.setWebhookSecret(Secret.fromString(""));
        GitopsConfiguration.get().setRepositories(List.of(configuration));
        String empty = Hmac.sign("sha256", " ", body);
        assertThat(post("config", body, gitea(body)).statusCode(), is(403));
        assertThat(post("config", body, Map.of("X-Gitlab-Token", "")).statusCode(), is(403));
        assertThat(
                post("config", body, Map.of("X-Gitea-Event", "push", "X-Gitea-Signature", empty))
                        .statusCode(),
                is(403));
    }

    @Test
    public void malformedMessageOfTheHostGetsAnExplanation() throws Exception {
        byte[] body = "payload=%7B%7D".getBytes(StandardCharsets.UTF_8);
        assertThat(post("config", body, gitea(body)).statusCode(), is(400));
    }

    @Test
    public void onlyNewCommitsOnTheBranchTriggerAFetch() throws Exception {
        String known = local().tip().orElseThrow();
        byte[] other = push("feature", "1".repeat(40));
        assertThat(post("config", other, gitea(other)).statusCode(), is(202));
        assertThat(
                GitPushWebhook.isUnknown(configuration, new PushEvents.BranchUpdate("feature", "1".repeat(40))),
                is(false));
        assertThat(GitPushWebhook.isUnknown(configuration, new PushEvents.BranchUpdate("main", known)), is(false));
        assertThat(
                GitPushWebhook.isUnknown(configuration, new PushEvents.BranchUpdate("main", "1".repeat(40))), is(true));
        assertThat(GitPushWebhook.isUnknown(configuration, new PushEvents.BranchUpdate("main", null)), is(true));
    }
}
