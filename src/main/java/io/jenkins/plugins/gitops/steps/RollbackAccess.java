package io.jenkins.plugins.gitops.steps;

import hudson.model.User;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.gitops.core.delivery.RollbackPolicy;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;

/** Determines whether the requester of a rollback is among those that {@code gitops.yaml} allows. */
final class RollbackAccess {
    private RollbackAccess() {}

    /** Queries the security realm now, so that evaluating the predicate later does not. */
    static Predicate<RollbackPolicy> of(Requester requester) {
        SecurityRealm realm = Jenkins.get().getSecurityRealm();
        Set<String> groups = groups(requester.id());
        return policy -> policy.allows(
                requester.id(), groups, realm.getUserIdStrategy()::keyFor, realm.getGroupIdStrategy()::keyFor);
    }

    /** Empty for a user that the realm does not know, and while the realm does not respond. */
    private static Set<String> groups(String id) {
        User user = User.getById(id, false);
        try {
            return user == null
                    ? Set.of()
                    : user.impersonate2().getAuthorities().stream()
                            .map(GrantedAuthority::getAuthority)
                            .collect(Collectors.toUnmodifiableSet());
        } catch (AuthenticationException e) {
            return Set.of();
        }
    }
}
