package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.RollbackPlanner;
import io.jenkins.plugins.gitops.core.delivery.RollbackPolicy;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Rolls back the changes of a run to a target whose wait failed, as {@code gitopsRollback} would: only the run's own
 * change, and the target is held. Run again after a restart, it finds the commit that it already made.
 */
final class AutomaticRollback {
    private final Run<?, ?> run;
    private final String runsAs;
    private final Requester requester;
    private final ChangeMetadata changeMetadata;

    /**
     * @param runsAs name of the identity that the build runs as; null for the system
     * @param changeMetadata with an operation id that only this rollback uses
     */
    AutomaticRollback(Run<?, ?> run, @CheckForNull String runsAs, Requester requester, ChangeMetadata changeMetadata) {
        this.run = run;
        this.runsAs = runsAs;
        this.requester = requester;
        this.changeMetadata = changeMetadata;
    }

    /**
     * Checks that the build may roll back a change. Does nothing for a change of another build, which is never rolled
     * back.
     *
     * @throws UserErrorException when the build may not write the rollback
     */
    static void requireAccess(Run<?, ?> run, @CheckForNull String runsAs, AwaitedChange change)
            throws UserErrorException {
        if (change.operation == null) {
            return;
        }
        WriteAccess.requirePermission(run, runsAs, GitopsPermissions.ROLLBACK);
        WriteAccess.requireLimits(run, change.repository, change.application(), change.environment());
    }

    /**
     * Writes the rollback, and records it in the run.
     *
     * @param writing submits the change
     * @param log receives lines about the commit before it is written
     * @return the result as text for people: the restored images and the commit, or why there was no rollback; fails
     *     when the rollback could not be written
     */
    CompletableFuture<String> start(AwaitedChange change, RetryingWrite writing, Consumer<String> log)
            throws UserErrorException {
        ChangeRecord own = GitopsChangesAction.find(run, change.operation);
        if (own == null) {
            return CompletableFuture.completedFuture(Messages.AutomaticRollback_Foreign());
        }
        if (!own.isChanged()) {
            return CompletableFuture.completedFuture(Messages.AutomaticRollback_Unwritten());
        }
        RepositoryConfiguration configuration = change.repositoryNow();
        ConfigRepository clone = ConfigRepositories.get().open(configuration);
        Predicate<RollbackPolicy> access = RollbackAccess.of(requester);
        OwnChangeGuard guard = new OwnChangeGuard(
                List.of(own),
                List.of(),
                configuration,
                images -> new RollbackPlanner(
                        change.application(),
                        change.environment(),
                        new RollbackPlanner.Options(null, images, true),
                        access,
                        changeMetadata));
        ChangePlanner checked = guard.after(tip -> {
            // Plans run on threads without an identity.
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                requireAccess(run, runsAs, change);
                WriteAccess.requirePolicy(run, change.repositoryNow(), tip.files(), change.environment());
            }
        });
        Change rollback = new ConfiguredCommits(configuration)
                .change(changeMetadata, requester.fullName(), ConfiguredCommits.branch(run), checked, log);
        return writing.submit(clone, rollback)
                .thenApplyAsync(
                        result -> {
                            RepositoryFetcher.get().moved(configuration);
                            return result.changed()
                                    ? written(change, configuration, own, result)
                                    : notRolledBack(guard);
                        },
                        BackgroundPools.get().callbacks());
    }

    private String written(AwaitedChange change, RepositoryConfiguration where, ChangeRecord own, ChangeResult result) {
        ChangeRecord record = new ChangeRecord.Builder(ChangeRecord.ChangeKind.ROLLBACK, changeMetadata.operationId())
                .target(RepositoryBinding.of(where.policy()), change.application(), change.environment())
                .on(where)
                .written(result)
                .requestedBy(requester.id())
                .build(System.currentTimeMillis());
        try {
            GitopsChangesAction.record(run, record);
            GitopsChangesAction.rolledBack(run, own.getOperation(), result.revision());
        } catch (IOException e) {
            return Messages.AutomaticRollback_Unrecorded(
                    String.join(", ", record.getImages()), ShortRevision.of(result.revision()), e.getMessage());
        }
        return Messages.AutomaticRollback_Written(
                String.join(", ", record.getImages()), ShortRevision.of(result.revision()));
    }

    private static String notRolledBack(OwnChangeGuard guard) {
        String by = guard.changedBy();
        return by == null ? Messages.AutomaticRollback_There() : Messages.AutomaticRollback_Overtaken(by);
    }
}
