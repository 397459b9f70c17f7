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
 * Warns that the GitOps permissions have no effect because builds run as the system user, and lists the config
 * repositories that every job can change as a result.
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

    /**
     * Considers only what administrators configured; other providers, such as the one for {@code node} blocks, only
     * pass on the identity that a build already runs as.
     */
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

    /** Used by message.jelly: the value of the field that opens a repository to every job. */
    public String getAll() {
        return AllowedFolders.ALL;
    }

    /**
     * Handles the buttons of message.jelly: dismisses the monitor, or redirects to the configuration that solves the
     * problem.
     */
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
