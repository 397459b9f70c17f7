package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.reconcile.DriftMonitor;
import io.jenkins.plugins.gitops.repository.TargetStates;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One target, as a cell of the dashboard.
 *
 * @param id {@code application/environment}
 * @param images the desired images, from Git
 * @param badges the state as text
 * @param notes problems, as reported by the agent, the cluster or the author of a hold; untrusted texts
 * @param change the commit that set the images; null when unknown
 * @param attention whether it needs a person's attention
 */
@Restricted(NoExternalUse.class)
public record TargetCell(
        String id,
        List<Image> images,
        List<StatusBadge> badges,
        List<String> notes,
        @CheckForNull CommitInfo change,
        boolean attention) {
    private static final int SHORT_DIGEST = 19;
    private static final int MAX_NOTE_LENGTH = 500;

    /**
     * @param brief tag or shortened digest; with the last part of the name when there are several images
     * @param full the complete reference
     */
    @Restricted(NoExternalUse.class)
    public record Image(String brief, String full) {
        static List<Image> of(List<ImageReference> images) {
            return images.stream()
                    .map(image ->
                            new Image(images.size() == 1 ? version(image) : nameAndVersion(image), image.toString()))
                    .toList();
        }

        private static String nameAndVersion(ImageReference image) {
            return image.name().substring(image.name().lastIndexOf('/') + 1) + ":" + version(image);
        }

        private static String version(ImageReference image) {
            if (image.tag() != null) {
                return image.tag();
            }
            String digest = String.valueOf(image.digest());
            return digest.length() > SHORT_DIGEST ? digest.substring(0, SHORT_DIGEST) : digest;
        }
    }

    static TargetCell of(
            TargetStates.TargetState desired,
            List<AgentSnapshot> snapshots,
            @CheckForNull RecentCommits.Ages ages,
            @CheckForNull DriftMonitor.Drift drift) {
        Builder builder = new Builder(desired.lastChange(), ages);
        if (desired.problem() != null) {
            builder.addAlert(StatusBadge.danger(Messages.TargetCell_unreadable()), desired.problem());
        }
        Hold hold = desired.hold();
        if (hold != null) {
            builder.addAlert(
                    StatusBadge.warning(Messages.TargetCell_held()),
                    Messages.TargetCell_heldBy(hold.by(), hold.reason()));
        }
        if (drift != null) {
            builder.addDrift(drift);
        }
        if (snapshots.isEmpty()) {
            builder.addAlert(StatusBadge.warning(Messages.TargetCell_notReported()), whoIsMissing(desired.target()));
        }
        if (snapshots.size() > 1) {
            // For example, when several clusters deploy the folder: the change must be live in all of them.
            builder.badges.add(StatusBadge.info(Messages.TargetCell_several(snapshots.size())));
            builder.note(snapshots.stream()
                    .map(s -> s.status().name() + " (" + s.kind().displayName() + " " + s.agent() + ")")
                    .sorted()
                    .collect(Collectors.joining(", ")));
        }
        snapshots.forEach(builder::add);
        return new TargetCell(
                desired.target().id(),
                Image.of(desired.images()),
                List.copyOf(builder.badges),
                List.copyOf(builder.notes),
                desired.lastChange(),
                builder.attention);
    }

    /** Explains that no agent deploys the target or none is known to do so, which needs attention. */
    private static String whoIsMissing(Target target) {
        AgentReference by = target.agent();
        return by == null
                ? Messages.TargetCell_noAgent(target.path())
                : Messages.TargetCell_notHeard(by.kind().displayName(), by.agent());
    }

    private static final class Builder {
        private final List<StatusBadge> badges = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final CommitInfo change;
        private final RecentCommits.Ages ages;
        private boolean attention;

        Builder(@CheckForNull CommitInfo change, @CheckForNull RecentCommits.Ages ages) {
            this.change = change;
            this.ages = ages;
        }

        void addDrift(DriftMonitor.Drift drift) {
            String since = drift.since().toString();
            if (drift.kind() == DriftMonitor.DriftKind.DRIFTED) {
                addAlert(StatusBadge.warning(Messages.TargetCell_drifted()), Messages.TargetCell_driftedSince(since));
            } else {
                addAlert(StatusBadge.warning(Messages.TargetCell_lagging()), Messages.TargetCell_laggingSince(since));
            }
        }

        void add(AgentSnapshot snapshot) {
            Report.ApplicationStatus status = snapshot.status();
            if (snapshot.stale()) {
                addAlert(
                        StatusBadge.warning(Messages.TargetCell_stale()),
                        Messages.TargetCell_silent(snapshot.kind().displayName(), snapshot.agent()));
            }
            note(snapshot.problem());
            if (ages != null && change != null && ages.isBehind(status.comparedRevision(), change.revision())) {
                badges.add(StatusBadge.info(Messages.TargetCell_pending()));
            }
            SyncState sync = SyncState.of(status.sync());
            Health health = Health.of(status.health());
            badges.add(StatusBadge.of(sync));
            badges.add(StatusBadge.of(health));
            attention |= sync == SyncState.UNKNOWN || health == Health.DEGRADED || health == Health.MISSING;
            if (status.details().outdated() != null) {
                addAlert(
                        StatusBadge.warning(Messages.TargetCell_outdated()),
                        status.details().outdated());
            }
            if (status.details().blocked() != null) {
                addAlert(
                        StatusBadge.warning(Messages.TargetCell_blocked()),
                        status.details().blocked());
            }
            if (status.deleting()) {
                addAlert(StatusBadge.warning(Messages.TargetCell_deleting()), null);
            }
            note(status.message());
            status.conditions().stream()
                    .map(Report.ApplicationCondition::message)
                    .filter(m -> !m.equals(status.message()))
                    .forEach(this::note);
            add(status.operation(), sync);
            for (Report.ResourceStatus resourceStatus : status.resources()) {
                note(resourceStatus.label()
                        + (resourceStatus.message() == null ? "" : ": " + resourceStatus.message()));
            }
        }

        private void add(@CheckForNull Report.OperationState operationState, SyncState sync) {
            if (operationState == null) {
                return;
            }
            OperationPhase phase = OperationPhase.of(operationState.phase());
            if (phase == OperationPhase.RUNNING) {
                badges.add(StatusBadge.info(Messages.TargetCell_syncing()));
            } else if (phase != OperationPhase.SUCCEEDED && sync != SyncState.SYNCED) {
                addAlert(StatusBadge.danger(Messages.TargetCell_syncFailed()), operationState.message());
            }
        }

        void addAlert(StatusBadge badge, @CheckForNull String note) {
            attention = true;
            badges.add(badge);
            note(note);
        }

        private void note(@CheckForNull String text) {
            if (text != null && !text.isBlank()) {
                notes.add(text.length() > MAX_NOTE_LENGTH ? text.substring(0, MAX_NOTE_LENGTH) + "…" : text);
            }
        }
    }
}
