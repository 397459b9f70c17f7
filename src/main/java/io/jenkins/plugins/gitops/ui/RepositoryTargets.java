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

/** The targets of one config repository, at {@code gitops/repository/NAME/}. */
@Restricted(NoExternalUse.class)
public final class RepositoryTargets implements ModelObject {
    private final RepositoryConfiguration repository;
    private final TargetHistories histories;

    RepositoryTargets(RepositoryConfiguration repository, TargetHistories histories) {
        this.repository = repository;
        this.histories = histories;
    }

    @Override
    public String getDisplayName() {
        return repository.getName();
    }

    /** Shows the repository on the dashboard. */
    @GET
    @WebMethod(name = "")
    public HttpResponse showDashboard() {
        return HttpResponses.redirectViaContextPath(GitopsUrls.dashboardOf(repository.getName()));
    }

    /** The page that checks the repository and its {@code gitops.yaml}. */
    public RepositoryCheckPage getCheck() {
        return new RepositoryCheckPage(repository);
    }

    /** The targets of an application; the page of each target checks whether it exists. */
    public ApplicationTargets getTarget(String segment) {
        return new ApplicationTargets(repository, GitopsUrls.name(segment), histories);
    }
}
