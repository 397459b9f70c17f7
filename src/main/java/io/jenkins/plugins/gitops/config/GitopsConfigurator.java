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
 * Configuration as code of this plugin. Applies the whole configuration or nothing: calling the setters one by one
 * would leave half of a file applied when a later part is invalid, and a dry run would check nothing.
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

    /** The current configuration, updated with the values of the file and validated. */
    private GitopsSettings read(CNode config, ConfigurationContext context) throws ConfiguratorException {
        GitopsSettings settings = new SettingsConfigurator().configure(config, context);
        try {
            settings.check();
        } catch (UserErrorException e) {
            throw new ConfiguratorException(this, e.getMessage(), e);
        }
        return settings;
    }

    /** Not an extension: fills an object that is not in use yet. */
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
