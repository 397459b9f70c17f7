package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A word with a colour; the word alone says everything.
 *
 * @param colour success, warning, danger, info; empty for none
 */
@Restricted(NoExternalUse.class)
public record Badge(String text, String colour) {
    static Badge of(SyncState sync) {
        return switch (sync) {
            case SYNCED -> new Badge(sync.word(), "success");
            case OUT_OF_SYNC -> new Badge(sync.word(), "warning");
            case UNKNOWN -> new Badge(Messages.Badge_syncUnknown(), "");
        };
    }

    static Badge of(Health health) {
        return switch (health) {
            case HEALTHY -> new Badge(health.word(), "success");
            case PROGRESSING, SUSPENDED -> new Badge(health.word(), "info");
            case MISSING -> new Badge(health.word(), "warning");
            case DEGRADED -> new Badge(health.word(), "danger");
            case UNKNOWN -> new Badge(Messages.Badge_healthUnknown(), "");
        };
    }

    static Badge warning(String text) {
        return new Badge(text, "warning");
    }

    static Badge danger(String text) {
        return new Badge(text, "danger");
    }

    static Badge info(String text) {
        return new Badge(text, "info");
    }

    static Badge plain(String text) {
        return new Badge(text, "");
    }

    /** For the class attribute. */
    public String classes() {
        return colour.isEmpty() ? "jenkins-badge" : "jenkins-badge jenkins-!-" + colour + "-color";
    }
}
