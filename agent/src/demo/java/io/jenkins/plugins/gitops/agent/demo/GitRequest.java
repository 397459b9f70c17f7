package io.jenkins.plugins.gitops.agent.demo;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of Git's smart HTTP protocol.
 *
 * @param repository path below the served folder, for example {@code config.git} or {@code team/config.git}
 * @param push whether it writes, or requests the refs in order to write
 * @param advertisement whether it requests the refs; otherwise it transfers objects
 */
public record GitRequest(String repository, boolean push, boolean advertisement) {
    private static final Pattern REFS = Pattern.compile("/(.+)/info/refs");
    private static final Pattern PACK = Pattern.compile("/(.+)/(git-upload-pack|git-receive-pack)");

    /**
     * Parses a request. Empty for anything else: another method, an old-style request, a path that could leave the
     * folder.
     */
    static Optional<GitRequest> parse(String method, URI uri) {
        Matcher refs = REFS.matcher(uri.getPath());
        if (method.equals("GET") && refs.matches() && uri.getQuery() != null) {
            boolean push = uri.getQuery().equals("service=git-receive-pack");
            return push || uri.getQuery().equals("service=git-upload-pack")
                    ? request(refs.group(1), push, true)
                    : Optional.empty();
        }
        Matcher pack = PACK.matcher(uri.getPath());
        return method.equals("POST") && pack.matches()
                ? request(pack.group(1), pack.group(2).equals("git-receive-pack"), false)
                : Optional.empty();
    }

    private static Optional<GitRequest> request(String repository, boolean push, boolean advertisement) {
        boolean safe = repository.chars().noneMatch(c -> c == '\\' || c < ' ')
                && Arrays.stream(repository.split("/", -1)).noneMatch(s -> s.isEmpty() || s.startsWith("."));
        return safe ? Optional.of(new GitRequest(repository, push, advertisement)) : Optional.empty();
    }
}
