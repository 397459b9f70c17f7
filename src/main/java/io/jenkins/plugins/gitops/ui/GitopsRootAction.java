package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.promotion.DecisionForm;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import jenkins.management.Badge;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** The dashboard at {@code /gitops/}. */
@Extension
@Restricted(NoExternalUse.class)
public final class GitopsRootAction implements RootAction, StaplerProxy {
    private static final String DASHBOARD = Dashboard.class.getName();

    private final RecentCommits recent = new RecentCommits();
    private final TargetHistories histories = new TargetHistories();

    @CheckForNull
    @Override
    public String getIconFileName() {
        return mayView() ? "symbol-git-branch-outline plugin-ionicons-api" : null;
    }

    @CheckForNull
    @Override
    public String getDisplayName() {
        return Messages.GitopsRootAction_displayName();
    }

    @Override
    public String getUrlName() {
        return GitopsUrls.ROOT;
    }

    /** The number of promotions that the user could decide. */
    @CheckForNull
    @Override
    public Badge getBadge() {
        if (!mayView()) {
            return null;
        }
        PendingPromotions promotions = PendingPromotions.get();
        long mine = promotions.pending().stream()
                .filter(p -> promotions.refusal(p).isEmpty())
                .count();
        return mine == 0
                ? null
                : new Badge(Long.toString(mine), Messages.GitopsRootAction_waiting(mine), Badge.Severity.WARNING);
    }

    @Override
    public boolean isPrimaryAction() {
        return true;
    }

    private static boolean mayView() {
        return Jenkins.get().hasPermission(GitopsPermissions.VIEW);
    }

    /** Requires the permission for everything below this URL. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(GitopsPermissions.VIEW);
        return this;
    }

    /** The part of the page that is refreshed automatically, for the page's script. */
    @GET
    public void doTable(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        Dashboard dashboard = dashboard(request);
        if (!EntityTag.matches(EntityTag.of(dashboard, request.getLocale()), request, response)) {
            response.setContentType("text/html;charset=UTF-8");
            request.setAttribute(DASHBOARD, dashboard);
            request.getView(this, "table.jelly").forward(request, response);
        }
    }

    /** The dashboard as JSON. */
    @GET
    public void doData(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Dashboard dashboard = dashboard(request);
        if (!EntityTag.matches(EntityTag.of(dashboard, request.getLocale()), request, response)) {
            response.setContentType("application/json;charset=UTF-8");
            response.getOutputStream().write(DashboardJson.of(dashboard));
        }
    }

    /** Approves a promotion as the current user; {@link PendingPromotions} decides whether the approval counts. */
    @RequirePOST
    public void doApprove(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        DecisionForm.approve(this, request, response);
    }

    /** Rejects a promotion as the current user. */
    @RequirePOST
    public void doReject(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        DecisionForm.reject(this, request, response);
    }

    /** The targets of a config repository; null when there is none of that name. */
    @CheckForNull
    public RepositoryTargets getRepository(String segment) {
        String name = GitopsUrls.name(segment);
        return GitopsConfiguration.get().getRepositories().stream()
                .filter(repository -> repository.getName().equals(name))
                .findFirst()
                .map(repository -> new RepositoryTargets(repository, histories))
                .orElse(null);
    }

    private Dashboard dashboard(StaplerRequest2 request) {
        return Dashboard.of(DashboardQuery.of(request), recent, Instant.now());
    }

    /** Used by index.jelly and table.jelly: the dashboard, created once for each request. */
    public Dashboard dashboardOf(StaplerRequest2 request) {
        Dashboard made = (Dashboard) request.getAttribute(DASHBOARD);
        if (made == null) {
            made = dashboard(request);
            request.setAttribute(DASHBOARD, made);
        }
        return made;
    }
}
