package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.Functions;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.Util;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class RegistryConfigurationTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private GitopsConfiguration configuration;

    @Before
    public void startEmpty() {
        configuration = GitopsConfiguration.get();
        configuration.setRegistries(null);
    }

    private static RegistryConfiguration complete() {
        RegistryConfiguration registry = new RegistryConfiguration(" registry.example.com:5000 ");
        registry.setCredentialsId("pull");
        registry.setTokenServer("login.example.org");
        return registry;
    }

    private void assertComplete(RegistryConfiguration kept) {
        assertThat(kept.getHost(), is("registry.example.com:5000"));
        assertThat(kept.getCredentialsId(), is("pull"));
        assertThat(kept.getTokenServer(), is("login.example.org"));
    }

    @Test
    public void formKeepsEveryField() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "pull", null, "reader", "secret"));
        configuration.setRegistries(List.of(complete(), new RegistryConfiguration("ghcr.io")));

        j.configRoundtrip();

        assertThat(configuration.getRegistries(), hasSize(2));
        assertComplete(configuration.getRegistries().get(0));
        RegistryConfiguration plain = configuration.getRegistries().get(1);
        assertThat(plain.getHost(), is("ghcr.io"));
        assertThat(plain.getCredentialsId(), is(nullValue()));
        assertThat(plain.getTokenServer(), is(nullValue()));
    }

    @Test
    public void codeIsImportedAndExported() throws Exception {
        configure(
                "- host: registry.example.com:5000\n      credentialsId: pull\n      tokenServer: login.example.org\n");
        assertComplete(configuration.getRegistries().get(0));

        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        String exported = Util.toYamlString(Util.getUnclassifiedRoot(context).get("gitops"));
        assertThat(exported, containsString("host: \"registry.example.com:5000\""));
        assertThat(exported, containsString("tokenServer: \"login.example.org\""));
    }

    @Test
    public void codeWithAnInvalidHostChangesNothing() throws Exception {
        configuration.setRegistries(List.of(new RegistryConfiguration("ghcr.io")));
        Exception refused = assertThrows(Exception.class, () -> configure("- host: https://ghcr.io/org\n"));
        assertThat(Functions.printThrowable(refused), containsString("is not a valid registry host"));
        assertThat(hosts(), contains("ghcr.io"));
    }

    private static void configure(String registries) throws Exception {
        Path file = Files.createTempFile(j.jenkins.getRootDir().toPath(), "registries", ".yaml");
        Files.writeString(file, "unclassified:\n  gitops:\n    registries:\n    " + registries);
        ConfigurationAsCode.get().configure(file.toUri().toString());
    }

    private List<String> hosts() {
        return configuration.getRegistries().stream()
                .map(RegistryConfiguration::getHost)
                .toList();
    }

    @Test
    public void invalidEntriesAreRejectedAsAWhole() {
        configuration.setRegistries(List.of(new RegistryConfiguration("quay.io")));
        assertRejected("is not a valid registry host", new RegistryConfiguration("ghcr.io/org"));
        assertRejected("is not a valid registry host", new RegistryConfiguration(null));
        RegistryConfiguration token = new RegistryConfiguration("ghcr.io");
        token.setTokenServer("https://login.example.org");
        assertRejected("is not a valid registry host", token);
        assertRejected(
                "two entries for registry docker.io",
                new RegistryConfiguration("docker.io"),
                new RegistryConfiguration("index.docker.io"));
        assertThat(hosts(), contains("quay.io"));
    }

    private void assertRejected(String message, RegistryConfiguration... registries) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> configuration.setRegistries(List.of(registries)));
        assertThat(e.getMessage(), containsString(message));
    }

    @Test
    public void configurationOfAnOlderVersionHasNone() throws Exception {
        configuration.setRegistries(List.of(complete()));
        Path file = j.jenkins.getRootDir().toPath().resolve(GitopsConfiguration.class.getName() + ".xml");
        Files.writeString(file, Files.readString(file).replaceAll("(?s)<registries>.*</registries>", ""));
        GitopsConfiguration older = new GitopsConfiguration();
        older.load();
        assertThat(older.getRegistries(), is(empty()));
    }
}
