package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.RefusedException;
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

    @Test
    public void usualUrlsAreLetIn() throws Exception {
        for (String url : List.of(
                "https://git.example.com/team/config.git",
                "ssh://git@git.example.com:2222/team/config.git",
                "git@git.example.com:team/config.git",
                "http://127.0.0.1:3000/team/config.git",
                "http://localhost/config.git",
                "http://[::1]:3000/config.git")) {
            RepositoryUrl.check(url);
        }
    }

    @Test
    public void otherUrlsAreRefused() {
        for (String url : List.of(
                "",
                "http://git.example.com/team/config.git",
                "http://127.0.0.1.example.com/config.git",
                "git://git.example.com/config.git",
                "ftp://git.example.com/config.git",
                "file:///srv/git/config.git",
                "/srv/git/config.git",
                "C:\\git\\config",
                "--upload-pack=touch /tmp/x",
                "-oProxyCommand=x:y",
                "ext::sh -c x",
                "https://git.example.com/a b",
                "https://git.example.com/a\nb",
                "https:///config.git")) {
            assertThrows(url, RefusedException.class, () -> RepositoryUrl.check(url));
        }
    }

    @Test
    public void secretInUrlIsRefusedAndNotRepeated() {
        for (String url : List.of(
                "https://alice:s3cr3t@git.example.com/config.git",
                "https://s3cr3t@git.example.com/config.git",
                "ssh://git:s3cr3t@git.example.com/config.git")) {
            RefusedException e = assertThrows(url, RefusedException.class, () -> RepositoryUrl.check(url));
            assertThat(e.getMessage(), containsString("choose credentials"));
            assertThat(e.getMessage(), not(containsString("s3cr3t")));
        }
    }
}
