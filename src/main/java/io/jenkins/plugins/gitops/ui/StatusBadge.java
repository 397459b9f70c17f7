package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A text with a colour; the text is complete without the colour.
 *
 * @param colour success, warning, danger, info; empty for none
 */
@Restricted(NoExternalUse.class)
public record StatusBadge(String text, String colour) {
    static StatusBadge of(SyncState sync) {
        return switch (sync) {
            case SYNCED -> new StatusBadge(sync.wireName(), "success");
            case OUT_OF_SYNC -> new StatusBadge(sync.wireName(), "warning");
            case UNKNOWN -> new StatusBadge(Messages.StatusBadge_syncUnknown(), "");
        };
    }

    static StatusBadge of(Health health) {
        return switch (health) {
            case HEALTHY -> new StatusBadge(health.wireName(), "success");
            case PROGRESSING, SUSPENDED -> new StatusBadge(health.wireName(), "info");
            case MISSING -> new StatusBadge(health.wireName(), "warning");
            case DEGRADED -> new StatusBadge(health.wireName(), "danger");
            case UNKNOWN -> new StatusBadge(Messages.StatusBadge_healthUnknown(), "");
        };
    }

    static StatusBadge warning(String text) {
        return new StatusBadge(text, "warning");
    }

    static StatusBadge danger(String text) {
        return new StatusBadge(text, "danger");
    }

    static StatusBadge info(String text) {
        return new StatusBadge(text, "info");
    }

    static StatusBadge plain(String text) {
        return new StatusBadge(text, "");
    }

    /** The CSS classes. */
    public String classes() {
        return colour.isEmpty() ? "jenkins-badge" : "jenkins-badge jenkins-!-" + colour + "-color";
    }
}
