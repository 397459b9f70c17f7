package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.time.Instant;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The last change of a target, as one line. All texts come from a commit and are untrusted.
 *
 * @param who the person who requested it, or else the author
 * @param revision 40 hex digits
 * @param reason null when none was given
 * @param build null when no build made it
 */
@Restricted(NoExternalUse.class)
public record LastChange(
        String subject,
        String who,
        RelativeTime when,
        String revision,
        @CheckForNull String reason,
        @CheckForNull BuildLinks.BuildLink build) {
    static LastChange of(CommitInfo commit, BuildLinks links, Instant now) {
        Trailers trailers = commit.trailers();
        return new LastChange(
                commit.subject(),
                trailers.first(Trailers.REQUESTED_BY).orElse(commit.authorName()),
                RelativeTime.of(commit.when(), now),
                commit.revision(),
                trailers.first(Trailers.REASON).orElse(null),
                trailers.first(Trailers.BUILD).map(links::of).orElse(null));
    }
}
