package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import hudson.Functions;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.ConfiguredWithCode;
import io.jenkins.plugins.casc.misc.Env;
import io.jenkins.plugins.casc.misc.EnvVarsRule;
import io.jenkins.plugins.casc.misc.Envs;
import io.jenkins.plugins.casc.misc.JenkinsConfiguredWithCodeRule;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.gitops.status.report.ReportingAgents;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

public class ConfigurationAsCodeTest {
    private static final String DEV = "report secret of dev";
    private static final String PRODUCTION = "report secret of production";
    private static final String FILE = "configuration-as-code.yml";

    private final JenkinsConfiguredWithCodeRule j = new JenkinsConfiguredWithCodeRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(new EnvVarsRule()).around(j);

    @Test
    @Envs({@Env(name = "DEV_SECRET", value = DEV), @Env(name = "PRODUCTION_SECRET", value = PRODUCTION)})
    @ConfiguredWithCode(FILE)
    public void fileIsImportedExportedAndImportedAgain() throws Exception {
        assertImported();
        String exported = export();
        assertThat(exported, containsString("credentialsId: \"git-write\""));
        assertThat(exported, containsString("environments: \"dev, staging\""));
        assertThat(exported, not(containsString(DEV)));
        assertThat(exported, not(containsString(PRODUCTION)));

        GitopsConfiguration.get().setRepositories(null);
        GitopsConfiguration.get().setAgents(null);
        GitopsConfiguration.get().setFluxReceivers(null);
        var copy = Files.createTempFile(j.jenkins.getRootDir().toPath(), "exported", ".yaml");
        Files.writeString(copy, exported);
        ConfigurationAsCode.get().configure(copy.toUri().toString());
        assertImported();
    }

    @Test
    @Envs({@Env(name = "DEV_SECRET", value = DEV), @Env(name = "PRODUCTION_SECRET", value = PRODUCTION)})
    @ConfiguredWithCode(FILE)
    public void reloadKeepsWhatAgentsReported() throws Exception {
        SignedReports.accept("dev", SignedReports.report(1, List.of()));
        ConfigurationAsCode.get().configure(getClass().getResource(FILE).toExternalForm());
        AgentConfiguration dev = GitopsConfiguration.get().agent("dev").orElseThrow();
        assertThat(ReportingAgents.get().newest(dev).orElseThrow().report().sequence(), is(1L));
    }

    @Test
    @Envs({@Env(name = "DEV_SECRET", value = "too short"), @Env(name = "PRODUCTION_SECRET", value = PRODUCTION)})
    public void shortSecretStopsTheImportAndIsNotRepeated() {
        ConfiguratorException e = assertThrows(ConfiguratorException.class, () -> ConfigurationAsCode.get()
                .configure(getClass().getResource(FILE).toExternalForm()));
        String trace = Functions.printThrowable(e);
        assertThat(trace, containsString("The report secret of agent dev is shorter than 16 characters"));
        assertThat(trace, not(containsString("too short")));
    }

