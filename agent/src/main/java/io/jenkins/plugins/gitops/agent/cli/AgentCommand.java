package io.jenkins.plugins.gitops.agent.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.agent.Agent;
import io.jenkins.plugins.gitops.agent.AgentConfigReader;
import io.jenkins.plugins.gitops.agent.AgentMode;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code agent --config FILE [--once] [--dry-run] [--log-format FORMAT]}. */
@Command(name = "agent", description = "Follows the config repository and keeps this cluster in sync with it.")
final class AgentCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The agent's configuration.")
    private Path config;

    @Option(
            names = "--once",
            description =
                    "Run one pass, print the result as JSON, and exit: 0 when everything is Synced, and Healthy or"
                            + " progressing; 1 otherwise.")
    private boolean once;

    @Option(
            names = "--dry-run",
            description = "Compare and report what would be applied and pruned, and write nothing to the cluster.")
    private boolean dryRun;

    @Mixin
    private LogOptions log;

    @Override
    public Integer call() throws Exception {
        Consumer<String> progress = log.begin(spec.commandLine().getErr());
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        AgentMode mode = dryRun ? AgentMode.DRY_RUN : AgentMode.APPLY;
        try (Agent agent = new Agent(AgentConfigReader.read(config), mode, progress)) {
            if (once) {
                return print(agent.reconcileOnce());
            }
            // A pod is stopped with SIGTERM: wait for the running sync, then exit.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                awaitQuietly(stopped);
            }));
            agent.start();
            stop.await();
        } finally {
            stopped.countDown();
        }
        return CommandLine.ExitCode.OK;
    }

    private int print(List<ApplicationStatus> statuses) throws Exception {
        spec.commandLine()
                .getOut()
                .println(JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(statuses));
        boolean fine = statuses.stream()
                .allMatch(status -> SyncState.of(status.sync()) == SyncState.SYNCED
                        && Health.of(status.health()).compareTo(Health.PROGRESSING) <= 0);
        return fine ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
