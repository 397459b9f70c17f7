package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Api;
import hudson.model.ModelObject;
import hudson.util.HttpResponses;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * The page of one target with its history, at {@code gitops/repository/NAME/target/APPLICATION/ENVIRONMENT/}. Created
 * for one request; {@link GitopsRootAction} has checked that the user may view targets.
 */
@Restricted(NoExternalUse.class)
public final class TargetPage implements ModelObject {
    private final RepositoryConfiguration repository;
    private final String application;
    private final String environment;
    private final TargetHistories histories;
    private TargetDetails details;
    private String problem;

    TargetPage(RepositoryConfiguration repository, String application, String environment, TargetHistories histories) {
        this.repository = repository;
        this.application = application;
        this.environment = environment;
        this.histories = histories;
    }

    @Override
    public String getDisplayName() {
        return environment;
    }

    /** {@code application/environment}. */
    public String getId() {
        return application + "/" + environment;
    }

    /** Name of the config repository. */
    public String getRepository() {
        return repository.getName();
    }

    /** Relative to the root of Jenkins, with a trailing slash. */
    public String getUrl() {
        return GitopsUrls.target(repository.getName(), application, environment);
    }

    /** The dashboard of the repository, relative to the root of Jenkins. */
    public String getDashboardUrl() {
        return GitopsUrls.dashboardOf(repository.getName());
    }

    /**
     * Used by index.jelly: null when there is no such target or it cannot be read; {@link #getProblem} then says why.
     */
    @CheckForNull
    public TargetDetails getDetails() {
        return details;
    }

    /**
     * Used by index.jelly: why nothing can be shown, or why holding or releasing failed; null when there is no problem.
     */
    @CheckForNull
    public String getProblem() {
        return problem;
    }

    /** Whether the user may hold and release targets. */
    public boolean isMayHold() {
        return Jenkins.get().hasPermission(GitopsPermissions.ROLLBACK);
    }

    /**
     * The remote API of this target. The target is read only when the API is requested, since Jenkins calls this for
     * every page to find out whether there is an API.
     */
    public StaplerProxy getApi() {
        return this::readApi;
    }

    private Api readApi() {
        try {
            return new Api(read());
        } catch (UserErrorException e) {
            throw HttpResponses.errorWithoutStack(HttpServletResponse.SC_NOT_FOUND, e.getMessage());
        }
    }

    /** Serves the page; read-only, and like a view, accepts any HTTP method. */
    public void doIndex(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        show(request, response);
    }

    /** Holds the target as the current user. */
    @RequirePOST
    public void doHold(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        change(request, response, HoldForm::hold);
    }

    /** Releases the target as the current user. */
    @RequirePOST
    public void doRelease(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        change(request, response, HoldForm::release);
    }

    /** An action that the user requested. */
    private interface Write {
        void by(HoldForm form) throws UserErrorException;
    }

    private void change(StaplerRequest2 request, StaplerResponse2 response, Write write)
            throws IOException, ServletException {
        Jenkins.get().checkPermission(GitopsPermissions.ROLLBACK);
        try {
            write.by(new HoldForm(repository, application, environment, request.getParameter("reason")));
            response.sendRedirect2(".");
        } catch (UserErrorException e) {
            problem = e.getMessage();
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            show(request, response);
        }
    }

    private void show(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        try {
            details = read();
        } catch (UserErrorException e) {
            problem = e.getMessage();
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        }
        request.getView(this, "index.jelly").forward(request, response);
    }

    /**
     * @throws UserErrorException when there is no such target, or the clone has not been read yet or cannot be read
     * @throws StillReading when reading takes too long
     */
    private TargetDetails read() throws UserErrorException {
        return histories
                .of(repository, application, environment)
                .map(historyAtTip -> TargetDetails.of(repository, historyAtTip, Instant.now()))
                .orElseThrow(() -> new StillReading(problem, Messages.TargetPage_reading()));
    }
}
