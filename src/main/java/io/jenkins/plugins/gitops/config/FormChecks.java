package io.jenkins.plugins.gitops.config;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import jenkins.model.Jenkins;

/** Runs a check for a form field. */
final class FormChecks {
    /** Returns normally when the value is valid. */
    interface FieldCheck {
        void run() throws UserErrorException;
    }

    private FormChecks() {}

    /** Runs a check. Users who cannot configure this plugin, such as those with read-only access, get no result. */
    static FormValidation run(FieldCheck check) {
        if (!Jenkins.get().hasPermission(GitopsPermissions.CONFIGURE)) {
            return FormValidation.ok();
        }
        return result(check);
    }

    /** Runs a check after the caller has checked the permission. */
    static FormValidation result(FieldCheck check) {
        try {
            check.run();
            return FormValidation.ok();
        } catch (UserErrorException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
