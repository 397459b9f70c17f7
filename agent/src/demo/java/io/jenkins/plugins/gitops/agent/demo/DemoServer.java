package io.jenkins.plugins.gitops.agent.demo;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Serves the example repository and runs its agents for a Jenkins, until the process is stopped. */
public final class DemoServer {
    /** The only account of the Git server. */
    private static final String GIT_USER = "jenkins";

    private final URI jenkins;
    private final int gitPort;
    private final Path kubeconfig;
    private final Map<String, String> environment;
    private final PrintStream out;

    /**
     * Creates a server.
     *
     * @param jenkins the URL that the agents report to
     * @param gitPort 0 for any free port
     * @param kubeconfig a real cluster; null for embedded ones
     * @param environment variables with the secrets
     */
    public DemoServer(
            URI jenkins, int gitPort, @CheckForNull Path kubeconfig, Map<String, String> environment, PrintStream out) {
        this.jenkins = jenkins;
        this.gitPort = gitPort;
        this.kubeconfig = kubeconfig;
        this.environment = Map.copyOf(environment);
        this.out = out;
    }

    /** Runs until the process is asked to stop. */
    public int run() throws Exception {
        Map<String, String> secrets = new HashMap<>();
        for (String name : DemoEnvironment.ENVIRONMENTS) {
            secrets.put(name, required("GITOPS_" + name.toUpperCase(Locale.ROOT) + "_SECRET"));
        }
        DemoEnvironment.GitAccount account =
                new DemoEnvironment.GitAccount(GIT_USER, required("GITOPS_REPOSITORY_PASSWORD"));
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown, "demo-stop"));
        try (TempDirectory work = TempDirectory.create();
                DemoEnvironment demoEnvironment = DemoEnvironment.start(work.path(), account, gitPort)) {
            out.println("The example repository is served at " + demoEnvironment.repositoryUrl());
            demoEnvironment.startAgents(jenkins, secrets, kubeconfig, out::println);
            stop.await();
        }
        return 0;
    }

    private String required(String name) throws UserErrorException {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new UserErrorException("The variable " + name + " is not set", "Set it to the secret");
        }
        return value;
    }
}
