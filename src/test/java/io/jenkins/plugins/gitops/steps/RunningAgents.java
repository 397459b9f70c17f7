package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.agent.Agent;
import io.jenkins.plugins.gitops.agent.AgentConfig;
import io.jenkins.plugins.gitops.agent.SecretSource;
import io.jenkins.plugins.gitops.agent.embedded.EmbeddedCluster;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A cluster with a real agent for each environment, in this process; each agent has its own secret. */
final class RunningAgents extends ExternalResource {
    static final List<String> ENVIRONMENTS = List.of("dev", "staging", "production");
    private static final Logger LOGGER = Logger.getLogger(RunningAgents.class.getName());
    /** The URL by which the example's manifests refer to their repository. */
    private static final String ALIAS = "https://git.example.com/gitops-platform.git";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final Map<String, EmbeddedCluster> clusters = new LinkedHashMap<>();
    private final List<Agent> agents = new ArrayList<>();

    @Override
    protected void before() throws Exception {
        folder.create();
        for (String environment : ENVIRONMENTS) {
            clusters.put(environment, EmbeddedCluster.start(environment));
        }
    }

    static String secret(String environment) {
        return TestAgent.SECRET + environment;
    }

    void start(URI jenkins, String repository) throws Exception {
        Path password = write("password", GitServerRule.PASSWORD);
        for (String environment : ENVIRONMENTS) {
            AgentConfig config = new AgentConfig(
                    environment,
                    new AgentConfig.Jenkins(jenkins, SecretSource.file(write(environment, secret(environment)))),
                    new AgentConfig.Repository(
                            repository, "main", List.of(ALIAS), GitServerRule.USER, SecretSource.file(password)),
                    "clusters/" + environment + "/argocd-apps",
                    AgentConfig.ClusterAccess.OWN,
                    AgentConfig.OWN_CLUSTER,
                    Set.of(),
                    AgentConfig.Intervals.DEFAULT,
                    folder.newFolder(environment + "-cache").toPath(),
                    ReplacedManagers.DEFAULT,
                    null);
            Agent agent = new Agent(
                    config,
                    clusters.get(environment).config(),
                    line -> LOGGER.log(Level.FINE, "{0}: {1}", new Object[] {environment, line}));
            agents.add(agent);
            agent.start();
        }
    }

    private Path write(String name, String content) throws Exception {
        return Files.writeString(folder.getRoot().toPath().resolve(name), content);
    }

    /** Returns the image that payments-api runs. */
    String image(String environment) {
        return clusters.get(environment)
                .client()
                .apps()
                .deployments()
                .inNamespace("payments-" + environment)
                .withName("payments-api")
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getImage();
    }

    @Override
    protected void after() {
        Collections.reverse(agents);
        agents.forEach(Agent::close);
        clusters.values().forEach(EmbeddedCluster::close);
        folder.delete();
    }
}
