package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import hudson.util.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class FluxReceiverConfigurationTest {
    private static final String SECRET = "a secret of live's Flux";
    private static final String WEBHOOK_SECRET = "a secret of the Git host";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private GitopsConfiguration configuration;

    @Before
    public void startEmpty() {
        configuration = GitopsConfiguration.get();
        configuration.setFluxReceivers(null);
        configuration.setRepositories(null);
    }

    @Test
    public void formKeepsEveryField() throws Exception {
        FluxReceiverConfiguration live = flux("live", SECRET);
        live.setEnvironments("staging,production");
        configuration.setFluxReceivers(List.of(live, flux("dev", SECRET)));
        RepositoryConfiguration first = new RepositoryConfiguration("first", "https://git.example.com/first.git");
        first.setWebhookSecret(Secret.fromString(WEBHOOK_SECRET));
        configuration.setRepositories(
                List.of(first, new RepositoryConfiguration("second", "https://git.example.com/second.git")));

        j.configRoundtrip();

        FluxReceiverConfiguration kept = configuration.flux("live").orElseThrow();
        assertThat(kept.getSecret().getPlainText(), is(SECRET));
        assertThat(kept.getEnvironments(), is("staging, production"));
        assertThat(kept.mayReport("production"), is(true));
        assertThat(kept.mayReport("dev"), is(false));
        assertThat(configuration.flux("dev").orElseThrow().mayReport("dev"), is(true));
        assertThat(configuration.flux("other").isPresent(), is(false));
        List<RepositoryConfiguration> repositories = configuration.getRepositories();
        assertThat(repositories.get(0).getWebhookSecret().getPlainText(), is(WEBHOOK_SECRET));
        assertThat(repositories.get(1).getWebhookSecret(), is(nullValue()));
        String stored = Files.readString(file());
        assertThat(stored, not(containsString(SECRET)));
        assertThat(stored, not(containsString(WEBHOOK_SECRET)));
    }

    @Test
    public void invalidEntriesAreRejectedAsAWhole() {
        configuration.setFluxReceivers(List.of(flux("live", SECRET)));
        assertRefused("not a valid Flux name", flux("../live", SECRET));
        assertRefused("shorter than 16", flux("live", "fifteen letters"));
        assertRefused("shorter than 16", new FluxReceiverConfiguration("live", null));
        assertRefused("two entries", flux("live", SECRET), flux("LIVE", SECRET));
        FluxReceiverConfiguration odd = flux("live", SECRET);
        odd.setEnvironments("dev, <b>");
        assertRefused("not a valid environment name", odd);
        assertThat(configuration.getFluxReceivers().size(), is(1));
        RepositoryConfiguration weak = new RepositoryConfiguration("r", "https://git.example.com/r.git");
        weak.setWebhookSecret(Secret.fromString("fifteen letters"));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> configuration.setRepositories(List.of(weak)));
        assertThat(e.getMessage(), containsString("The webhook secret of repository r is shorter than 16"));
        assertThat(e.getMessage(), not(containsString("fifteen")));
    }

    @Test
    public void configurationOfAnOlderVersionHasNone() throws Exception {
        configuration.setFluxReceivers(List.of(flux("live", SECRET)));
        Files.writeString(file(), Files.readString(file()).replaceAll("(?s)<fluxReceivers>.*</fluxReceivers>", ""));
        GitopsConfiguration older = new GitopsConfiguration();
        older.load();
        assertThat(older.getFluxReceivers(), is(empty()));
    }

    /** The known state of a branch is kept when the secret of the Git host changes. */
    @Test
    public void webhookSecretIsNotPartOfRepositoryIdentity() {
        RepositoryConfiguration one = new RepositoryConfiguration("r", "https://git.example.com/r.git");
        RepositoryConfiguration other = new RepositoryConfiguration("r", "https://git.example.com/r.git");
        other.setWebhookSecret(Secret.fromString(WEBHOOK_SECRET));
        assertThat(one, is(other));
        assertThat(one.hashCode(), is(other.hashCode()));
    }

    private static Path file() {
        return j.jenkins.getRootDir().toPath().resolve(GitopsConfiguration.class.getName() + ".xml");
    }

    private static FluxReceiverConfiguration flux(String name, String secret) {
        return new FluxReceiverConfiguration(name, Secret.fromString(secret));
    }

    private void assertRefused(String message, FluxReceiverConfiguration... receivers) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> configuration.setFluxReceivers(List.of(receivers)));
        assertThat(e.getMessage(), containsString(message));
    }
}
