package io.jenkins.plugins.gitops.promotion;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads authors and committers from the change logs that the Git plugin stores with a run, in the format of
 * {@code git log --format=raw}. The plugin's change sets contain only one of the two, and creating them creates users.
 */
final class GitChangelog {
    private static final int MAX_BYTES = 4 << 20;
    private static final Pattern COMMIT = Pattern.compile("commit [0-9a-f]{40,64}\\b.*");
    // The lines of a commit message are indented with spaces, so they cannot match.
    private static final Pattern PERSON = Pattern.compile("(?:author|committer) ([^<]*)<([^>]*)> .*");
    /** The committer of commits that are made on GitHub's website. */
    private static final String GITHUB_BUTTON = "noreply@github.com";

    private final Set<CommitIdentity> people = new LinkedHashSet<>();
    private boolean cut;

    /** @param folder build directory of a run */
    static GitChangelog read(Path folder) throws IOException {
        GitChangelog log = new GitChangelog();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "changelog*.xml")) {
            for (Path file : files) {
                log.add(file);
            }
        }
        return log;
    }

    private void add(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES);
        }
        cut |= bytes.length == MAX_BYTES;
        boolean commits = false;
        for (String line : (Iterable<String>) new String(bytes, StandardCharsets.UTF_8).lines()::iterator) {
            commits |= COMMIT.matcher(line).matches();
            Matcher person = commits ? PERSON.matcher(line) : null;
            if (person != null && person.matches() && !person.group(2).equals(GITHUB_BUTTON)) {
                people.add(new CommitIdentity(person.group(1), person.group(2)));
            }
        }
    }

    /** In the order of the log; empty when the run has no change log of the Git plugin. */
    Set<CommitIdentity> people() {
        return people;
    }

    /** Whether a log was larger than the limit, so that its end was not read. */
    boolean isCut() {
        return cut;
    }
}
