package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.promotion.BuildParticipants;
import io.jenkins.plugins.gitops.promotion.CommitUsers;
import java.util.Set;

/**
 * Who asks for what a build does: whoever started it, or started the build that led to it; else the user as whom the
 * build runs; else nobody.
 *
 * @param id the user's id; {@link #NOBODY} when no person can be named
 * @param fullName the id again when the user has no name
 */
record Requester(String id, String fullName) {
    static final String NOBODY = ACL.ANONYMOUS_USERNAME;

    /** @param authentication id of the user as whom the build runs; null when it runs as the system */
    static Requester of(Run<?, ?> run, @CheckForNull String authentication) {
        Set<String> starters = BuildParticipants.starters(run);
        String id = !starters.isEmpty() ? starters.iterator().next() : authentication;
        if (id == null || !CommitUsers.isPerson(id)) {
            return new Requester(NOBODY, NOBODY);
        }
        User user = User.getById(id, false);
        return new Requester(id, user == null ? id : user.getFullName());
    }
}
