package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.status.DesiredTargets;
import io.jenkins.plugins.gitops.status.Deviations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One target as the dashboard shows it.
 *
 * @param id {@code application/environment}
 * @param images what Git wants
 * @param badges the state in words
 * @param notes what is wrong, in the words of the agent, the cluster or the editor; texts from outside
 * @param change the commit that set the images; null when not known
 * @param attention whether a person should look
 */
@Restricted(NoExternalUse.class)
public record TargetCell(
        String id,
        List<Image> images,
        List<Badge> badges,
        List<String> notes,
        @CheckForNull CommitInfo change,
        boolean attention) {
    private static final int SHORT_DIGEST = 19;
    private static final int LONGEST_NOTE = 500;

    /**
     * @param brief tag or shortened digest; with the last part of the name when there are several images
     * @param full the whole reference
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
            DesiredTargets.DesiredTarget desired,
            List<Snapshot> snapshots,
            @CheckForNull RecentCommits.Ages ages,
            @CheckForNull Deviations.Deviation deviation) {
        Maker maker = new Maker(desired.lastChange(), ages);
        if (desired.problem() != null) {
            maker.alarm(Badge.danger(Messages.TargetCell_unreadable()), desired.problem());
        }
        Hold hold = desired.hold();
        if (hold != null) {
            maker.alarm(
                    Badge.warning(Messages.TargetCell_held()), Messages.TargetCell_heldBy(hold.by(), hold.reason()));
        }
        if (deviation != null) {
            maker.alarm(Badge.warning(Messages.TargetCell_deviates()), words(deviation));
        }
        if (snapshots.isEmpty()) {
            maker.alarm(Badge.warning(Messages.TargetCell_notReported()), whoIsMissing(desired.target()));
        }
        if (snapshots.size() > 1) {
            // As when each of several clusters deploys the folder: it has to be live in all of them.
            maker.badges.add(Badge.info(Messages.TargetCell_several(snapshots.size())));
            maker.note(snapshots.stream()
                    .map(s -> s.status().name() + " (" + s.kind().word() + " " + s.agent() + ")")
                    .sorted()
                    .collect(Collectors.joining(", ")));
        }
        snapshots.forEach(maker::look);
        return new TargetCell(
                desired.target().id(),
                Image.of(desired.images()),
                List.copyOf(maker.badges),
                List.copyOf(maker.notes),
                desired.lastChange(),
                maker.attention);
    }

    /** Nothing brings the target to Git, or nobody knows whether something does: somebody has to look. */
    private static String whoIsMissing(Target target) {
        DeployedBy by = target.deployedBy();
        return by == null
                ? Messages.TargetCell_noAgent(target.path())
                : Messages.TargetCell_notHeard(by.kind().word(), by.agent());
    }

    private static String words(Deviations.Deviation deviation) {
        return deviation.kind() == Deviations.Kind.DRIFTED
                ? Messages.TargetCell_drifted(deviation.since().toString())
                : Messages.TargetCell_unseen(deviation.since().toString());
    }

    private static final class Maker {
        private final List<Badge> badges = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final CommitInfo change;
        private final RecentCommits.Ages ages;
        private boolean attention;

        Maker(@CheckForNull CommitInfo change, @CheckForNull RecentCommits.Ages ages) {
            this.change = change;
            this.ages = ages;
        }

        void look(Snapshot snapshot) {
            Report.ApplicationStatus status = snapshot.status();
            if (snapshot.stale()) {
                alarm(
                        Badge.warning(Messages.TargetCell_stale()),
                        Messages.TargetCell_silent(snapshot.kind().word(), snapshot.agent()));
            }
            note(snapshot.problem());
            if (ages != null && change != null && ages.isBehind(status.comparedRevision(), change.revision())) {
                badges.add(Badge.info(Messages.TargetCell_behind()));
            }
            SyncState sync = SyncState.of(status.sync());
            Health health = Health.of(status.health());
            badges.add(Badge.of(sync));
            badges.add(Badge.of(health));
            attention |= sync == SyncState.UNKNOWN || health == Health.DEGRADED || health == Health.MISSING;
            if (status.details().outdated() != null) {
                alarm(
                        Badge.warning(Messages.TargetCell_outdated()),
                        status.details().outdated());
            }
            if (status.details().blocked() != null) {
                alarm(
                        Badge.warning(Messages.TargetCell_blocked()),
                        status.details().blocked());
            }
            if (status.deleting()) {
                alarm(Badge.warning(Messages.TargetCell_deleting()), null);
            }
            note(status.message());
            status.conditions().stream()
                    .map(Report.Condition::message)
                    .filter(m -> !m.equals(status.message()))
                    .forEach(this::note);
            look(status.operation(), sync);
            for (Report.Resource resource : status.resources()) {
                note(resource.label() + (resource.message() == null ? "" : ": " + resource.message()));
            }
        }

        private void look(@CheckForNull Report.Operation operation, SyncState sync) {
            if (operation == null) {
                return;
            }
            OperationPhase phase = OperationPhase.of(operation.phase());
            if (phase == OperationPhase.RUNNING) {
                badges.add(Badge.info(Messages.TargetCell_syncing()));
            } else if (phase != OperationPhase.SUCCEEDED && sync != SyncState.SYNCED) {
                alarm(Badge.danger(Messages.TargetCell_syncFailed()), operation.message());
            }
        }

        void alarm(Badge badge, @CheckForNull String note) {
            attention = true;
            badges.add(badge);
            note(note);
        }

        private void note(@CheckForNull String text) {
            if (text != null && !text.isBlank()) {
                notes.add(text.length() > LONGEST_NOTE ? text.substring(0, LONGEST_NOTE) + "…" : text);
            }
        }
    }
}
