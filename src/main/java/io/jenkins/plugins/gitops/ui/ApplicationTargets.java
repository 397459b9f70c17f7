package io.jenkins.plugins.gitops.ui;

import hudson.model.ModelObject;
import hudson.util.HttpResponses;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/**
 * The targets of one application, at {@code gitops/repository/NAME/target/APPLICATION/}. It has no other URLs below it,
 * so that an environment may have any name.
 */
@Restricted(NoExternalUse.class)
public final class ApplicationTargets implements ModelObject {
    private final RepositoryConfiguration repository;
    private final String application;
    private final TargetHistories histories;

    ApplicationTargets(RepositoryConfiguration repository, String application, TargetHistories histories) {
        this.repository = repository;
        this.application = application;
        this.histories = histories;
    }

    @Override
    public String getDisplayName() {
        return application;
    }

    /** Shows the application on the dashboard. */
    @GET
    @WebMethod(name = "")
    public HttpResponse showDashboard() {
        DashboardQuery query = new DashboardQuery(repository.getName(), application, false, 1);
        return HttpResponses.redirectViaContextPath(GitopsUrls.dashboard(query.toUrl()));
    }

    /** The target in an environment. */
    public TargetPage getDynamic(String segment) {
        return new TargetPage(repository, application, GitopsUrls.name(segment), histories);
    }
}
