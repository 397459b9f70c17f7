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

/** Whether whoever asks for a rollback is among those whom {@code gitops.yaml} lets. */
final class RollbackAccess {
    private RollbackAccess() {}

    /** Asks the security realm now, so that whoever decides later need not. */
    static Predicate<RollbackPolicy> of(Requester requester) {
        SecurityRealm realm = Jenkins.get().getSecurityRealm();
        Set<String> groups = groups(requester.id());
        return policy -> policy.allows(
                requester.id(), groups, realm.getUserIdStrategy()::keyFor, realm.getGroupIdStrategy()::keyFor);
    }

    /** None of somebody whom the realm does not know, or while it does not answer. */
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
