package io.jenkins.plugins.gitops.core.webhook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Hmac;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Reads the webhooks of Git hosts: GitHub, GitLab, Gitea, Forgejo, Bitbucket Cloud and Data Center. A webhook is only a
 * claim that a branch was updated; its content is read from the repository.
 */
public final class PushEvents {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String HEADS = "refs/heads/";
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String NONE = "0".repeat(40);
    /** In bytes. The messages of Bitbucket list commits but not files, so they are small and are read as a whole. */
    private static final int MAX_PARALLEL_BODIES = 1 << 20;

    /** The event headers of hosts with GitHub's format; Gitea and Forgejo send several of them. */
    private static final List<String> EVENT_HEADERS =
            List.of("X-GitHub-Event", "X-Gitea-Event", "X-Forgejo-Event", "X-Gogs-Event");

    private static final List<String> HEX_SIGNATURES =
            List.of("X-Gitea-Signature", "X-Forgejo-Signature", "X-Gogs-Signature");
    private static final List<String> SIGNATURES = List.of("X-Hub-Signature-256", "X-Hub-Signature");
    private static final Set<String> SERVER_EVENTS = Set.of("repo:refs_changed", "mirror:repo_synchronized");

    private PushEvents() {}

    /**
     * An updated branch.
     *
     * @param branch its short name
     * @param after its new commit, 40 hex digits; null if it was deleted or the host does not send it
     */
    public record BranchUpdate(String branch, @CheckForNull String after) {}

    /**
     * The content of a message.
     *
     * @param moved the updated branches; empty for a ping, a tag, or an event other than a push
     * @param repository the repository, such as {@code group/name}; null if the host does not send it
     */
    public record PushEvent(
            List<BranchUpdate> moved, @CheckForNull String repository) {
        private static final PushEvent NONE = new PushEvent(List.of(), null);

        public PushEvent {
            moved = List.copyOf(moved);
        }

        /**
         * Whether it may concern the repository with a URL. The webhook of an organization reports all its
         * repositories.
         *
         * @param url the configured URL
         */
        public boolean mayConcern(String url) {
            if (repository == null) {
                return true;
            }
            String path = url.toLowerCase(Locale.ROOT).replaceFirst("(?:\\.git)?/*$", "");
            String name = repository.toLowerCase(Locale.ROOT);
            return path.endsWith("/" + name) || path.endsWith(":" + name);
        }
    }

    /**
     * Whether a request has a valid signature of its body or, for GitLab, the secret itself. Compares in constant time.
     *
     * @param header returns the value of a header by its name, null if it is missing
     */
    public static boolean isAuthentic(String secret, UnaryOperator<String> header, byte[] body) {
        boolean authentic = Hmac.equal(secret, header.apply("X-Gitlab-Token"));
        for (String name : SIGNATURES) {
            authentic |= Hmac.verify(secret, body, header.apply(name));
        }
        for (String name : HEX_SIGNATURES) {
            authentic |= Hmac.verifyHex(secret, body, header.apply(name));
        }
        return authentic;
    }

    /**
     * Equivalent to {@link #isAuthentic(String, UnaryOperator, byte[])}, with the SHA-256 signature of a body that was
     * already read.
     */
    public static boolean isAuthentic(String secret, UnaryOperator<String> header, String sha256) {
        boolean authentic = Hmac.equal(secret, header.apply("X-Gitlab-Token"));
        for (String name : SIGNATURES) {
            authentic |= Hmac.equal("sha256=" + sha256, header.apply(name));
        }
        for (String name : HEX_SIGNATURES) {
            authentic |= Hmac.equal(sha256, header.apply(name));
        }
        return authentic;
    }

    /**
     * The updated branches; none for a ping, a tag, or an event other than a push.
     *
     * @return empty if it is not a message of a known host, or its body is malformed
     */
    public static Optional<List<BranchUpdate>> parse(UnaryOperator<String> header, byte[] body) {
        try {
            return read(header, new ByteArrayInputStream(body)).map(PushEvent::moved);
        } catch (IOException e) {
            throw new IllegalStateException("An array cannot fail to be read", e);
        }
    }

