package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;

/** The author or committer of a commit. */
public record Author(String name, String email) {
    // Reserved by RFC 2606, so mail to such an address is never delivered.
    private static final String MAIL_DOMAIN = "@jenkins.invalid";

    /** Parses {@code Name <mail>}; any other text is a name. */
    public static Author parse(String text) {
        String clean = TextSanitizer.line(text);
        int open = clean.lastIndexOf('<');
        return open < 0 || !clean.endsWith(">")
                ? new Author(clean, "")
                : new Author(
                        clean.substring(0, open).strip(),
                        clean.substring(open + 1, clean.length() - 1).strip());
    }

    /** Whether this is a Jenkins user without a known mail address, as created by {@link #ofUser}. */
    public boolean isOfUser() {
        return email.endsWith(MAIL_DOMAIN);
    }

    /** A user without a known mail address: gets an undeliverable address that contains the id. */
    public static Author ofUser(String id, String fullName) {
        return new Author(fullName, id.replaceAll("[^A-Za-z0-9._+-]", "-") + MAIL_DOMAIN);
    }

    /** {@code Name <mail>}. */
    @Override
    public String toString() {
        return name + " <" + email + ">";
    }
}
