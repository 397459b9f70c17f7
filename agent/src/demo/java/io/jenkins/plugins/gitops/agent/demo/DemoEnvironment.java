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

/** The example repository on a Git server on loopback, and one agent for each environment. */
public final class DemoEnvironment implements AutoCloseable {
    /** The environments in promotion order; each agent has the name of its environment. */
    public static final List<String> ENVIRONMENTS = List.of("dev", "staging", "production");

    private static final String REPOSITORY = "gitops-platform.git";
    /** The URL by which the example's manifests refer to the repository that is served here. */
    private static final String ALIAS = "https://git.example.com/gitops-platform.git";

    private final Path work;
    private final GitAccount account;
    private final GitHttpServer git;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    /** The account that may read and write the repository. */
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
     * Creates the repository and serves it.
     *
     * @param work an empty folder
     * @param port 0 for any free port
     */
    public static DemoEnvironment start(Path work, GitAccount account, int port) throws IOException {
        Path bare = Files.createDirectories(work.resolve("git"));
        ExampleRepository.create(bare.resolve(REPOSITORY));
        return new DemoEnvironment(work, account, GitHttpServer.start(bare, account.user(), account.password(), port));
    }

    /** Returns the URL at which the repository is served. */
    public String repositoryUrl() {
        return git.url(REPOSITORY);
    }

    /**
     * Starts an agent for each environment.
     *
     * @param jenkins the URL that they report to
     * @param secrets report secret by environment
     * @param kubeconfig a real cluster, in which the context with the name of an environment is used for it; null for
     *     one embedded cluster each
     * @param progress receives a line for each action of an agent
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

    /** Writes a secret to a file, since agents read secrets from files, as in a pod. */
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
