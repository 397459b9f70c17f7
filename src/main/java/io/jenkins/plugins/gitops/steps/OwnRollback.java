package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.Origin;
import io.jenkins.plugins.gitops.core.change.Rollback;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.status.BackgroundPools;
import io.jenkins.plugins.gitops.status.Freshness;
import io.jenkins.plugins.gitops.status.Repositories;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Rolls back what a run did to a target when the wait for it failed, as {@code gitopsRollback} would: nothing but its own
 * change, and the target is held. Asked again after a restart, it finds its own commit.
 */
final class OwnRollback {
    private final Run<?, ?> run;
    private final String runsAs;
    private final Requester requester;
    private final Origin origin;

    /**
     * @param runsAs name of the identity that the build runs as; null for the system
     * @param origin with an operation id of its own
     */
    OwnRollback(Run<?, ?> run, @CheckForNull String runsAs, Requester requester, Origin origin) {
        this.run = run;
        this.runsAs = runsAs;
        this.requester = requester;
        this.origin = origin;
    }

    /**
     * Does nothing for a change of another build, which is never rolled back.
     *
     * @throws RefusedException when the build may not write what a rollback of this change would
     */
    static void requireAccess(Run<?, ?> run, @CheckForNull String runsAs, Awaited change) throws RefusedException {
        if (change.operation == null) {
            return;
        }
        WriteAccess.requirePermission(run, runsAs, GitopsPermissions.ROLLBACK);
        WriteAccess.requireLimits(run, change.repository, change.application(), change.environment());
    }

    /**
     * Writes, and notes it at the run.
     *
     * @param writing takes the change
     * @return what became of it in words: to what in which commit, or why not; fails when it could not be written
     */
    CompletableFuture<String> start(Awaited change, PatientWrite writing) throws RefusedException {
        ChangeRecord own = DeliveryAction.find(run, change.operation);
        if (own == null) {
            return CompletableFuture.completedFuture(Messages.OwnRollback_Foreign());
        }
        if (!own.isChanged()) {
            return CompletableFuture.completedFuture(Messages.OwnRollback_Unwritten());
        }
        RepositoryConfiguration configuration = change.repositoryNow();
        ConfigRepository clone = Repositories.get().open(configuration);
        Rollback rollback = new Rollback(
                change.application(), change.environment(), null, true, RollbackAccess.of(requester), origin);
        OwnChangeOnly guard = new OwnChangeOnly(own, clone, rollback);
        ChangePlanner checked = guard.after(tip -> {
            // Plans run on threads that are nobody's.
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                requireAccess(run, runsAs, change);
                WriteAccess.requirePolicy(run, change.repositoryNow(), tip.files(), change.environment());
            }
        });
        return writing.submit(clone, new Change(origin.operationId(), requester.author(), checked))
                .thenApplyAsync(
                        result -> {
                            Freshness.get().moved(configuration);
                            return result.changed()
                                    ? written(change, RepositoryBinding.of(configuration), own, result)
                                    : unwritten(guard);
                        },
                        BackgroundPools.get().callbacks());
    }

    private String written(Awaited change, RepositoryBinding where, ChangeRecord own, ChangeResult result) {
        ChangeRecord record = new ChangeRecord.Builder(ChangeRecord.Kind.ROLLBACK, origin.operationId())
                .target(where, change.application(), change.environment())
                .written(result)
                .requestedBy(requester.id())
                .build(System.currentTimeMillis());
        try {
            DeliveryAction.record(run, record);
            DeliveryAction.rolledBack(run, own.getOperation(), result.revision());
        } catch (IOException e) {
            return Messages.OwnRollback_Unrecorded(
                    String.join(", ", record.getImages()), ShortRevision.of(result.revision()), e.getMessage());
        }
        return Messages.OwnRollback_Written(String.join(", ", record.getImages()), ShortRevision.of(result.revision()));
    }

    private static String unwritten(OwnChangeOnly guard) {
        String by = guard.overtakenBy();
        return by == null ? Messages.OwnRollback_There() : Messages.OwnRollback_Overtaken(by);
    }
}
