package io.jenkins.plugins.gitops.agent.demo;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Runs the demo on this machine with live progress. The exit code says whether every step succeeded. */
public final class Demo {
    private static final String REQUESTER = "alice";
    private static final String APPROVER = "bob";

    private final Path kubeconfig;
    private final boolean yes;
    private final boolean verbose;
    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream err;
    private final Instant start = Instant.now();

    /**
     * Creates the demo.
     *
     * @param kubeconfig a real cluster; null for embedded ones
     * @param yes approve without asking
     * @param verbose show the agents' progress
     */
    public Demo(
            @CheckForNull Path kubeconfig,
            boolean yes,
            boolean verbose,
            InputStream in,
            PrintStream out,
            PrintStream err) {
        this.kubeconfig = kubeconfig;
        this.yes = yes;
        this.verbose = verbose;
        this.in = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the demo. Returns 0 if every step succeeded, otherwise 1; the last line on stderr then names the step that
     * failed.
     */
    public int run() throws Exception {
        DemoEnvironment.GitAccount account =
                new DemoEnvironment.GitAccount("jenkins", UUID.randomUUID().toString());
        Map<String, String> secrets = new HashMap<>();
        DemoEnvironment.ENVIRONMENTS.forEach(
                name -> secrets.put(name, UUID.randomUUID().toString()));
        ExecutorService writer = Executors.newSingleThreadExecutor();
        AtomicReference<ConfigRepository> opened = new AtomicReference<>();
        try (TempDirectory work = TempDirectory.create();
                DemoEnvironment demoEnvironment = DemoEnvironment.start(work.path(), account, 0);
                ConfigRepository repository = ConfigRepository.open(
                        work.path().resolve("jenkins"),
                        demoEnvironment.repositoryUrl(),
                        "main",
                        account.user(),
                        transport -> GitCredentials.basic(transport, account.user(), account.password()),
                        writer);
                ReportReceiver reports = ReportReceiver.start(
                        secrets, () -> Optional.ofNullable(opened.get()).flatMap(ConfigRepository::tip))) {
            opened.set(repository);
            out.println("Config repository: " + demoEnvironment.repositoryUrl());
            out.println("Clusters:          "
                    + (kubeconfig == null ? "three embedded Kubernetes APIs" : kubeconfig.toString()));
            repository.fetch();
            Consumer<String> agents = verbose ? this::line : text -> {};
            demoEnvironment.startAgents(URI.create(reports.url()), secrets, kubeconfig, agents);
            return deliver(repository, reports);
        } finally {
            writer.shutdownNow();
        }
    }

    private int deliver(ConfigRepository repository, ReportReceiver reports) throws Exception {
        Author author = new Author(REQUESTER, REQUESTER + "@example.com");
        DemoPipeline demoPipeline = new DemoPipeline(repository, reports, author, this::line);
        try {
            new DemoScript(demoPipeline, repository, new Terminal()).run();
        } catch (DemoScript.FailedException | UserErrorException e) {
            out.flush();
            err.println("FAILED: " + e.getMessage());
            return 1;
        }
        DemoTables tables = new DemoTables(repository, reports, out);
        tables.targets();
        tables.history();
        out.printf("%nDelivered in %.1f s%n", seconds());
        return 0;
    }

    private void line(String text) {
        out.printf("%6.1fs  %s%n", seconds(), text);
    }

    private double seconds() {
        return Duration.between(start, Instant.now()).toMillis() / 1000.0;
    }

    private final class Terminal implements DemoScript.Console {
        @Override
        public void step(String title) {
            out.printf("%n%6.1fs  == %s%n", seconds(), title);
        }

        @Override
        public void line(String text) {
            Demo.this.line(text);
        }

        @Override
        public String approver(PromotionPlan promotionPlan) throws IOException {
            String question = REQUESTER + " requests to promote " + promotionPlan.images() + " to "
                    + promotionPlan.destination() + ", which runs " + promotionPlan.previous();
            line(question);
            if (yes) {
                line(APPROVER + " approves (--yes)");
                return APPROVER;
            }
            out.print("You are " + APPROVER + ". Approve? [y/N] ");
            out.flush();
            String answer = in.readLine();
            return answer != null && answer.trim().toLowerCase(Locale.ROOT).startsWith("y") ? APPROVER : null;
        }
    }
}
