package io.jenkins.plugins.gitops.core.webhook;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.webhook.PushEvents.BranchUpdate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.Test;

/** The webhook requests of each Git host; Gitea's are recorded, the others follow the vendors' documentation. */
public class PushEventsTest {
    private static final String SECRET = "a secret of sixteen+";
    private static final String SHA = "a85c00a0880691bbf6cad2fe1222f93bc9483aa1";
    private static final String ZERO = "0".repeat(40);

    @Test
    public void readsARecordedPushOfGitea() throws Exception {
        JsonNode recorded = recording("54-webhook-push.json");
        byte[] body = new ObjectMapper().writeValueAsBytes(recorded.get("body"));
        Map<String, String> headers = headers(recorded);
        assertThat(parse(headers, body), is(Optional.of(List.of(new BranchUpdate("promote/app-a/staging", SHA)))));
        // A body that is written again has another signature, so each recorded kind is tested separately.
        String hex = Hmac.sign("sha256", SECRET, body);
        assertThat(authentic(headers, body), is(false));
        for (String name : List.of("X-Gitea-Signature", "X-Forgejo-Signature", "X-Gogs-Signature")) {
            assertThat(name, authentic(Map.of(name, hex), body), is(true));
            assertThat(name, authentic(Map.of(name, "sha256=" + hex), body), is(false));
        }
        assertThat(authentic(Map.of("X-Hub-Signature-256", "sha256=" + hex), body), is(true));
        assertThat(authentic(Map.of("X-Hub-Signature", headers.get("X-Hub-Signature")), body), is(false));
    }

    @Test
    public void readsAPushOfAnySizeAsAStream() throws Exception {
        StringBuilder files = new StringBuilder("[");
        for (int i = 0; i < 30_000; i++) {
            files.append("\"apps/").append("x".repeat(150)).append(i).append("\",");
        }
        files.append("\"last\"]");
        String push = "{\"commits\":[{\"ref\":\"refs/heads/other\",\"added\":" + files
                + "}],\"repository\":{\"owner\":{\"full_name\":\"no\"},\"full_name\":\"acme/config\"},"
                + "\"ref\":\"refs/heads/main\",\"after\":\"" + SHA + "\"}   ";
        byte[] body = bytes(push);
        assertThat(body.length > 4 << 20, is(true));
        Hmac.SigningInputStream signed = new Hmac.SigningInputStream(SECRET, new ByteArrayInputStream(body));
        PushEvents.PushEvent read =
                PushEvents.read(Map.of("X-GitHub-Event", "push")::get, signed).orElseThrow();
        assertThat(read.moved(), is(List.of(new BranchUpdate("main", SHA))));
        assertThat(read.repository(), is("acme/config"));
        String hex = Hmac.sign("sha256", SECRET, body);
        assertThat(signed.signature(), is(hex));
        assertThat(PushEvents.isAuthentic(SECRET, Map.of("X-Hub-Signature-256", "sha256=" + hex)::get, hex), is(true));
        assertThat(PushEvents.isAuthentic(SECRET, Map.of("X-Gitea-Signature", hex)::get, hex), is(true));
        assertThat(PushEvents.isAuthentic(SECRET, Map.of("X-Gitea-Signature", "0" + hex)::get, hex), is(false));
        assertThat(PushEvents.isAuthentic(SECRET, name -> null, hex), is(false));
    }

    /** The signature has to cover all of a malformed body as well, since nothing in an unsigned body is trusted. */
    @Test
    public void readsAMalformedBodyToItsEnd() throws Exception {
        byte[] body = bytes("{\"ref\": [}" + "x".repeat(100_000));
        Hmac.SigningInputStream signed = new Hmac.SigningInputStream(SECRET, new ByteArrayInputStream(body));
        assertThat(PushEvents.read(Map.of("X-GitHub-Event", "push")::get, signed), is(Optional.empty()));
        assertThat(signed.signature(), is(Hmac.sign("sha256", SECRET, body)));
    }

