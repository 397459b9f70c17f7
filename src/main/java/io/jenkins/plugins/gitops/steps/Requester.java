package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.promotion.BuildParticipants;
import io.jenkins.plugins.gitops.promotion.CommitUsers;
import java.util.Set;

/**
 * The person who requests what a build does: the user who started it or its upstream build, or else the user that the
 * build runs as, or else no person.
 *
 * @param id of the user; {@link #NOBODY} when there is no person
 * @param fullName the id if the user has no name
 */
record Requester(String id, String fullName) {
    static final String NOBODY = ACL.ANONYMOUS_USERNAME;

    /** @param authentication id of the user that the build runs as; null when it runs as the system */
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
