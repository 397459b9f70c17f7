package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.Serializable;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The config repository that a decision was made for: its name, URL and branch at that time. The decision may be
 * written to this repository only, even if the configuration has changed since. Plain data, stored with runs and steps.
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class RepositoryBinding implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String url;
    /** Null for the default branch, before a fetch has found it. */
    @CheckForNull
    private final String branch;

    private RepositoryBinding(String name, String url, @CheckForNull String branch) {
        this.name = name;
        this.url = url;
        this.branch = branch;
    }

    public static RepositoryBinding of(RepositoryConfiguration configuration) {
        String configured = configuration.getBranch();
        return new RepositoryBinding(
                configuration.getName(),
                configuration.getUrl(),
                configured == null ? DefaultBranches.get().known(configuration) : configured);
    }

    /** The same, with the branch that a fetch has found since. */
    public RepositoryBinding withKnownBranch() {
        return branch == null ? find().map(RepositoryBinding::of).orElse(this) : this;
    }

    /** The current configuration of this repository; empty if the name was removed or has another URL or branch now. */
    public Optional<RepositoryConfiguration> find() {
        return named().filter(now -> isSame(of(now)) && (branch != null || now.getBranch() == null));
    }

    /** Whether both mean one branch of one repository. A default branch that was not found yet may be any. */
    public boolean isSame(RepositoryBinding other) {
        return name.equals(other.name)
                && url.equals(other.url)
                && (branch == null || other.branch == null || branch.equals(other.branch));
    }

    /**
     * The current configuration of this repository. Only its credentials and similar settings may have changed.
     *
     * @throws UserErrorException when the name was removed, or has another URL or branch now
     */
    public RepositoryConfiguration current() throws UserErrorException {
        Optional<RepositoryConfiguration> same = find();
        if (same.isPresent()) {
            return same.get();
        }
        throw new UserErrorException(
                "Config repository " + this
                        + named().map(now -> " has changed since: its name now means " + of(now))
                                .orElse(" is no longer configured under this name"),
                "Start the build again to use the repository that is configured now");
    }

    private Optional<RepositoryConfiguration> named() {
        return GitopsConfiguration.get().getRepositories().stream()
                .filter(configuration -> configuration.getName().equals(name))
                .findFirst();
    }

    /**
     * @param other the binding of the decision; null, as stored by versions without bindings, matches any
     * @throws UserErrorException when it is another repository
     */
    public void requireSame(@CheckForNull RepositoryBinding other) throws UserErrorException {
        if (other != null && !isSame(other)) {
            throw new UserErrorException(
                    "The decision was made for config repository " + other + ", not for " + this,
                    "Start the build again");
        }
    }

    @Exported
    public String getName() {
        return name;
    }

    @Exported
    public String getUrl() {
        return url;
    }

    /** Null for the default branch, before a fetch has found it. */
    @CheckForNull
    @Exported
    public String getBranch() {
        return branch;
    }

    @Override
    public String toString() {
        return name + " (" + url + ", " + (branch == null ? "default branch" : "branch " + branch) + ")";
    }
}
