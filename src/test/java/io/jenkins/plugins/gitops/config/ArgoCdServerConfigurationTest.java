package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import java.nio.file.Files;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class ArgoCdServerConfigurationTest {
    private static final String URL = "https://argocd.example.com/root";
    private static final String SECRET = "a webhook secret of 16+";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private GitopsConfiguration configuration;

    @Before
    public void startEmpty() {
        configuration = GitopsConfiguration.get();
        configuration.setArgocdServers(null);
    }

    @Test
    public void formKeepsEveryField() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.SYSTEM, "argocd", null, Secret.fromString("token")));
        ArgoCdServerConfiguration first = new ArgoCdServerConfiguration("prod", URL + "/", "argocd", "shop,bench");
        first.setEnvironments("staging,production");
        first.setWebhookSecret(Secret.fromString(SECRET));
        ArgoCdServerConfiguration second = server("dev", "http://127.0.0.1:18080");
        configuration.setArgocdServers(List.of(first, second));

        j.configRoundtrip();

        ArgoCdServerConfiguration kept = configuration.getArgocdServers().get(0);
        assertThat(kept.getUrl(), is(URL));
        assertThat(kept.getCredentialsId(), is("argocd"));
        assertThat(kept.projectList(), contains("shop", "bench"));
        assertThat(kept.getEnvironments(), is("staging, production"));
        assertThat(kept.getWebhookSecret().getPlainText(), is(SECRET));
        assertThat(kept.mayReport("production"), is(true));
        assertThat(kept.mayReport("dev"), is(false));
        assertThat(configuration.getArgocdServers().get(1).getWebhookSecret(), is(nullValue()));
        assertThat(configuration.getArgocdServers().get(1).mayReport("dev"), is(true));
        assertThat(
                Files.readString(j.jenkins.getRootDir().toPath().resolve(GitopsConfiguration.class.getName() + ".xml")),
                not(containsString(SECRET)));
    }

    @Test
    public void invalidEntriesAreRejectedAsAWhole() {
        configuration.setArgocdServers(List.of(server("prod", URL)));
        assertRefused("not a valid Argo CD server name", server("../prod", URL));
        assertRefused("is not https", server("prod", "http://argocd.example.com"));
        assertRefused("is not https", server("prod", "ftp://argocd.example.com"));
        assertRefused("is malformed", server("prod", "argocd.example.com"));
        assertRefused("is malformed", server("prod", ""));
        assertRefused("is malformed", server("prod", URL + "?token=x"));
        assertRefused("contains user information", server("prod", "https://a:b@argocd.example.com"));
        assertRefused("has no credentials", new ArgoCdServerConfiguration("prod", URL, " ", "shop"));
        assertRefused("No Argo CD project", new ArgoCdServerConfiguration("prod", URL, "argocd", " , "));
        assertRefused(
                "not a valid Argo CD project name",
                new ArgoCdServerConfiguration("prod", URL, "argocd", "shop, a&b=c"));
        assertRefused("two entries", server("prod", URL), server("PROD", URL));
        ArgoCdServerConfiguration weak = server("prod", URL);
        weak.setWebhookSecret(Secret.fromString("fifteen letters"));
        assertRefused("shorter than 16", weak);
        ArgoCdServerConfiguration odd = server("prod", URL);
        odd.setEnvironments("dev, <b>");
        assertRefused("not a valid environment name", odd);
        assertThat(configuration.getArgocdServers().size(), is(1));
    }

    @Test
    public void configurationOfAnOlderVersionHasNone() throws Exception {
        var file = j.jenkins.getRootDir().toPath().resolve(GitopsConfiguration.class.getName() + ".xml");
        configuration.setArgocdServers(List.of(server("prod", URL)));
        String stored = Files.readString(file);
        Files.writeString(file, stored.replaceAll("(?s)<argocdServers>.*</argocdServers>", ""));
        GitopsConfiguration older = new GitopsConfiguration();
        older.load();
        assertThat(older.getArgocdServers(), is(empty()));
    }

    private static ArgoCdServerConfiguration server(String name, String url) {
        return new ArgoCdServerConfiguration(name, url, "argocd", "shop");
    }

    private void assertRefused(String message, ArgoCdServerConfiguration... servers) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> configuration.setArgocdServers(List.of(servers)));
        assertThat(e.getMessage(), containsString(message));
    }
}
