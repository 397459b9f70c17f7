package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * Which config repository somebody decided about: its name, URL and branch at that moment. What was decided for it is
 * written there or nowhere, whatever the configuration says by then. Plain data, stored with runs and steps.
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class RepositoryBinding implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String url;
    private final String branch;

    private RepositoryBinding(String name, String url, String branch) {
        this.name = name;
        this.url = url;
        this.branch = branch;
    }

    public static RepositoryBinding of(RepositoryConfiguration configuration) {
        return new RepositoryBinding(configuration.getName(), configuration.getUrl(), configuration.getBranch());
    }

    /** The configuration of this repository as it is now, unless the name is gone or means another URL or branch. */
    public Optional<RepositoryConfiguration> find() {
        return named().filter(now -> equals(of(now)));
    }

    /**
     * The same; its credentials may have changed, nothing else.
     *
     * @throws UserErrorException when the name is gone, or means another URL or branch now
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
     * @param other what was decided for; null, in what was stored before bindings were, fits any
     * @throws UserErrorException when it is another repository
     */
    public void requireSame(@CheckForNull RepositoryBinding other) throws UserErrorException {
        if (other != null && !equals(other)) {
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

    @Exported
    public String getBranch() {
        return branch;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RepositoryBinding that
                && name.equals(that.name)
                && url.equals(that.url)
                && branch.equals(that.branch);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, url, branch);
    }

    @Override
    public String toString() {
        return name + " (" + url + ", branch " + branch + ")";
    }
}
