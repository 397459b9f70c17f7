package io.jenkins.plugins.gitops.config;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import jenkins.model.Jenkins;

/** Runs a check for a form field. */
final class FormChecks {
    /** Says nothing when the value is fine. */
    interface FieldCheck {
        void run() throws UserErrorException;
    }

    private FormChecks() {}

    /** Whoever may not configure this plugin, for example only reads the page, is told nothing. */
    static FormValidation run(FieldCheck check) {
        if (!Jenkins.get().hasPermission(GitopsPermissions.CONFIGURE)) {
            return FormValidation.ok();
        }
        return result(check);
    }

    /** For a field whose permission the caller has checked. */
    static FormValidation result(FieldCheck check) {
        try {
            check.run();
            return FormValidation.ok();
        } catch (UserErrorException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
