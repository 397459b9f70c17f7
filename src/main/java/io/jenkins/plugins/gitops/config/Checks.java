package io.jenkins.plugins.gitops.config;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import jenkins.model.Jenkins;

/** Runs a check for a form field. */
final class Checks {
    /** Says nothing when the value is fine. */
    interface Check {
        void run() throws RefusedException;
    }

    private Checks() {}

    /** Whoever may not configure this plugin, for example only reads the page, is told nothing. */
    static FormValidation run(Check check) {
        if (!Jenkins.get().hasPermission(GitopsPermissions.CONFIGURE)) {
            return FormValidation.ok();
        }
        return result(check);
    }

    /** For a field whose permission the caller has checked. */
    static FormValidation result(Check check) {
        try {
            check.run();
            return FormValidation.ok();
        } catch (RefusedException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