    /**
     * Reads a message. Consumes the whole body, however large, and keeps little of it.
     *
     * @return empty if it is not a message of a known host, or its body is malformed
     * @throws IOException if the body cannot be read
     */
    public static Optional<PushEvent> read(UnaryOperator<String> header, InputStream body) throws IOException {
        try {
            for (String name : EVENT_HEADERS) {
                if (header.apply(name) != null) {
                    return header.apply(name).equals("push")
                            ? one(PushPayloadScanner.of(body))
                            : Optional.of(PushEvent.NONE);
                }
            }
            if (header.apply("X-Gitlab-Event") != null) {
                return gitLab(PushPayloadScanner.of(body));
            }
            return header.apply("X-Event-Key") == null
                    ? Optional.empty()
                    : bitbucket(header.apply("X-Event-Key"), body.readNBytes(MAX_PARALLEL_BODIES));
        } catch (JacksonException e) {
            return Optional.empty();
        } finally {
            // The signature covers the whole body.
            body.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Only the body distinguishes a system hook from a project hook. */
    private static Optional<PushEvent> gitLab(Optional<PushPayloadScanner> body) {
        String kind = body.map(b -> b.text("object_kind") == null ? b.text("event_name") : b.text("object_kind"))
                .orElse(null);
        if (kind == null) {
            return Optional.empty();
        }
        return kind.equals("push") ? one(body) : Optional.of(PushEvent.NONE);
    }

    private static Optional<PushEvent> one(Optional<PushPayloadScanner> scanned) {
        PushPayloadScanner body = scanned.orElse(null);
        String ref = body == null ? null : body.text("ref");
        if (ref == null) {
            return Optional.empty();
        }
        List<BranchUpdate> moved = ref.startsWith(HEADS)
                ? List.of(new BranchUpdate(ref.substring(HEADS.length()), commit(String.valueOf(body.text("after")))))
                : List.of();
        return Optional.of(new PushEvent(moved, body.repository()));
    }

    private static Optional<PushEvent> bitbucket(String event, byte[] body) throws IOException {
        boolean server = SERVER_EVENTS.contains(event);
        if (!server && !event.equals("repo:push")) {
            return Optional.of(PushEvent.NONE);
        }
        JsonNode message = JSON.readTree(body);
        JsonNode changes =
                server ? message.path("changes") : message.path("push").path("changes");
        if (!changes.isArray()) {
            return Optional.empty();
        }
        List<BranchUpdate> moved = new ArrayList<>();
        for (JsonNode change : changes) {
            (server ? ofServer(change) : ofCloud(change)).ifPresent(moved::add);
        }
        String repository = PushPayloadScanner.of(new ByteArrayInputStream(body))
                .map(PushPayloadScanner::repository)
                .orElse(null);
        return Optional.of(new PushEvent(moved, repository));
    }

    private static Optional<BranchUpdate> ofServer(JsonNode change) {
        String ref = change.path("ref").path("id").asText();
        return ref.startsWith(HEADS)
                ? Optional.of(new BranchUpdate(
                        ref.substring(HEADS.length()),
                        commit(change.path("toHash").asText())))
                : Optional.empty();
    }

    private static Optional<BranchUpdate> ofCloud(JsonNode change) {
        JsonNode ref = change.path("new").isObject() ? change.path("new") : change.path("old");
        String after = change.path("new").path("target").path("hash").asText();
        return ref.path("type").asText().equals("branch")
                ? Optional.of(new BranchUpdate(ref.path("name").asText(), commit(after)))
                : Optional.empty();
    }

    @CheckForNull
    private static String commit(String text) {
        return COMMIT.matcher(text).matches() && !text.equals(NONE) ? text : null;
    }
}
