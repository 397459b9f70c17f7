package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.Origin;
import io.jenkins.plugins.gitops.core.model.CleanText;

/**
 * Somebody whom a commit names, as author or committer. Anybody can write any name into a commit.
 *
 * @param name one clean line; may be empty
 * @param email one clean line; may be empty
 * @param user id of the user that Jenkins' change log says it is; null when it says none
 */
public record SourceAuthor(
        String name, String email, @CheckForNull String user) {
    private static final int LONGEST = 200;
    private static final String GITHUB_PRIVATE = "@users.noreply.github.com";

    public SourceAuthor {
        name = CleanText.line(name, LONGEST);
        email = CleanText.line(email, LONGEST);
    }

    SourceAuthor(String name, String email) {
        this(name, email, null);
    }

    /** What stands before the at sign, often the name of an account; empty when there is none. */
    String account() {
        int at = email.indexOf('@');
        if (at <= 0) {
            return "";
        }
        String local = email.substring(0, at);
        // 12345+alice@users.noreply.github.com
        return email.endsWith(GITHUB_PRIVATE) ? local.substring(local.indexOf('+') + 1) : local;
    }

    /** As the commit of a change records who wrote what it ships. */
    String recorded() {
        return user == null ? Origin.author(name, email) : Origin.author(user, null);
    }

    /** {@code Name <mail>}. */
    @Override
    public String toString() {
        return (name + " <" + email + ">").strip();
    }
}
