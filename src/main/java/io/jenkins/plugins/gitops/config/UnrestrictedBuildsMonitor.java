package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.gitops.core.model.AllowedFolders;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Says that the GitOps permissions have no effect, since builds run as the system, and which config repositories every job
 * may therefore change.
 */
@Extension
@Symbol("gitopsUnrestrictedBuilds")
@Restricted(NoExternalUse.class)
public final class UnrestrictedBuildsMonitor extends AdministrativeMonitor {
    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.UnrestrictedBuildsMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return !GitopsConfiguration.get().getRepositories().isEmpty() && doBuildsRunAsSystem();
    }

    /** What administrators set up; other providers, such as the one for node blocks, hand on what a build runs as. */
    private static boolean doBuildsRunAsSystem() {
        return QueueItemAuthenticatorConfiguration.get().getAuthenticators().isEmpty();
    }

    /** Names of the repositories that are open to every job. Used by message.jelly. */
    public List<String> getOpenRepositories() {
        return GitopsConfiguration.get().getRepositories().stream()
                .filter(r -> r.allowedFolders().isAll())
                .map(RepositoryConfiguration::getName)
                .collect(Collectors.toList());
    }

    /** As it is written in the form. Used by message.jelly. */
    public String getAll() {
        return AllowedFolders.ALL;
    }

    /** The buttons of message.jelly: dismisses it, or leads to where it can be solved. */
    @POST
    public HttpResponse doAct(@QueryParameter String no) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        if (no != null) {
            disable(true);
            return HttpResponses.redirectViaContextPath("/manage");
        }
        return HttpResponses.redirectViaContextPath("/manage/configureSecurity");
    }
}
