package io.jenkins.plugins.gitops.core.git.remote;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.junit.Test;

public class RemoteUrlTest {
    @Test
    public void commonUrlsAreAllowed() throws Exception {
        for (String url : new String[] {
            "https://git.example.com/team/config.git",
            "https://git.example.com:8443/team/config",
            "HTTPS://git.example.com/x",
            "https://alice@git.example.com/x",
            "https://org@dev.azure.example.com/org/project/_git/config",
            "https://gitlab+deploy-token-1@git.example.com/x",
            "ssh://git@git.example.com/team/config.git",
            "ssh://git.example.com:2222/team/config.git",
            "git@git.example.com:team/config.git",
            "git.example.com:team/config.git",
            "http://localhost:3000/x.git",
            "http://127.0.0.1:3000/x.git",
            "http://[::1]:3000/x.git"
        }) {
            RemoteUrl.check(url, false);
        }
    }

    @Test
    public void everythingElseIsRejectedWithoutShowingIt() {
        for (String url : new String[] {
            "",
            "--upload-pack=touch /tmp/secret",
            "-oProxyCommand=secret",
            "ssh://-oProxyCommand=secret/x",
            "ssh://-secret@host/x",
            "-secret@host:x",
            "host -secret:x",
            "-oProxyCommand=secret:x",
            "git@host:-secret",
            "host:\\secret",
            "C:secret",
            "https://git.example.com\\@secret/x",
            "https://user:secret@git.example.com/x",
            "https://ghp_secret@git.example.com/x",
            "https://github_pat_secret@git.example.com/x",
            "https://glpat-secret@git.example.com/x",
            "https://:secret@git.example.com/x",
            "https://-secret@git.example.com/x",
            "https://secret0123456789012345678901234567890123456789012345678901234567890@git.example.com/x",
            "ssh://git:secret@git.example.com/x",
            "https://git.example.com/x?token=secret",
            "https://git.example.com/x#secret",
            "https:///secret",
            "https://git.example.com/a b secret",
            "https://git.example.com/secret\n",
            "https://git.example.com/%zz-secret",
            "http://git.example.com/secret",
            "http://127.0.0.1.example.com/secret",
            "git://git.example.com/secret",
            "ftp://git.example.com/secret",
            "file:///secret",
            "/var/secret",
            "secret",
            "../secret",
            "C:/secret/../x y",
            "ext::sh -c secret",
            "ext::secret",
            "host:/secret",
            "bundle://secret/x",
            "amazon-s3://secret@bucket/x"
        }) {
            UserErrorException e = assertThrows(url, UserErrorException.class, () -> RemoteUrl.check(url, false));
            assertThat(e.getMessage(), not(containsString("secret")));
        }
    }

    @Test
    public void fileUrlsAreAllowedOnlyExplicitly() throws Exception {
        RemoteUrl.check("file:///srv/config.git", true);
        RemoteUrl.check("/srv/config.git", true);
        assertThrows(UserErrorException.class, () -> RemoteUrl.check("srv/config.git", true));
        assertThrows(UserErrorException.class, () -> RemoteUrl.check("--x=/srv/config.git", true));
    }

    @Test
    public void branchNamesFollowGitsRules() throws Exception {
        RemoteUrl.checkBranch("main");
        RemoteUrl.checkBranch("release/1.x");
        for (String branch : new String[] {"", "-x", "a..b", "a b", "a\nb", "/a", "a.lock", "a:b", "a~1", "a^{}"}) {
            assertThrows(branch, UserErrorException.class, () -> RemoteUrl.checkBranch(branch));
        }
    }
}
