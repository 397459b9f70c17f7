package io.jenkins.plugins.gitops.testkit;

import hudson.model.Item;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PendingPromotions.PendingPromotion;
import java.util.List;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The users of the tests, with their permissions. The password is the name. */
public final class TestUsers {
    public static final String ANONYMOUS = "";
    public static final String ADMIN = "admin";

    /** May see Jenkins and its jobs, but not the dashboard. */
    public static final String READER = "reader";

    /** May also see the dashboard. */
    public static final String VIEWER = "viewer";

    /** May also approve. */
    public static final String APPROVER = "approver";

    /** May see the dashboard and roll back. */
    public static final String OPERATOR = "operator";

    private TestUsers() {}

    /** Creates the users above; alice, bob and dave, who build and approve; and eve, who only reads. */
    public static void apply(JenkinsRule j) {
        apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.READ, Item.READ)
                        .everywhere()
                        .to(READER, VIEWER, APPROVER, OPERATOR, "eve")
                        .grant(GitopsPermissions.VIEW)
                        .everywhere()
                        .to(VIEWER, APPROVER, OPERATOR)
                        .grant(GitopsPermissions.APPROVE)
                        .everywhere()
                        .to(APPROVER)
                        .grant(GitopsPermissions.ROLLBACK)
                        .everywhere()
                        .to(OPERATOR)
                        .grant(Jenkins.READ, Item.READ, Item.BUILD, Item.CANCEL, GitopsPermissions.APPROVE)
                        .everywhere()
                        .to("alice", "bob", "dave")
                        .grant(Jenkins.ADMINISTER)
                        .everywhere()
                        .to(ADMIN));
        User.getById("alice", true).setFullName("Alice Example");
    }

    /** Creates the users with other permissions. */
    public static void apply(JenkinsRule j, MockAuthorizationStrategy permissions) {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(permissions);
    }

    /** Runs something as a user. */
    public static <T> T as(String user, Supplier<T> work) {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            return work.get();
        }
    }

    /** Returns the only promotion that is waiting for approval, as seen by a user. */
    public static PendingPromotion pending(String user) {
        List<PendingPromotion> all = as(user, () -> PendingPromotions.get().pending());
        if (all.size() != 1) {
            throw new AssertionError("pending: " + all);
        }
        return all.get(0);
    }
}
