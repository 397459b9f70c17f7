package io.jenkins.plugins.gitops.config;

import hudson.Extension;
import io.jenkins.plugins.casc.BaseConfigurator;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Configuration as code of this plugin, all or nothing: setters called one after the other would leave half of a file in
 * force when a later part is wrong, and a dry run would call none of them.
 */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class GitopsConfigurator extends BaseConfigurator<GitopsConfiguration> {
    @Override
    public Class<GitopsConfiguration> getTarget() {
        return GitopsConfiguration.class;
    }

    @Override
    protected GitopsConfiguration instance(Mapping mapping, ConfigurationContext context) {
        return GitopsConfiguration.get();
    }

    @Override
    public GitopsConfiguration configure(CNode config, ConfigurationContext context) throws ConfiguratorException {
        GitopsSettings settings = read(config, context);
        GitopsConfiguration.get().apply(settings);
        return GitopsConfiguration.get();
    }

    @Override
    public GitopsConfiguration check(CNode config, ConfigurationContext context) throws ConfiguratorException {
        read(config, context);
        return GitopsConfiguration.get();
    }

    /** The present configuration with what the file says; fit to be put in force. */
    private GitopsSettings read(CNode config, ConfigurationContext context) throws ConfiguratorException {
        GitopsSettings settings = new SettingsConfigurator().configure(config, context);
        try {
            settings.check();
        } catch (UserErrorException e) {
            throw new ConfiguratorException(this, e.getMessage(), e);
        }
        return settings;
    }

    /** Not an extension: fills one value, which is nobody else's yet. */
    private static final class SettingsConfigurator extends BaseConfigurator<GitopsSettings> {
        @Override
        public Class<GitopsSettings> getTarget() {
            return GitopsSettings.class;
        }

        @Override
        protected GitopsSettings instance(Mapping mapping, ConfigurationContext context) {
            return GitopsSettings.of(GitopsConfiguration.get());
        }
    }
}
