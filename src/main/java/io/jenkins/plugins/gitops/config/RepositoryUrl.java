package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.remote.RemoteUrl;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** URLs of config repositories: validates them, and determines whether two of them refer to the same repository. */
@Restricted(NoExternalUse.class)
public final class RepositoryUrl {
    /** More aliases of one repository indicate a mistake. */
    private static final int MAX_ALIASES = 20;

    private RepositoryUrl() {}

    /** @throws UserErrorException when Jenkins must not connect to the URL; the message contains no user information */
    public static void check(String url) throws UserErrorException {
        RemoteUrl.check(url, false);
    }

    /**
     * Checks the other URLs of a repository. Jenkins does not connect to them, but agents and Git hosts may report
     * them.
     *
     * @param aliases separated by commas; null for none
     * @throws UserErrorException when one is not a valid repository URL, or there are too many
     */
    static void checkAliases(@CheckForNull String aliases) throws UserErrorException {
        Set<String> urls = NameValidation.split(aliases);
        if (urls.size() > MAX_ALIASES) {
            throw new UserErrorException(
                    "One repository has " + urls.size() + " aliases; at most " + MAX_ALIASES + " are allowed",
                    "List only URLs that agents or Git hosts use");
        }
        for (String url : urls) {
            check(url);
        }
    }

    /**
     * A canonical form that is equal for all notations of a repository's URL.
     *
     * @see RepositoryKey#of
     */
    public static String key(String url) {
        return RepositoryKey.of(url);
    }
}
