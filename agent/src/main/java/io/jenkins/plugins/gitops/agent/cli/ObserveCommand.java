package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.agent.observe.Observer;
import io.jenkins.plugins.gitops.agent.observe.ObserverConfigReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code observe --config FILE [--log-format FORMAT]}. */
@Command(
        name = "observe",
        description = "Reads what Flux or Argo CD does in this cluster, writes nothing, and reports to Jenkins.")
final class ObserveCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The observer's configuration.")
    private Path config;

    @Mixin
    private LogOptions log;

    @Override
    public Integer call() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        try (Observer observer = new Observer(
                ObserverConfigReader.read(config), log.begin(spec.commandLine().getErr()))) {
            Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
            observer.start();
            stop.await();
        }
        return CommandLine.ExitCode.OK;
    }
}
