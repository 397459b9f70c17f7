package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.util.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The element names under which agents of all kinds are stored in config files, and that they can be read back. */
public class StoredConfigurationTest {
    private static final Pattern ELEMENT = Pattern.compile("<([^/> ]+)>");
    private static final String PACKAGE = "io.jenkins.plugins.gitops.config.";

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @Test
    public void agentsAreReadInAnyOrderOfTheirElements() {
        AgentConfiguration agent =
                (AgentConfiguration) read("AgentConfiguration", "name:dev", "secret:a secret of dev");
        assertThat(agent.getName(), is("dev"));
        assertThat(agent.getSecret().getPlainText(), is("a secret of dev"));
        assertThat(agent.mayReport("production"), is(true));
        FluxReceiverConfiguration flux = (FluxReceiverConfiguration)
                read("FluxReceiverConfiguration", "secret:a secret of live", "environments:live, test", "name:live");
        assertThat(flux.getName(), is("live"));
        assertThat(flux.getSecret().getPlainText(), is("a secret of live"));
        assertThat(flux.getEnvironments(), is("live, test"));
        ArgoCdServerConfiguration server = (ArgoCdServerConfiguration) read(
                "ArgoCdServerConfiguration",
                "name:main",
                "url:https://argocd.example.com",
                "credentialsId:token",
                "projects:shop, bench",
                "environments:live",
                "webhookSecret:a webhook's secret");
        assertThat(server.getName(), is("main"));
        assertThat(server.getUrl(), is("https://argocd.example.com"));
        assertThat(server.getCredentialsId(), is("token"));
        assertThat(server.projectList(), contains("shop", "bench"));
        assertThat(server.getEnvironments(), is("live"));
        assertThat(server.getWebhookSecret().getPlainText(), is("a webhook's secret"));
    }

    @Test
    public void repositoryStoredWithoutABranchFollowsTheDefaultBranch() {
        String url = "url:https://git.example.com/config.git";
        assertThat(storedBranch("name:config", url), is(nullValue()));
        assertThat(storedBranch("name:config", url, "branch:"), is(nullValue()));
        assertThat(storedBranch("name:config", url, "branch:main"), is("main"));
    }

    private static String storedBranch(String... fields) {
        return ((RepositoryConfiguration) read("RepositoryConfiguration", fields)).getBranch();
    }

    @Test
    public void elementNamesMatchFieldNames() {
        AgentConfiguration agent = new AgentConfiguration("dev", secret());
        agent.setEnvironments("dev");
        assertThat(elements(agent), contains("environments", "name", "secret"));
        FluxReceiverConfiguration flux = new FluxReceiverConfiguration("live", secret());
        flux.setEnvironments("live");
        assertThat(elements(flux), contains("environments", "name", "secret"));
        ArgoCdServerConfiguration server =
                new ArgoCdServerConfiguration("main", "https://argocd.example.com", "token", "shop");
        server.setEnvironments("live");
        server.setWebhookSecret(secret());
        assertThat(
                elements(server),
                contains("credentialsId", "environments", "name", "projects", "url", "webhookSecret"));
        RegistryConfiguration registry = new RegistryConfiguration("ghcr.io");
        registry.setCredentialsId("pull");
        registry.setTokenServer("login.example.org");
        assertThat(elements(registry), contains("credentialsId", "host", "tokenServer"));
    }

    private static Secret secret() {
        return Secret.fromString("sixteen letters!");
    }

    private static Object read(String type, String... fields) {
        StringBuilder xml = new StringBuilder("<" + PACKAGE + type + ">");
        for (String field : fields) {
            String[] parts = field.split(":", 2);
            xml.append("<" + parts[0] + ">" + parts[1] + "</" + parts[0] + ">");
        }
        return Jenkins.XSTREAM2.fromXML(xml + "</" + PACKAGE + type + ">");
    }

    private static List<String> elements(Object stored) {
        List<String> names = new ArrayList<>();
        Matcher element = ELEMENT.matcher(Jenkins.XSTREAM2.toXML(stored));
        while (element.find()) {
            names.add(element.group(1));
        }
        return names.stream()
                .flatMap(name -> name.contains(".") ? Stream.empty() : Stream.of(name))
                .sorted()
                .toList();
    }
}
