package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The administrator's part of the configuration. What is known at run time stands elsewhere, so that saving this, or
 * reloading it from code, loses nothing.
 */
@Extension
@Symbol("gitops")
@Restricted(NoExternalUse.class)
public final class GitopsConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private static final String WAY = "An administrator sets it under Manage Jenkins, System, GitOps";

    // Replaced as a whole, never changed in place.
    private volatile List<RepositoryConfiguration> repositories = new ArrayList<>();
    private volatile List<AgentConfiguration> agents = new ArrayList<>();
    // Null when it was stored before there were any.
    private volatile List<ArgoServerConfiguration> argocdServers;
    private volatile List<FluxConfiguration> fluxReceivers;

    public static GitopsConfiguration get() {
        return ExtensionList.lookupSingleton(GitopsConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.GitopsConfiguration_displayName();
    }

    /** The form is shown to, and taken from, whoever has this beside <i>Overall/Manage</i>. */
    @NonNull
    @Override
    public Permission getRequiredGlobalConfigPagePermission() {
        return GitopsPermissions.CONFIGURE;
    }

    public List<RepositoryConfiguration> getRepositories() {
        return Collections.unmodifiableList(repositories);
    }

    /** @throws IllegalArgumentException when one is not allowed or a name stands twice; nothing is changed then */
    @DataBoundSetter
    public void setRepositories(@CheckForNull List<RepositoryConfiguration> repositories) {
        List<RepositoryConfiguration> list = copy(repositories);
        checkAll("repository", list, RepositoryConfiguration::getName, RepositoryConfiguration::check);
        this.repositories = list;
        save();
    }

    public List<AgentConfiguration> getAgents() {
        return Collections.unmodifiableList(agents);
    }

    /** @throws IllegalArgumentException when one is not allowed or a name stands twice; nothing is changed then */
    @DataBoundSetter
    public void setAgents(@CheckForNull List<AgentConfiguration> agents) {
        List<AgentConfiguration> list = copy(agents);
        checkAll("agent", list, AgentConfiguration::getName, AgentConfiguration::check);
        this.agents = list;
        save();
    }

    public List<ArgoServerConfiguration> getArgocdServers() {
        List<ArgoServerConfiguration> servers = argocdServers;
        return servers == null ? List.of() : Collections.unmodifiableList(servers);
    }

    /** @throws IllegalArgumentException when one is not allowed or a name stands twice; nothing is changed then */
    @DataBoundSetter
    public void setArgocdServers(@CheckForNull List<ArgoServerConfiguration> argocdServers) {
        List<ArgoServerConfiguration> list = copy(argocdServers);
        checkAll("Argo CD server", list, ArgoServerConfiguration::getName, ArgoServerConfiguration::check);
        this.argocdServers = list;
        save();
    }

    public List<FluxConfiguration> getFluxReceivers() {
        List<FluxConfiguration> receivers = fluxReceivers;
        return receivers == null ? List.of() : Collections.unmodifiableList(receivers);
    }

    /** @throws IllegalArgumentException when one is not allowed or a name stands twice; nothing is changed then */
    @DataBoundSetter
    public void setFluxReceivers(@CheckForNull List<FluxConfiguration> fluxReceivers) {
        List<FluxConfiguration> list = copy(fluxReceivers);
        checkAll("Flux", list, FluxConfiguration::getName, FluxConfiguration::check);
        this.fluxReceivers = list;
        save();
    }

    /**
     * The repository that a Pipeline names.
     *
     * @param name null: the only one
     * @throws RefusedException when there is none of that name, or none was named and there is not exactly one
     */
    public RepositoryConfiguration repository(@CheckForNull String name) throws RefusedException {
        List<RepositoryConfiguration> known = repositories;
        if (known.isEmpty()) {
            throw new RefusedException("No config repository is set up in this Jenkins", WAY);
        }
        String names = known.stream().map(RepositoryConfiguration::getName).collect(Collectors.joining(", "));
        if (name == null) {
            if (known.size() > 1) {
                throw new RefusedException(
                        "There are several config repositories", "Name one with the parameter repository: " + names);
            }
            return known.get(0);
        }
        return known.stream()
                .filter(r -> r.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "There is no config repository \"" + name + "\"", "Name one of: " + names));
    }

    /** An agent by its name; empty for an unknown one. */
    public Optional<AgentConfiguration> agent(String name) {
        return agents.stream().filter(a -> a.getName().equals(name)).findFirst();
    }

    /** A Flux by its name; empty for an unknown one. */
    public Optional<FluxConfiguration> flux(String name) {
        return getFluxReceivers().stream().filter(f -> f.getName().equals(name)).findFirst();
    }

    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        List<RepositoryConfiguration> oldRepositories = repositories;
        List<AgentConfiguration> oldAgents = agents;
        List<ArgoServerConfiguration> oldArgocdServers = argocdServers;
        List<FluxConfiguration> oldFluxReceivers = fluxReceivers;
        try (BulkChange change = new BulkChange(this)) {
            // A form without any entry leaves its setter uncalled.
            if (!json.has("repositories")) {
                setRepositories(null);
            }
            if (!json.has("agents")) {
                setAgents(null);
            }
            if (!json.has("argocdServers")) {
                setArgocdServers(null);
            }
            if (!json.has("fluxReceivers")) {
                setFluxReceivers(null);
            }
            req.bindJSON(this, json);
            change.commit();
        } catch (IllegalArgumentException e) {
            repositories = oldRepositories;
            agents = oldAgents;
            argocdServers = oldArgocdServers;
            fluxReceivers = oldFluxReceivers;
            throw new FormException(e.getMessage(), e, "repositories");
        } catch (IOException e) {
            throw new FormException("The configuration could not be saved", e, "repositories");
        }
        return true;
    }

    private static <T> List<T> copy(@CheckForNull List<T> list) {
        return list == null ? new ArrayList<>() : new ArrayList<>(list);
    }

    private interface Checker<T> {
        void check(T item) throws RefusedException;
    }

    private static <T> void checkAll(String what, List<T> items, Function<T, String> name, Checker<T> checker) {
        Set<String> seen = new HashSet<>();
        for (T item : items) {
            try {
                checker.check(item);
            } catch (RefusedException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
            // Names become file names, and some file systems do not tell the case.
            if (!seen.add(name.apply(item).toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("There are two entries for " + what + " " + name.apply(item));
            }
        }
    }
}
