package io.jenkins.plugins.gitops.agent.demo;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.kubernetes.client.Config;
import io.jenkins.plugins.gitops.agent.Agent;
import io.jenkins.plugins.gitops.agent.AgentConfig;
import io.jenkins.plugins.gitops.agent.SecretSource;
import io.jenkins.plugins.gitops.agent.embedded.EmbeddedCluster;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The example repository behind a Git server on loopback, and an agent for each environment. */
public final class DemoEnvironment implements AutoCloseable {
    /** In promotion order; the agents are called so. */
    public static final List<String> ENVIRONMENTS = List.of("dev", "staging", "production");

    private static final String REPOSITORY = "gitops-platform.git";
    /** What the example's manifests call the repository that is served here. */
    private static final String ALIAS = "https://git.example.com/gitops-platform.git";

    private final Path work;
    private final GitAccount account;
    private final GitHttpServer git;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    /** Who may read and write the repository. */
    public record GitAccount(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    private DemoEnvironment(Path work, GitAccount account, GitHttpServer git) {
        this.work = work;
        this.account = account;
        this.git = git;
    }

    /**
     * Makes the repository and serves it.
     *
     * @param work an empty folder
     * @param port 0: any free port
     */
    public static DemoEnvironment start(Path work, GitAccount account, int port) throws IOException {
        Path bare = Files.createDirectories(work.resolve("git"));
        ExampleRepository.create(bare.resolve(REPOSITORY));
        return new DemoEnvironment(work, account, GitHttpServer.start(bare, account.user(), account.password(), port));
    }

    /** Where the repository is served. */
    public String repositoryUrl() {
        return git.url(REPOSITORY);
    }

    /**
     * Starts an agent for each environment.
     *
     * @param jenkins where they report
     * @param secrets report secret by environment
     * @param kubeconfig a real cluster, in which a context that is called like an environment is that environment's; null:
     *     an embedded one each
     * @param progress gets a line for each thing that an agent does
     */
    public void startAgents(
            URI jenkins, Map<String, String> secrets, @CheckForNull Path kubeconfig, Consumer<String> progress)
            throws UserErrorException, IOException {
        for (String environment : ENVIRONMENTS) {
            AgentConfig config = config(environment, jenkins, secrets.get(environment));
            Agent agent = new Agent(
                    config, cluster(environment, kubeconfig), line -> progress.accept("[" + environment + "] " + line));
            running.push(agent);
            agent.start();
        }
    }

    private AgentConfig config(String environment, URI jenkins, String secret) throws IOException {
        return new AgentConfig(
                environment,
                new AgentConfig.Jenkins(jenkins, secret("report-" + environment, secret)),
                new AgentConfig.Repository(
                        repositoryUrl(), "main", List.of(ALIAS), account.user(), secret("git", account.password())),
                "clusters/" + environment + "/argocd-apps",
                AgentConfig.ClusterAccess.OWN,
                AgentConfig.OWN_CLUSTER,
                Set.of(),
                AgentConfig.Intervals.DEFAULT,
                work.resolve("agent-" + environment),
                ReplacedManagers.DEFAULT,
                null);
    }

    /** Agents read secrets from files, as in a pod. */
    private SecretSource secret(String name, String value) throws IOException {
        return SecretSource.file(Files.writeString(work.resolve("secret-" + name), value));
    }

    private Config cluster(String environment, @CheckForNull Path kubeconfig) throws IOException {
        if (kubeconfig == null) {
            EmbeddedCluster cluster = EmbeddedCluster.start(environment);
            running.push(cluster);
            return cluster.config();
        }
        String content = Files.readString(kubeconfig);
        boolean own = Config.fromKubeconfig(content).getContexts().stream()
                .anyMatch(context -> context.getName().equals(environment));
        return Config.fromKubeconfig(own ? environment : null, content, kubeconfig.toString());
    }

    @Override
    public void close() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
        git.close();
    }
}