    @Test
    public void readsTheRepositoryOfAMessage() throws Exception {
        String url = "https://git.example.com/scm/Acme/Config.git";
        for (String[] one : List.of(
                new String[] {"X-GitHub-Event", "\"repository\":{\"full_name\":\"acme/config\"}", "true"},
                new String[] {"X-Gitea-Event", "\"repository\":{\"full_name\":\"acme/other\"}", "false"},
                new String[] {"X-Gitea-Event", "\"repository\":{\"full_name\":\"e/config\"}", "false"},
                new String[] {"X-Gitlab-Event", "\"project\":{\"path_with_namespace\":\"acme/config\"}", "true"},
                new String[] {"X-GitHub-Event", "\"repository\":\"odd\"", "true"})) {
            String body = "{\"object_kind\":\"push\",\"ref\":\"refs/heads/main\"," + one[1] + "}";
            PushEvents.PushEvent pushEvent = PushEvents.read(
                            name -> name.equals(one[0]) ? "push" : null, new ByteArrayInputStream(bytes(body)))
                    .orElseThrow();
            assertThat(one[1], pushEvent.mayConcern(url), is(Boolean.valueOf(one[2])));
        }
        assertThat(new PushEvents.PushEvent(List.of(), "acme/config").mayConcern("git@host:acme/config.git"), is(true));
        assertThat(new PushEvents.PushEvent(List.of(), "config").mayConcern("ssh://git@host/acme/config/"), is(true));
    }

    @Test
    public void ignoresEventsOtherThanPushes() throws Exception {
        JsonNode pull = recording("52-webhook-pr-closed-merged.json");
        assertThat(
                parse(headers(pull), new ObjectMapper().writeValueAsBytes(pull.get("body"))),
                is(Optional.of(List.of())));
        for (Map<String, String> headers : List.of(
                Map.of("X-GitHub-Event", "ping"),
                Map.of("X-Forgejo-Event", "create"),
                Map.of("X-Event-Key", "diagnostics:ping"),
                Map.of("X-Event-Key", "pullrequest:created"))) {
            assertThat(parse(headers, "{\"test\":true}"), is(Optional.of(List.of())));
        }
        assertThat(
                parse(Map.of("X-Gitlab-Event", "Tag Push Hook"), "{\"object_kind\":\"tag_push\"}"),
                is(Optional.of(List.of())));
    }

    @Test
    public void readsGitHub() {
        Map<String, String> event = Map.of("X-GitHub-Event", "push");
        String push = "{\"ref\":\"refs/heads/release/1.2\",\"before\":\"" + ZERO + "\",\"after\":\"" + SHA + "\"}";
        assertThat(parse(event, push), is(Optional.of(List.of(new BranchUpdate("release/1.2", SHA)))));
        assertThat(parse(event, push.replace("heads", "tags")), is(Optional.of(List.of())));
        // A deleted branch.
        assertThat(
                parse(event, push.replace(SHA, ZERO)), is(Optional.of(List.of(new BranchUpdate("release/1.2", null)))));
    }

    @Test
    public void readsGitLab() {
        String push = "{\"object_kind\":\"push\",\"ref\":\"refs/heads/main\",\"after\":\"" + SHA + "\"}";
        assertThat(
                parse(Map.of("X-Gitlab-Event", "Push Hook"), push),
                is(Optional.of(List.of(new BranchUpdate("main", SHA)))));
        String system = "{\"event_name\":\"push\",\"ref\":\"refs/heads/main\",\"after\":\"" + SHA + "\"}";
        assertThat(
                parse(Map.of("X-Gitlab-Event", "System Hook"), system),
                is(Optional.of(List.of(new BranchUpdate("main", SHA)))));
        assertThat(authentic(Map.of("X-Gitlab-Token", SECRET), bytes(push)), is(true));
        assertThat(authentic(Map.of("X-Gitlab-Token", SECRET + "x"), bytes(push)), is(false));
        assertThat(authentic(Map.of("X-Gitlab-Token", ""), bytes(push)), is(false));
    }

