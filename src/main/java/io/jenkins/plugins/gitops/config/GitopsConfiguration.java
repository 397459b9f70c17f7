package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.PersistentDescriptor;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The global configuration by the administrator. Run-time state is kept elsewhere, so that saving this or reloading it
 * from code loses nothing.
 */
@Extension
@Symbol("gitops")
@Restricted(NoExternalUse.class)
public final class GitopsConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private static final String SET_UP = "Ask an administrator to configure it under Manage Jenkins, System, GitOps";

    // Replaced as a whole, never modified.
    private volatile List<RepositoryConfiguration> repositories = new ArrayList<>();
    private volatile List<AgentConfiguration> agents = new ArrayList<>();
    // Null when the stored configuration is older than these fields.
    private volatile List<ArgoCdServerConfiguration> argocdServers;
    private volatile List<FluxReceiverConfiguration> fluxReceivers;
    private volatile List<RegistryConfiguration> registries;

    public static GitopsConfiguration get() {
        return ExtensionList.lookupSingleton(GitopsConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.GitopsConfiguration_displayName();
    }

    /** Viewing and submitting the form requires this permission and <i>Overall/Manage</i>. */
    @NonNull
    @Override
    public Permission getRequiredGlobalConfigPagePermission() {
        return GitopsPermissions.CONFIGURE;
    }

    public List<RepositoryConfiguration> getRepositories() {
        return Collections.unmodifiableList(repositories);
    }

    /** @throws IllegalArgumentException when an entry is invalid or a name is used twice; nothing is changed then */
    @DataBoundSetter
    public void setRepositories(@CheckForNull List<RepositoryConfiguration> repositories) {
        change(settings -> settings.setRepositories(repositories));
    }

    public List<AgentConfiguration> getAgents() {
        return Collections.unmodifiableList(agents);
    }

    /** @throws IllegalArgumentException when an entry is invalid or a name is used twice; nothing is changed then */
    @DataBoundSetter
    public void setAgents(@CheckForNull List<AgentConfiguration> agents) {
        change(settings -> settings.setAgents(agents));
    }

    public List<ArgoCdServerConfiguration> getArgocdServers() {
        List<ArgoCdServerConfiguration> servers = argocdServers;
        return servers == null ? List.of() : Collections.unmodifiableList(servers);
    }

    /** @throws IllegalArgumentException when an entry is invalid or a name is used twice; nothing is changed then */
    @DataBoundSetter
    public void setArgocdServers(@CheckForNull List<ArgoCdServerConfiguration> argocdServers) {
        change(settings -> settings.setArgocdServers(argocdServers));
    }

    public List<FluxReceiverConfiguration> getFluxReceivers() {
        List<FluxReceiverConfiguration> receivers = fluxReceivers;
        return receivers == null ? List.of() : Collections.unmodifiableList(receivers);
    }

    /** @throws IllegalArgumentException when an entry is invalid or a name is used twice; nothing is changed then */
    @DataBoundSetter
    public void setFluxReceivers(@CheckForNull List<FluxReceiverConfiguration> fluxReceivers) {
        change(settings -> settings.setFluxReceivers(fluxReceivers));
    }

    /** The registries that may be asked; all others never are. */
    public List<RegistryConfiguration> getRegistries() {
        List<RegistryConfiguration> allowed = registries;
        return allowed == null ? List.of() : Collections.unmodifiableList(allowed);
    }

    /** @throws IllegalArgumentException if one is not allowed or a host is used twice; then nothing is changed */
    @DataBoundSetter
    public void setRegistries(@CheckForNull List<RegistryConfiguration> registries) {
        change(settings -> settings.setRegistries(registries));
    }

    private synchronized void change(Consumer<GitopsSettings> what) {
        GitopsSettings settings = GitopsSettings.of(this);
        what.accept(settings);
        apply(settings);
    }

    /**
     * Applies a complete configuration and saves it.
     *
     * @throws IllegalArgumentException when it is invalid; nothing is changed then
     */
    synchronized void apply(GitopsSettings settings) {
        try {
            settings.check();
        } catch (UserErrorException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        repositories = settings.getRepositories();
        agents = settings.getAgents();
        argocdServers = settings.getArgocdServers();
        fluxReceivers = settings.getFluxReceivers();
        registries = settings.getRegistries();
        save();
    }

    /**
     * The repository with a name, for callers that may see all repositories.
     *
     * @param name null for the only one
     * @throws UserErrorException when there is none with that name, or no name is given and there is not exactly one
     */
    public RepositoryConfiguration repository(@CheckForNull String name) throws UserErrorException {
        List<RepositoryConfiguration> known = repositories;
        if (known.isEmpty()) {
            throw new UserErrorException("No config repository is configured in this Jenkins", SET_UP);
        }
        return repository(name, known, r -> true);
    }

    /**
     * The repository that a build of a job refers to. Repositories that the job may not use are treated as nonexistent.
     *
     * @param name null for the only one that the job may use
     * @throws UserErrorException when there is none with that name, or no name is given and there is not exactly one
     */
    public RepositoryConfiguration repository(@CheckForNull String name, Item job) throws UserErrorException {
        List<RepositoryConfiguration> known = repositories;
        List<RepositoryConfiguration> usable = known.stream()
                .filter(r -> r.allowedFolders().allows(job.getFullName()))
                .toList();
        if (known.isEmpty() || usable.isEmpty() && name == null) {
            throw new UserErrorException(
                    "No config repository is configured for jobs such as " + job.getFullName(),
                    SET_UP + "; its Folders must include a folder of the job");
        }
        return repository(
                name, usable, r -> FolderRestrictions.get().isAllowed(job, l -> l.allowsRepository(r.getName())));
    }

    /** @param shown which of the known repositories an error message may name */
    private static RepositoryConfiguration repository(
            @CheckForNull String name, List<RepositoryConfiguration> known, Predicate<RepositoryConfiguration> shown)
            throws UserErrorException {
        String names = known.stream()
                .filter(shown)
                .map(RepositoryConfiguration::getName)
                .collect(Collectors.joining(", "));
        if (name == null) {
            if (known.size() > 1) {
                throw new UserErrorException(
                        "There are several config repositories", "Name one with the parameter repository: " + names);
            }
            return known.get(0);
        }
        return known.stream()
                .filter(r -> r.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserErrorException(
                        "There is no config repository \"" + name + "\"",
                        names.isEmpty() ? SET_UP : "Name one of: " + names));
    }

    /** The configured agents of a kind, in the order of the form. */
    public List<? extends StatusSourceConfiguration<?>> statusSources(AgentKind kind) {
        return Stream.<List<? extends StatusSourceConfiguration<?>>>of(agents, getArgocdServers(), getFluxReceivers())
                .flatMap(List::stream)
                .filter(source -> source.kind() == kind)
                .toList();
    }

    /** The names of the configured agents of each kind. */
    public Map<AgentKind, List<String>> agentNames() {
        Map<AgentKind, List<String>> names = new EnumMap<>(AgentKind.class);
        for (AgentKind kind : AgentKind.values()) {
            names.put(
                    kind,
                    statusSources(kind).stream()
                            .map(StatusSourceConfiguration::getName)
                            .toList());
        }
        return names;
    }

    /** The agent with a name; empty if there is none. */
    public Optional<AgentConfiguration> agent(String name) {
        return agents.stream().filter(a -> a.getName().equals(name)).findFirst();
    }

    /** The Flux with a name; empty if there is none. */
    public Optional<FluxReceiverConfiguration> flux(String name) {
        return getFluxReceivers().stream().filter(f -> f.getName().equals(name)).findFirst();
    }

    /** Applies the whole form or nothing; entries that are not in the form are removed. */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        GitopsSettings settings = new GitopsSettings();
        try {
            req.bindJSON(settings, json);
            apply(settings);
        } catch (IllegalArgumentException e) {
            throw new FormException(e.getMessage(), e, "repositories");
        }
        return true;
    }
}
