package io.jenkins.plugins.gitops.config;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;

/** Lists credentials in the forms of the configuration. */
final class CredentialItems {
    private CredentialItems() {}

    /**
     * Returns the system's credentials that a field accepts; only the current value without the permission to configure the
     * plugin.
     *
     * @param current the id that the field contains; null or empty for none
     * @param requirements the server that the credentials are for; empty for any
     */
    static ListBoxModel of(
            @CheckForNull String current, List<DomainRequirement> requirements, CredentialsMatcher accepted) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!Jenkins.get().hasPermission(GitopsPermissions.CONFIGURE)) {
            return items.includeCurrentValue(Util.fixNull(current));
        }
        return items.includeEmptyValue()
                .includeMatchingAs(ACL.SYSTEM2, Jenkins.get(), StandardCredentials.class, requirements, accepted)
                .includeCurrentValue(Util.fixNull(current));
    }
}
