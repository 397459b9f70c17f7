package io.jenkins.plugins.gitops.core.git;

import java.time.Instant;

/**
 * A commit of the history, by this plugin or by anybody else.
 *
 * @param revision 40 hex digits
 * @param when the committer's time
 * @param trailers empty for commits that have none
 */
public record CommitInfo(
        String revision, String authorName, String authorEmail, Instant when, String subject, Trailers trailers) {}
