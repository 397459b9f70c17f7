package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.promotion.Accounts;
import java.util.LinkedHashSet;
import java.util.List;
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
        Set<String> starters = starters(run);
        String id = !starters.isEmpty() ? starters.iterator().next() : authentication;
        if (id == null || !Accounts.isPerson(id)) {
            return new Requester(NOBODY, NOBODY);
        }
        User user = User.getById(id, false);
        return new Requester(id, user == null ? id : user.getFullName());
    }

    /** Everybody who started this build or one that led to it, as its causes tell, nearest first. */
    private static Set<String> starters(Run<?, ?> run) {
        Set<String> ids = new LinkedHashSet<>();
        collect(run.getCauses(), ids);
        return ids;
    }

    private static void collect(List<Cause> causes, Set<String> ids) {
        for (Cause cause : causes) {
            if (cause instanceof Cause.UserIdCause) {
                String id = ((Cause.UserIdCause) cause).getUserId();
                if (id != null && Accounts.isPerson(id)) {
                    ids.add(id);
                }
            }
        }
        for (Cause cause : causes) {
            if (cause instanceof Cause.UpstreamCause) {
                collect(((Cause.UpstreamCause) cause).getUpstreamCauses(), ids);
            }
        }
    }

    /** As the author of a commit. */
    Author author() {
        return Author.ofUser(id, fullName);
    }
}
