package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import org.junit.Test;

public class RepositoryUrlTest {
    @Test
    public void oneRepositoryHasOneKeyHoweverItIsWritten() {
        for (String url : List.of(
                "https://git.example.com/team/config.git",
                "https://git.example.com/team/config",
                "https://git.example.com:443/team/config/",
                "https://GIT.example.com/team/config.git/",
                "ssh://git@git.example.com/team/config.git",
                "ssh://git@git.example.com:22/team/config.git",
                "git@git.example.com:team/config.git",
                "git.example.com:team/config")) {
            assertThat(url, RepositoryUrl.key(url), is("git.example.com/team/config"));
        }
    }

    @Test
    public void anotherRepositoryHasAnotherKey() {
        String key = RepositoryUrl.key("https://git.example.com/team/config.git");
        for (String url : List.of(
                "https://git.example.com/team/Config.git",
                "https://git.example.com/team/config2.git",
                "https://git.example.com:8443/team/config.git",
                "https://git.example.org/team/config.git",
                "https://git.example.com/team",
                "")) {
            assertThat(url, RepositoryUrl.key(url), is(not(key)));
        }
        assertThat(RepositoryUrl.key("file:///srv/git/config.git"), is("file:///srv/git/config"));
        assertThat(RepositoryUrl.key("not a url://x y"), is("not a url://x y"));
    }

    /** RemoteUrlTest covers which URLs these are. */
    @Test
    public void serverUrlsAreAccepted() throws Exception {
        RepositoryUrl.check("https://git.example.com/team/config.git");
        RepositoryUrl.check("git@git.example.com:team/config.git");
        for (String url : List.of("", "/srv/git/config.git", "file:///srv/git/config.git", "ext::sh -c x")) {
            assertThrows(url, UserErrorException.class, () -> RepositoryUrl.check(url));
        }
        UserErrorException e = assertThrows(
                UserErrorException.class, () -> RepositoryUrl.check("https://alice:s3cr3t@git.example.com/x.git"));
        assertThat(
                e.getMessage(),
                is("The URL of the repository contains a password or token. Remove it and select credentials."));
    }
}
