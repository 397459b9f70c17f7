package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.registry.RegistryHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * A complete new configuration: collected in parts, from the form or from code, then checked as a whole and applied by
 * {@link GitopsConfiguration#apply}.
 */
@Restricted(NoExternalUse.class)
public final class GitopsSettings {
    private List<RepositoryConfiguration> repositories = new ArrayList<>();
    private List<AgentConfiguration> agents = new ArrayList<>();
    private List<ArgoCdServerConfiguration> argocdServers = new ArrayList<>();
    private List<FluxReceiverConfiguration> fluxReceivers = new ArrayList<>();
    private List<RegistryConfiguration> registries = new ArrayList<>();

    /** A copy of the current configuration, to be modified. */
    static GitopsSettings of(GitopsConfiguration configuration) {
        GitopsSettings settings = new GitopsSettings();
        settings.setRepositories(configuration.getRepositories());
        settings.setAgents(configuration.getAgents());
        settings.setArgocdServers(configuration.getArgocdServers());
        settings.setFluxReceivers(configuration.getFluxReceivers());
        settings.setRegistries(configuration.getRegistries());
        return settings;
    }

    public List<RepositoryConfiguration> getRepositories() {
        return copy(repositories);
    }

    @DataBoundSetter
    public void setRepositories(@CheckForNull List<RepositoryConfiguration> repositories) {
        this.repositories = copy(repositories);
    }

    public List<AgentConfiguration> getAgents() {
        return copy(agents);
    }

    @DataBoundSetter
    public void setAgents(@CheckForNull List<AgentConfiguration> agents) {
        this.agents = copy(agents);
    }

    public List<ArgoCdServerConfiguration> getArgocdServers() {
        return copy(argocdServers);
    }

    @DataBoundSetter
    public void setArgocdServers(@CheckForNull List<ArgoCdServerConfiguration> argocdServers) {
        this.argocdServers = copy(argocdServers);
    }

    public List<FluxReceiverConfiguration> getFluxReceivers() {
        return copy(fluxReceivers);
    }

    @DataBoundSetter
    public void setFluxReceivers(@CheckForNull List<FluxReceiverConfiguration> fluxReceivers) {
        this.fluxReceivers = copy(fluxReceivers);
    }

    public List<RegistryConfiguration> getRegistries() {
        return copy(registries);
    }

    @DataBoundSetter
    public void setRegistries(@CheckForNull List<RegistryConfiguration> registries) {
        this.registries = copy(registries);
    }

    /** @throws UserErrorException when a value is invalid or a name is used twice */
    void check() throws UserErrorException {
        check("repository", repositories, RepositoryConfiguration::getName, RepositoryConfiguration::check);
        checkAliases();
        check(AgentKind.AGENT, agents);
        check(AgentKind.ARGO_CD, argocdServers);
        check(AgentKind.FLUX, fluxReceivers);
        checkRegistries();
    }

    /** No two repositories may share a URL, or reports about one could count for the other. */
    private void checkAliases() throws UserErrorException {
        for (RepositoryConfiguration one : repositories) {
            for (RepositoryConfiguration other : repositories) {
                boolean same = RepositoryUrl.key(one.getUrl()).equals(RepositoryUrl.key(other.getUrl()));
                if (!same && other.urls().stream().anyMatch(one::isAt)) {
                    throw new UserErrorException(
                            "Repositories " + one.getName() + " and " + other.getName() + " have a URL in common",
                            "Remove it from the aliases of the one that it does not belong to");
                }
            }
        }
    }

    /** One host may be written in several ways. */
    private void checkRegistries() throws UserErrorException {
        Set<RegistryHost> seen = new HashSet<>();
        for (RegistryConfiguration registry : registries) {
            registry.check();
            if (!seen.add(registry.registryHost())) {
                throw new UserErrorException(
                        "There are two entries for registry "
                                + registry.registryHost().name(),
                        "Keep one of them");
            }
        }
    }

    private interface Checker<T> {
        void check(T item) throws UserErrorException;
    }

    private static void check(AgentKind kind, List<? extends StatusSourceConfiguration<?>> items)
            throws UserErrorException {
        check(kind.noun(), items, StatusSourceConfiguration::getName, StatusSourceConfiguration::check);
    }

    private static <T> void check(String what, List<T> items, Function<T, String> name, Checker<T> checker)
            throws UserErrorException {
        Set<String> seen = new HashSet<>();
        for (T item : items) {
            checker.check(item);
            // Names become file names, and some file systems are case-insensitive.
            if (!seen.add(name.apply(item).toLowerCase(Locale.ROOT))) {
                throw new UserErrorException(
                        "There are two entries for " + what + " " + name.apply(item), "Give each a unique name");
            }
        }
    }

    private static <T> List<T> copy(@CheckForNull List<T> list) {
        return list == null ? new ArrayList<>() : new ArrayList<>(list);
    }
}
