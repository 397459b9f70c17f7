package io.jenkins.plugins.gitops.agent.demo.cli;

import io.jenkins.plugins.gitops.agent.demo.Demo;
import io.jenkins.plugins.gitops.agent.demo.DemoServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code demo}: runs the demo on embedded parts, or starts only these parts for use with a Jenkins. */
@Command(
        name = "demo",
        description =
                "Delivers the example through three agents, each on its own embedded Kubernetes API; with KUBECONFIG"
                        + " set, on that cluster.")
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--yes", description = "Approve the promotion to production without asking.")
    private boolean yes;

    @Option(names = "--verbose", description = "Also show what the agents do.")
    private boolean verbose;

    @Option(
            names = "--serve",
            paramLabel = "JENKINS_URL",
            description = "Deliver nothing: serve the repository and run the agents for this Jenkins until stopped. The"
                    + " variables GITOPS_REPOSITORY_PASSWORD, GITOPS_DEV_SECRET, GITOPS_STAGING_SECRET and"
                    + " GITOPS_PRODUCTION_SECRET contain the secrets.")
    private URI jenkins;

    @Option(
            names = "--git-port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "Where the repository is served with --serve; by default any free port.")
    private int gitPort;

    @Override
    public Integer call() throws Exception {
        String kubeconfig = System.getenv("KUBECONFIG");
        Path cluster = kubeconfig == null || kubeconfig.isEmpty() ? null : Path.of(kubeconfig);
        if (jenkins != null) {
            return new DemoServer(jenkins, gitPort, cluster, System.getenv(), System.out).run();
        }
        return new Demo(cluster, yes, verbose, System.in, System.out, System.err).run();
    }
}
