package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;

/**
 * The author or committer of a commit. Not authenticated: a commit can contain any name.
 *
 * @param name one sanitized line; may be empty
 * @param email one sanitized line; may be empty
 * @param user id of the user in Jenkins' change log; null when it has none
 */
public record CommitIdentity(
        String name, String email, @CheckForNull String user) {
    private static final int MAX_LENGTH = 200;
    private static final String GITHUB_PRIVATE = "@users.noreply.github.com";

    public CommitIdentity {
        name = TextSanitizer.line(name, MAX_LENGTH);
        email = TextSanitizer.line(email, MAX_LENGTH);
    }

    CommitIdentity(String name, String email) {
        this(name, email, null);
    }

    /** The part of the mail address before the at sign, often an account name; empty when there is none. */
    String account() {
        int at = email.indexOf('@');
        if (at <= 0) {
            return "";
        }
        String local = email.substring(0, at);
        // 12345+alice@users.noreply.github.com
        return email.endsWith(GITHUB_PRIVATE) ? local.substring(local.indexOf('+') + 1) : local;
    }

    /** The author as recorded in the commit of a change. */
    String recorded() {
        return user == null ? ChangeMetadata.author(name, email) : ChangeMetadata.author(user, null);
    }

    /** {@code Name <mail>}. */
    @Override
    public String toString() {
        return (name + " <" + email + ">").strip();
    }
}
