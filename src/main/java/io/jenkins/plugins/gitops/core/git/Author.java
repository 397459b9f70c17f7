package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.TextSanitizer;

/** Who a commit is by. */
public record Author(String name, String email) {
    // Reserved by RFC 2606: such an address never reaches anybody.
    private static final String MAIL_DOMAIN = "@jenkins.invalid";

    /** Reads {@code Name <mail>}; what is not written like that is a name. */
    public static Author parse(String text) {
        String clean = TextSanitizer.line(text);
        int open = clean.lastIndexOf('<');
        return open < 0 || !clean.endsWith(">")
                ? new Author(clean, "")
                : new Author(
                        clean.substring(0, open).strip(),
                        clean.substring(open + 1, clean.length() - 1).strip());
    }

    /** Whether it is known to be of a user of Jenkins, and no address of anybody. */
    public boolean isOfUser() {
        return email.endsWith(MAIL_DOMAIN);
    }

    /** A user of whom no address is known: gets one that shows the id and reaches nobody. */
    public static Author ofUser(String id, String fullName) {
        return new Author(fullName, id.replaceAll("[^A-Za-z0-9._+-]", "-") + MAIL_DOMAIN);
    }

    /** {@code Name <mail>}. */
    @Override
    public String toString() {
        return name + " <" + email + ">";
    }
}
