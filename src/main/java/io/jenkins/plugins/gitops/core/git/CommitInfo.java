package io.jenkins.plugins.gitops.core.git;

import java.time.Instant;

/**
 * A commit of the history, by this plugin or any other author.
 *
 * @param revision 40 hex digits
 * @param when the committer's time
 * @param trailers empty for commits without trailers
 */
public record CommitInfo(
        String revision, String authorName, String authorEmail, Instant when, String subject, Trailers trailers) {}
