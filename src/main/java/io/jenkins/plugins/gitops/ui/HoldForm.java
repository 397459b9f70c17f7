package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.User;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.HoldTarget;
import io.jenkins.plugins.gitops.core.change.Origin;
import io.jenkins.plugins.gitops.core.change.ReleaseTarget;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.model.CleanText;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.status.Freshness;
import io.jenkins.plugins.gitops.status.Repositories;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.model.Jenkins;

/** Holds or releases a target in the visitor's name: one commit, written like every other change. */
final class HoldForm {
    /** A page may not keep its visitor, and a thread of the web server, for as long as a push may take. */
    private static final int SECONDS = 10;

    private final RepositoryConfiguration repository;
    private final String app;
    private final String env;
    private final String reason;

    /**
     * @param reason as it was typed; null when the form has no such field
     * @throws RefusedException when no reason was given
     */
    HoldForm(RepositoryConfiguration repository, String app, String env, @CheckForNull String reason)
            throws RefusedException {
        this.repository = repository;
        this.app = app;
        this.env = env;
        this.reason = CleanText.lineOrNull(reason);
        if (this.reason == null) {
            throw new RefusedException(Messages.TargetPage_noReason(), Messages.TargetPage_giveReason());
        }
    }

    void hold() throws RefusedException {
        Origin origin = origin();
        write(origin, new HoldTarget(app, env, origin));
    }

    void release() throws RefusedException {
        Origin origin = origin();
        write(origin, new ReleaseTarget(app, env, origin));
    }

    private Origin origin() {
        return new Origin(
                "page/" + UUID.randomUUID(), null, Jenkins.getAuthentication2().getName(), reason);
    }

    private void write(Origin origin, ChangePlanner planner) throws RefusedException {
        User user = User.current();
        String id = origin.requestedBy();
        Author author = Author.ofUser(id, user == null ? id : user.getFullName());
        try {
            Repositories.get()
                    .open(repository)
                    .submit(new Change(origin.operationId(), author, planner))
                    .get(SECONDS, TimeUnit.SECONDS);
            Freshness.get().moved(repository);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw new RefusedException(Messages.TargetPage_failed(), Messages.TargetPage_seeLog()).causedBy(e);
        } catch (TimeoutException e) {
            throw new RefusedException(Messages.TargetPage_slow(), Messages.TargetPage_lookAgain()).causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Messages.TargetPage_slow(), Messages.TargetPage_lookAgain()).causedBy(e);
        }
    }
}
