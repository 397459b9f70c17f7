package io.jenkins.plugins.gitops.agent.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.http.BoundedBodySubscriber;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportSignature.Context;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends reports from a separate thread, so that a slow or unreachable Jenkins never delays the cluster: when something
 * has changed, and otherwise as a heartbeat. Each report contains the complete state, so a lost report does no harm.
 */
public final class ReportSender implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(ReportSender.class.getName());
    private static final String PATH = "/gitops-agent/report";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Sufficient for a response, which contains a few revisions. */
    private static final int MAX_RESPONSE_BYTES = 1 << 20;
    /** The size of requests that any proxy between the agent and Jenkins is assumed to accept. */
    private static final int MIN_PAGE_BYTES = 64 * 1024;
    /** Changes within this time are sent in one report. */
    private static final Duration GATHER = Duration.ofMillis(100);

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    /** The minimum interval that is reported to Jenkins, where an agent that misses a few intervals becomes stale. */
    private static final int MIN_INTERVAL_SECONDS = 5;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final URI endpoint;
    private final String agent;
    private final Supplier<String> secret;
    private final Duration heartbeat;
    private final Supplier<List<Report.ApplicationStatus>> statuses;
    private final Consumer<ReportResponse> answers;
    private final Duration timeout;
    private final boolean readOnly;
    private final HttpClient client;
    private final String instance = UUID.randomUUID().toString();
    private final String startedAt = Instant.now().toString();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Thread thread;
    private boolean changed = true;
    private boolean closed;
    private long sequence;
    private int maxPages = 1;
    private int pageBytes = ReportVerifier.MAX_BODY;
    /** When reports first had to be reduced; null if they are complete. */
    private Instant reducedSince;

    private int failures;

    /**
     * @param jenkins URL of Jenkins, with its context path
     * @param secret supplies the report secret for each report, so that it can be rotated
     * @param heartbeat longest time between two reports
     * @param statuses supplies the current applications; called from the sender's thread
     * @param answers receives every verified response; called from the sender's thread
     */
    public ReportSender(
            URI jenkins,
            String agent,
            Supplier<String> secret,
            Duration heartbeat,
            Supplier<List<Report.ApplicationStatus>> statuses,
            Consumer<ReportResponse> answers) {
        this(jenkins, agent, secret, heartbeat, statuses, answers, false);
    }

    /** @param readOnly whether sync requests cannot be performed */
    public ReportSender(
            URI jenkins,
            String agent,
            Supplier<String> secret,
            Duration heartbeat,
            Supplier<List<Report.ApplicationStatus>> statuses,
            Consumer<ReportResponse> answers,
            boolean readOnly) {
        this(jenkins, agent, secret, heartbeat, statuses, answers, readOnly, TIMEOUT);
    }

    /** @param timeout for connecting, and for the complete response */
    ReportSender(
            URI jenkins,
            String agent,
            Supplier<String> secret,
            Duration heartbeat,
            Supplier<List<Report.ApplicationStatus>> statuses,
            Consumer<ReportResponse> answers,
            boolean readOnly,
            Duration timeout) {
        String base = jenkins.toString();
        this.endpoint = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH);
        this.agent = agent;
        this.secret = secret;
        this.heartbeat = heartbeat;
        this.statuses = statuses;
        this.answers = answers;
        this.readOnly = readOnly;
        this.timeout = timeout;
        // A redirect could lead to any host; Jenkins has no reason to send one here.
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.thread = new Thread(this::run, "gitops-report-" + agent);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Schedules a report, because something has changed. */
    public void changed() {
        lock.lock();
        try {
            changed = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops immediately; the last changes may not be reported. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    private void run() {
        try {
            while (awaitTurn()) {
                try {
                    send();
                    failures = 0;
                } catch (IOException e) {
                    failed("Report of " + agent + " did not reach " + endpoint + ": " + reason(e), null);
                } catch (RuntimeException e) {
                    // An error of one of the callbacks; the next attempt may succeed.
                    failed("Report of " + agent + " failed", e);
                }
            }
        } catch (InterruptedException e) {
            LOGGER.log(Level.FINE, "Reports of {0} end", agent);
        }
    }

    /** Logs a warning once per outage of Jenkins. */
    private void failed(String message, @CheckForNull Throwable thrown) {
        failures++;
        LOGGER.log(failures == 1 ? Level.WARNING : Level.FINE, message, thrown);
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /**
     * Waits for a change or the heartbeat; after a failure, waits for the back-off regardless of changes. Returns false
     * when closed.
     */
    private boolean awaitTurn() throws InterruptedException {
        lock.lock();
        try {
            boolean away = failures > 0;
            long left = (away ? backoff(failures) : heartbeat).toNanos();
            while ((away || !changed) && !closed && left > 0) {
                left = wake.awaitNanos(left);
            }
            if (closed) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        TimeUnit.MILLISECONDS.sleep(GATHER.toMillis());
        return true;
    }

    static Duration backoff(int failures) {
        long millis = Math.min(MAX_BACKOFF.toMillis(), 500L << Math.min(failures - 1, 6));
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private void send() throws IOException, InterruptedException {
        lock.lock();
        try {
            changed = false;
        } finally {
            lock.unlock();
        }
        List<Report.ApplicationStatus> all = statuses.get();
        while (!send(all)) {
            pageBytes /= 2;
            LOGGER.warning(
                    "Reports of " + agent + " are too large for " + endpoint + " or a proxy in front of it (status"
                            + " 413); requests have at most " + pageBytes + " bytes from now on");
        }
    }

    /** Sends all pages. Returns false if one is too large, and smaller ones can be tried immediately. */
    private boolean send(List<Report.ApplicationStatus> all) throws IOException, InterruptedException {
        int offered = maxPages;
        Instant since = reducedSince == null ? Instant.now() : reducedSince;
        ReportBudget.Division division = new ReportBudget(maxPages, pageBytes, since.toString()).divide(all);
        boolean reduced = division.reduced() > 0 || division.omitted() > 0;
        int count = division.pages().size();
        for (int i = 1; i <= count; i++) {
            ReportResponse answer = send(report(division, i));
            if (answer == null) {
                return false;
            }
            maxPages = answer.pages();
            if (i == count) {
                answers.accept(answer);
            } else if (maxPages < count) {
                break; // The receiver treated the page as a complete report.
            }
        }
        if (reduced && maxPages > offered || maxPages < count) {
            changed();
        } else if (reduced && reducedSince == null) {
            LOGGER.warning("Reports of " + agent + " are too large to be complete: of " + all.size() + " applications "
                    + division.reduced() + " are reported with fewer details and " + division.omitted()
                    + " are omitted");
        }
        reducedSince = reduced ? since : null;
        return true;
    }

    private Report report(ReportBudget.Division division, int index) {
        int count = division.pages().size();
        return new Report(
                instance,
                startedAt,
                ++sequence,
                intervalSeconds(),
                division.pages().get(index - 1),
                readOnly,
                count == 1 ? null : new Report.Page(index, count),
                division.omitted());
    }

    /** Null if it is too large and can be made smaller. */
    @CheckForNull
    private ReportResponse send(Report report) throws IOException, InterruptedException {
        byte[] body = ReportVerifier.format(report);
        String key = secret.get();
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .header(ReportSignature.AGENT_HEADER, agent)
                .header(ReportSignature.TIMESTAMP_HEADER, timestamp)
                .header(
                        ReportSignature.SIGNATURE_HEADER,
                        ReportSignature.sign(key, Context.report(agent, timestamp), body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response = exchange(request);
        if (response.statusCode() == 413 && pageBytes > MIN_PAGE_BYTES) {
            return null;
        }
        if (response.statusCode() == 403) {
            throw new IOException("status 403: the name, the secret or the clock of this agent is wrong there, or the"
                    + " GitOps plugin of that Jenkins is older than this agent and has to be updated first");
        }
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return verified(response, key, report);
    }

    /** The client's own timeout covers only the headers; an incomplete response must not block the reports. */
    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(request, headers -> new BoundedBodySubscriber(MAX_RESPONSE_BYTES, false));
        try {
            return response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no complete response within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e);
        } finally {
            response.cancel(true);
        }
    }

    private ReportResponse verified(HttpResponse<byte[]> response, String key, Report report) throws IOException {
        String timestamp =
                response.headers().firstValue(ReportSignature.TIMESTAMP_HEADER).orElse(null);
        String signature =
                response.headers().firstValue(ReportSignature.SIGNATURE_HEADER).orElse(null);
        if (!ReportSignature.verify(key, Context.response(agent, timestamp), response.body(), signature)
                || !ReportSignature.isFresh(timestamp, Instant.now())) {
            throw new IOException("the response is not signed with the report secret");
        }
        ReportResponse answer = JSON.readValue(response.body(), ReportResponse.class);
        if (answer == null || !answer.isResponseTo(report)) {
            throw new IOException("the response belongs to another report");
        }
        return answer;
    }

    private int intervalSeconds() {
        return (int) Math.max(MIN_INTERVAL_SECONDS, heartbeat.toSeconds());
    }
}