    @Test
    public void readsBitbucketCloud() {
        Map<String, String> event = Map.of("X-Event-Key", "repo:push");
        String body = "{\"push\":{\"changes\":[{\"new\":{\"type\":\"branch\",\"name\":\"main\",\"target\":{\"hash\":\""
                + SHA + "\"}},\"old\":null},{\"new\":{\"type\":\"tag\",\"name\":\"v1\",\"target\":{}}},"
                + "{\"new\":null,\"old\":{\"type\":\"branch\",\"name\":\"gone\",\"target\":{\"hash\":\"" + SHA
                + "\"}}}]}}";
        assertThat(
                parse(event, body),
                is(Optional.of(List.of(new BranchUpdate("main", SHA), new BranchUpdate("gone", null)))));
        String signature = "sha256=" + Hmac.sign("sha256", SECRET, bytes(body));
        assertThat(authentic(Map.of("X-Hub-Signature", signature), bytes(body)), is(true));
        assertThat(authentic(Map.of("X-Hub-Signature", signature), bytes(body + " ")), is(false));
    }

    @Test
    public void readsBitbucketDataCenter() {
        String change = "{\"ref\":{\"id\":\"refs/heads/main\",\"displayId\":\"main\",\"type\":\"BRANCH\"},\"toHash\":\""
                + SHA + "\",\"type\":\"UPDATE\"}";
        String body = "{\"changes\":[" + change + "," + change.replace("refs/heads/main", "refs/tags/v1") + ","
                + change.replace(SHA, ZERO).replace("refs/heads/main", "refs/heads/gone") + "]}";
        for (String key : List.of("repo:refs_changed", "mirror:repo_synchronized")) {
            assertThat(
                    parse(Map.of("X-Event-Key", key), body),
                    is(Optional.of(List.of(new BranchUpdate("main", SHA), new BranchUpdate("gone", null)))));
        }
    }

    @Test
    public void rejectsMalformedMessages() {
        Optional<List<BranchUpdate>> malformed = Optional.empty();
        assertThat(parse(Map.of(), "{\"ref\":\"refs/heads/main\"}"), is(malformed));
        for (String body : List.of("", "{", "[]", "null", "{}", "{\"ref\":7}", "payload=%7B%7D")) {
            assertThat(body, parse(Map.of("X-GitHub-Event", "push"), body), is(malformed));
            assertThat(body, parse(Map.of("X-Gitlab-Event", "Push Hook"), body), is(malformed));
            assertThat(body, parse(Map.of("X-Event-Key", "repo:push"), body), is(malformed));
            assertThat(body, parse(Map.of("X-Event-Key", "repo:refs_changed"), body), is(malformed));
        }
    }

    @Test
    public void acceptsOnlyFullCommitIds() {
        BranchUpdate branchUpdate = parse(
                        Map.of("X-GitHub-Event", "push"), "{\"ref\":\"refs/heads/main\",\"after\":\"HEAD; rm -rf\"}")
                .orElseThrow()
                .get(0);
        assertThat(branchUpdate.after(), is(nullValue()));
    }

    @Test
    public void withoutAnySignatureNothingIsAuthentic() {
        assertThat(authentic(Map.of(), bytes("{}")), is(false));
    }

    private static Map<String, String> headers(JsonNode recorded) {
        Map<String, String> headers = new HashMap<>();
        recorded.get("headers")
                .properties()
                .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
        return headers;
    }

    private static JsonNode recording(String file) throws IOException {
        try (InputStream in = PushEventsTest.class.getResourceAsStream("/io/jenkins/plugins/gitops/gitea/" + file)) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static boolean authentic(Map<String, String> headers, byte[] body) {
        return PushEvents.isAuthentic(SECRET, of(headers), body);
    }

    private static Optional<List<BranchUpdate>> parse(Map<String, String> headers, String body) {
        return parse(headers, bytes(body));
    }

    private static Optional<List<BranchUpdate>> parse(Map<String, String> headers, byte[] body) {
        return PushEvents.parse(of(headers), body);
    }

    private static UnaryOperator<String> of(Map<String, String> headers) {
        return headers::get;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
