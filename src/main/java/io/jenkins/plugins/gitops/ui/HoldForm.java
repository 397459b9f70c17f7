package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.User;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.HoldPlanner;
import io.jenkins.plugins.gitops.core.change.ReleasePlanner;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import io.jenkins.plugins.gitops.steps.ConfiguredCommits;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.model.Jenkins;

/** Holds or releases a target as the current user: one commit, written like every other change. */
final class HoldForm {
    /** A push may take much longer, but the request must not occupy a thread of the web server for that long. */
    private static final int SECONDS = 10;

    private final RepositoryConfiguration repository;
    private final String app;
    private final String env;
    private final String reason;

    /**
     * @param reason as entered; null when the form has no such field
     * @throws UserErrorException when the reason is blank
     */
    HoldForm(RepositoryConfiguration repository, String app, String env, @CheckForNull String reason)
            throws UserErrorException {
        this.repository = repository;
        this.app = app;
        this.env = env;
        this.reason = TextSanitizer.lineOrNull(reason);
        if (this.reason == null) {
            throw new UserErrorException(Messages.TargetPage_noReason(), Messages.TargetPage_giveReason());
        }
    }

    void hold() throws UserErrorException {
        ChangeMetadata origin = changeMetadata();
        write(origin, new HoldPlanner(app, env, origin));
    }

    void release() throws UserErrorException {
        ChangeMetadata origin = changeMetadata();
        write(origin, new ReleasePlanner(app, env, origin));
    }

    private ChangeMetadata changeMetadata() {
        return new ChangeMetadata(
                "page/" + UUID.randomUUID(), null, Jenkins.getAuthentication2().getName(), reason);
    }

    private RepositoryConfiguration branch() throws UserErrorException {
        try {
            return RepositoryBranches.of(repository, app, env);
        } catch (IOException e) {
            throw new UserErrorException(Messages.TargetPage_failed(), Messages.TargetPage_seeLog()).causedBy(e);
        }
    }

    private void write(ChangeMetadata changeMetadata, ChangePlanner planner) throws UserErrorException {
        User user = User.current();
        String id = changeMetadata.requestedBy();
        try {
            RepositoryConfiguration branch = branch();
            Change change = new ConfiguredCommits(repository)
                    .change(changeMetadata, user == null ? id : user.getFullName(), null, planner, line -> {});
            ConfigRepositories.get().open(branch).submit(change).get(SECONDS, TimeUnit.SECONDS);
            RepositoryFetcher.get().moved(branch);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserErrorException refused) {
                throw refused;
            }
            throw new UserErrorException(Messages.TargetPage_failed(), Messages.TargetPage_seeLog()).causedBy(e);
        } catch (TimeoutException e) {
            throw new UserErrorException(Messages.TargetPage_slow(), Messages.TargetPage_lookAgain()).causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserErrorException(Messages.TargetPage_slow(), Messages.TargetPage_lookAgain()).causedBy(e);
        }
    }
}
