package io.jenkins.plugins.gitops.status.registry;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RegistryConfiguration;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.registry.RegistryHost;
import io.jenkins.plugins.gitops.core.registry.RegistryLogin;
import io.jenkins.plugins.gitops.core.registry.RegistryRepository;
import io.jenkins.plugins.gitops.core.registry.RegistrySettings;
import io.jenkins.plugins.gitops.core.registry.TagRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The registries in the global configuration, accessed through Jenkins' proxy with the trust store of the JVM. */
@Extension
@Restricted(NoExternalUse.class)
public final class ConfiguredRegistries {
    private HttpClient http;
    private ProxyConfiguration proxy;

    public static ConfiguredRegistries get() {
        return ExtensionList.lookupSingleton(ConfiguredRegistries.class);
    }

    /**
     * Returns the repository of an image. Sends no request.
     *
     * @param timeout the limit for all requests together
     * @return null if its registry is not listed
     * @throws UserErrorException if the registry's credentials do not exist
     */
    @CheckForNull
    public TagRegistry of(ImageReference image, Duration timeout) throws UserErrorException {
        NormalizedImage wanted = NormalizedImage.of(image);
        for (RegistryConfiguration registry : GitopsConfiguration.get().getRegistries()) {
            RegistryHost host = registry.registryHost();
            if (host.has(wanted)) {
                RegistrySettings settings = new RegistrySettings(host, registry.tokenHost(), login(registry, host));
                return new RegistryRepository(http(Jenkins.get().getProxy()), settings, wanted.repository(), timeout);
            }
        }
        return null;
    }

    @CheckForNull
    private static RegistryLogin login(RegistryConfiguration registry, RegistryHost host) throws UserErrorException {
        String id = registry.getCredentialsId();
        if (id == null) {
            return null;
        }
        StandardUsernamePasswordCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                id,
                StandardUsernamePasswordCredentials.class,
                Jenkins.get(),
                ACL.SYSTEM2,
                URIRequirementBuilder.fromUri(host.url().toString()).build());
        if (found == null) {
            throw new UserErrorException(
                    "There is no user name with password " + id + " for registry " + host.name()
                            + " in the system's store",
                    "Select other credentials for the registry");
        }
        CredentialsProvider.track(Jenkins.get(), found);
        return new RegistryLogin(found.getUsername(), found.getPassword().getPlainText());
    }

    /** One client for all requests, until the proxy configuration changes. */
    private synchronized HttpClient http(@CheckForNull ProxyConfiguration now) {
        if (http == null || now != proxy) {
            proxy = now;
            http = RegistryRepository.configured(ProxyConfiguration.newHttpClientBuilder());
        }
        return http;
    }
}
