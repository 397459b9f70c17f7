package io.jenkins.plugins.gitops.core.git;

/** Who a commit is by. */
public record Author(String name, String email) {
    // Reserved by RFC 2606: such an address never reaches anybody.
    private static final String MAIL_DOMAIN = "@jenkins.invalid";

    /** A user of whom no address is known: gets one that shows the id and reaches nobody. */
    public static Author ofUser(String id, String fullName) {
        return new Author(fullName, id.replaceAll("[^A-Za-z0-9._+-]", "-") + MAIL_DOMAIN);
    }
}
