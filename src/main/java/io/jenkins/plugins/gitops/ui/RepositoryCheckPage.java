package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.ModelObject;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.delivery.PolicyCheck;
import io.jenkins.plugins.gitops.core.delivery.TargetSurvey;
import io.jenkins.plugins.gitops.core.delivery.TargetSurvey.FoundTarget;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Shows what is detected in a config repository, and the problems, at {@code gitops/repository/NAME/check/}. Created
 * for one request; {@link GitopsRootAction} has checked that the user may view targets.
 */
@Restricted(NoExternalUse.class)
public final class RepositoryCheckPage implements ModelObject {
    /** Maximum number of rows in a list. */
    private static final int SHOWN = 1_000;

    private final RepositoryConfiguration repository;
    private PolicyCheck check;
    private String problem;

    RepositoryCheckPage(RepositoryConfiguration repository) {
        this.repository = repository;
    }

    @Override
    public String getDisplayName() {
        return Messages.RepositoryCheckPage_displayName();
    }

    /** Name of the config repository. */
    public String getRepository() {
        return repository.getName();
    }

    /** The dashboard of the repository, relative to the root of Jenkins. */
    public String getDashboardUrl() {
        return GitopsUrls.dashboardOf(repository.getName());
    }

    /** Used by index.jelly: why nothing can be shown; null when there is a result. */
    @CheckForNull
    public String getProblem() {
        return problem;
    }

    /** Whether the repository has a {@code gitops.yaml}. */
    public boolean isPolicyThere() {
        return check.hasFile();
    }

    /** Why its {@code gitops.yaml} cannot be read. */
    public List<String> getErrors() {
        return check.errors();
    }

    /** The first warnings. */
    public List<String> getWarnings() {
        return first(check.warnings());
    }

    /** The first targets; empty when {@code gitops.yaml} cannot be read. */
    public List<FoundTarget> getTargets() {
        TargetSurvey survey = check.survey();
        return survey == null ? List.of() : first(survey.targets());
    }

    /** Whether some targets or warnings are omitted. */
    public boolean isCut() {
        TargetSurvey survey = check.survey();
        return check.warnings().size() > SHOWN
                || survey != null && (!survey.complete() || survey.targets().size() > SHOWN);
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(all.size(), SHOWN));
    }

    /** Serves the page; read-only, and like a view, accepts any HTTP method. */
    public void doIndex(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        try {
            check = RepositoryChecks.get()
                    .of(repository)
                    .orElseThrow(() -> new StillReading(null, Messages.RepositoryCheckPage_reading()));
        } catch (UserErrorException e) {
            problem = e.getMessage();
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        }
        request.getView(this, "index.jelly").forward(request, response);
    }
}
