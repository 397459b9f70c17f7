package io.jenkins.plugins.gitops.ui;

import hudson.model.User;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
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
import org.kohsuke.stapler.StaplerRequest2;

/** Holds or releases a target in the visitor's name: one commit, written like every other change. */
final class HoldForm {
    /** A page may not keep its visitor, and a thread of the web server, for as long as a push may take. */
    private static final int SECONDS = 10;

    private final RepositoryConfiguration repository;
    private final String app;
    private final String env;
    private final String reason;

    private HoldForm(RepositoryConfiguration repository, String app, String env, String reason) {
        this.repository = repository;
        this.app = app;
        this.env = env;
        this.reason = reason;
    }

    /** @throws RefusedException when there is no such repository, or no reason was given */
    static HoldForm of(StaplerRequest2 request) throws RefusedException {
        RepositoryConfiguration repository = GitopsConfiguration.get().repository(request.getParameter("repository"));
        String reason = CleanText.lineOrNull(request.getParameter("reason"));
        if (reason == null) {
            throw new RefusedException(Messages.TargetPage_noReason(), Messages.TargetPage_giveReason());
        }
        return new HoldForm(repository, request.getParameter("app"), request.getParameter("env"), reason);
    }

    /** The page of the target, relative to the dashboard. */
    String page() {
        return TargetPage.url(repository.getName(), app, env);
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