    /** An error in a later part leaves the earlier parts unchanged, and the check reports it as well. */
    @Test
    public void fileIsAppliedAsAWholeAndCheckedTheSameWay() throws Exception {
        RepositoryConfiguration before = new RepositoryConfiguration("before", "https://git.example.com/before.git");
        GitopsConfiguration.get().setRepositories(List.of(before));
        String repositories = "unclassified:\n"
                + "  gitops:\n"
                + "    repositories:\n"
                + "    - name: after\n"
                + "      url: https://git.example.com/a.git\n";
        Map<String, String> wrong = Map.of(
                "    agents:\n    - name: dev\n      secret: short\n",
                        "The report secret of agent dev is shorter than 16",
                "      folders: ''\n", "Repository after names no folder whose jobs may use it",
                "      aliases: https://me:pw@git.example.com/a\n",
                        "The URL of the repository contains a password or token",
                "    - name: AFTER\n      url: https://git.example.com/b.git\n",
                        "There are two entries for repository AFTER",
                "    fluxReceivers:\n    - name: '../x'\n      secret: 0123456789abcdef\n", "../x",
                "    registries:\n    - host: https://ghcr.io\n", "\"https://ghcr.io\" is not a valid registry host");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            var file = Files.createTempFile(j.jenkins.getRootDir().toPath(), "wrong", ".yaml");
            Files.writeString(file, repositories + one.getKey());
            YamlSource<?> source = YamlSource.of(file);
            ConfiguratorException checked = assertThrows(
                    ConfiguratorException.class, () -> ConfigurationAsCode.get().checkWith(source));
            assertThat(Functions.printThrowable(checked), containsString(one.getValue()));
            ConfiguratorException applied = assertThrows(
                    ConfiguratorException.class, () -> ConfigurationAsCode.get().configureWith(source));
            assertThat(Functions.printThrowable(applied), containsString(one.getValue()));
            assertThat(GitopsConfiguration.get().getRepositories(), contains(before));
            assertThat(GitopsConfiguration.get().getAgents(), is(empty()));
        }
    }

    @Test
    public void fileWithoutAllowedFoldersAppliesToEveryJob() throws Exception {
        var file = Files.createTempFile(j.jenkins.getRootDir().toPath(), "folders", ".yaml");
        Files.writeString(
                file,
                "unclassified:\n"
                        + "  gitops:\n"
                        + "    repositories:\n"
                        + "    - {name: open, url: 'https://git.example.com/o.git'}\n"
                        + "    - {name: team, url: 'https://git.example.com/t.git', folders: 'team/a,team/b',"
                        + " requirePolicy: true}\n");
        ConfigurationAsCode.get().configure(file.toUri().toString());
        List<RepositoryConfiguration> repositories = GitopsConfiguration.get().getRepositories();
        assertThat(repositories.get(0).getFolders(), is("*"));
        assertThat(repositories.get(0).isRequirePolicy(), is(false));
        assertThat(repositories.get(1).getFolders(), is("team/a, team/b"));
        assertThat(repositories.get(1).isRequirePolicy(), is(true));
        assertThat(export(), containsString("folders: \"team/a, team/b\""));
        assertThat(export(), containsString("requirePolicy: true"));
        assertThat(export(), not(containsString("folders: \"*\"")));
    }

    /** The example in the documentation works. */
    @Test
    @Envs(@Env(name = "ARGOCD_WEBHOOK_SECRET", value = "webhook secret of argocd"))
    public void argocdSnippetOfTheDocumentationIsImported() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("gitops.root", "."), "docs", "argocd.md"));
        int start = page.indexOf("unclassified:");
        var copy = Files.createTempFile(j.jenkins.getRootDir().toPath(), "argocd", ".yaml");
        Files.writeString(copy, page.substring(start, page.indexOf("```", start)));
        ConfigurationAsCode.get().configure(copy.toUri().toString());
        ArgoCdServerConfiguration server =
                GitopsConfiguration.get().getArgocdServers().get(0);
        assertThat(server.getName(), is("production"));
        assertThat(server.projectList(), contains("shop", "payments"));
        assertThat(server.getWebhookSecret().getPlainText(), is("webhook secret of argocd"));
        assertThat(export(), not(containsString("webhook secret of argocd")));
    }

    @Test
    public void everyAttributeIsDescribed() throws Exception {
        ConfiguratorRegistry registry = ConfiguratorRegistry.get();
        assertThat(
                names(registry, GitopsConfiguration.class),
                contains("agents", "argocdServers", "fluxReceivers", "registries", "repositories"));
        assertThat(names(registry, RegistryConfiguration.class), contains("credentialsId", "host", "tokenServer"));
        assertThat(
                names(registry, RepositoryConfiguration.class),
                contains(
                        "aliases",
                        "branch",
                        "commits",
                        "credentialsId",
                        "folders",
                        "name",
                        "requirePolicy",
                        "url",
                        "webhookSecret"));
        assertThat(names(registry, AgentConfiguration.class), contains("environments", "name", "secret"));
        assertThat(names(registry, FluxReceiverConfiguration.class), contains("environments", "name", "secret"));
        assertThat(
                names(registry, ArgoCdServerConfiguration.class),
                contains("credentialsId", "environments", "name", "projects", "url", "webhookSecret"));
    }

    private static List<String> names(ConfiguratorRegistry registry, Class<?> type) throws Exception {
        return registry.lookupOrFail(type).describe().stream()
                .map(attribute -> attribute.getName())
                .sorted()
                .toList();
    }

    private static void assertImported() {
        GitopsConfiguration configuration = GitopsConfiguration.get();
        RepositoryConfiguration platform =
                new RepositoryConfiguration("platform", "https://git.example.com/platform.git");
        platform.setCredentialsId("git-write");
        platform.setBranch("live");
        assertThat(
                configuration.getRepositories(),
                contains(platform, new RepositoryConfiguration("shop", "git@git.example.com:shop.git")));
        assertThat(
                configuration.getRepositories().get(0).getAliases(),
                is("ssh://git@git.example.com:7999/platform.git, https://mirror.example.com/platform"));
        AgentConfiguration dev = configuration.agent("dev").orElseThrow();
        assertThat(dev.getSecret().getPlainText(), is(DEV));
        assertThat(dev.getEnvironments(), is("dev, staging"));
        assertThat(configuration.getRepositories().get(0).getWebhookSecret().getPlainText(), is(PRODUCTION));
        FluxReceiverConfiguration live = configuration.flux("live").orElseThrow();
        assertThat(live.getSecret().getPlainText(), is(PRODUCTION));
        assertThat(live.getEnvironments(), is("production"));
    }

    private static String export() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        out.write(Util.toYamlString(Util.getUnclassifiedRoot(context).get("gitops"))
                .getBytes(StandardCharsets.UTF_8));
        String body = out.toString(StandardCharsets.UTF_8).indent(4);
        return "unclassified:\n  gitops:\n" + body;
    }
}
