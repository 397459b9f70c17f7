package io.jenkins.plugins.gitops.bench;

import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Agents, one for each environment of a {@link BenchRepository}, that report over HTTP as real ones do, with all
 * applications in each report. The applications are Synced and Healthy at the previous commit until they are made live
 * at the new one.
 */
final class AgentFleet {
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final int INTERVAL_SECONDS = 10;
    private static final String SYNCED_AT = "2026-01-01T09:00:00Z";

    private final URL endpoint;
    private final String repositoryUrl;
    private final BenchRepository repository;
    private final int intervalSeconds;
    private final String instance = UUID.randomUUID().toString();
    private final String startedAt;
    private final Set<Integer> live = new HashSet<>();
    private final Set<Integer> restarting = new HashSet<>();
    private long sequence;

    /**
     * Creates the agents.
     *
     * @param intervalSeconds the interval that the agents announce
     */
    AgentFleet(String jenkins, String repositoryUrl, BenchRepository repository, int intervalSeconds)
            throws IOException {
        this.intervalSeconds = intervalSeconds;
        this.endpoint = URI.create(jenkins + "gitops-agent/report").toURL();
        this.repositoryUrl = repositoryUrl;
        this.repository = repository;
        this.startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static String agent(int environment) {
        return "agent-" + environment;
    }

    /** Makes a target live at the new commit, from the next report on. */
    void live(int target) {
        live.add(target);
    }

    /** Sends the next report of an agent and waits for the response. */
    void report(int environment) throws IOException {
        send(agent(environment), body(environment));
    }

    void reportAll() throws IOException {
        for (int i = 0; i < BenchRepository.ENVIRONMENTS; i++) {
            report(i);
        }
    }

    /** Returns the body of an agent's next report. */
    byte[] body(int environment) {
        List<ApplicationStatus> applications = new ArrayList<>();
        for (int target = environment; target < repository.targets(); target += BenchRepository.ENVIRONMENTS) {
            applications.add(status(target));
        }
        return ReportVerifier.format(new Report(instance, startedAt, ++sequence, intervalSeconds, applications));
    }

    private ApplicationStatus status(int target) {
        String revision = live.contains(target) ? repository.after() : repository.before();
        boolean moving = restarting.contains(target);
        String app = BenchRepository.application(target);
        return new ApplicationStatus(
                app,
                repositoryUrl,
                BenchRepository.path(target),
                revision,
                revision,
                "Synced",
                moving ? "Progressing" : "Healthy",
                new Report.OperationState("Succeeded", revision, SYNCED_AT, SYNCED_AT, 0, null),
                List.of("registry.example.com/" + app + ":" + (live.contains(target) ? 2 : 1)),
                moving
                        ? List.of(new Report.ResourceStatus(
                                "Deployment", "default", app, "Synced", "Progressing", "1 of 3 updated replicas"))
                        : List.of(),
                null,
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    }

    void send(String agent, byte[] body) throws IOException {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        HttpURLConnection connection = (HttpURLConnection) endpoint.openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty(ReportSignature.AGENT_HEADER, agent);
        connection.setRequestProperty(ReportSignature.TIMESTAMP_HEADER, timestamp);
        connection.setRequestProperty(ReportSignature.SIGNATURE_HEADER, ReportSignature.sign(SECRET, timestamp, body));
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(agent + ": " + connection.getResponseCode());
        }
        connection.getInputStream().readAllBytes();
    }

    /** Starts or ends a restart of one in a hundred applications. */
    private void change(int round) {
        restarting.clear();
        for (int target = round % 100; target < repository.targets(); target += 100) {
            if (!live.contains(target)) {
                restarting.add(target);
            }
        }
    }

    /**
     * Reports endlessly, each agent every ten seconds, evenly spread. Runs in a separate process, so that its cost is
     * not counted as the controller's.
     *
     * @param arguments Jenkins' URL, the repository's URL, the number of targets, the previous and the new commit
     */
    public static void main(String[] arguments) throws Exception {
        BenchRepository repository = new BenchRepository(Integer.parseInt(arguments[2]), arguments[3], arguments[4]);
        AgentFleet fleet = new AgentFleet(arguments[0], arguments[1], repository, INTERVAL_SECONDS);
        long begin = System.nanoTime();
        long step = TimeUnit.SECONDS.toNanos(INTERVAL_SECONDS) / BenchRepository.ENVIRONMENTS;
        for (int i = 0; ; i++) {
            TimeUnit.NANOSECONDS.sleep(begin + i * step - System.nanoTime());
            if (i % BenchRepository.ENVIRONMENTS == 0) {
                fleet.change(i / BenchRepository.ENVIRONMENTS);
            }
            fleet.report(i % BenchRepository.ENVIRONMENTS);
        }
    }
}
