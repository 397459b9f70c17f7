package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.remote.RemoteUrl;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** URLs of config repositories: which ones Jenkins connects to, and when two of them mean the same repository. */
@Restricted(NoExternalUse.class)
public final class RepositoryUrl {
    /** Nobody reaches one repository in more ways than this. */
    private static final int MAX_ALIASES = 20;

    private RepositoryUrl() {}

    /** @throws UserErrorException when Jenkins must not connect there; the message shows no user information */
    public static void check(String url) throws UserErrorException {
        RemoteUrl.check(url, false);
    }

    /**
     * Checks other URLs of a repository. Jenkins does not connect there: agents and Git hosts may name them.
     *
     * @param aliases separated by commas; null for none
     * @throws UserErrorException when one is not a URL that a repository may have, or there are too many
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
     * One text for all the ways to write a repository.
     *
     * @see RepositoryKey#of
     */
    public static String key(String url) {
        return RepositoryKey.of(url);
    }
}
