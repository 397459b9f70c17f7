package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** A failure that is retried without end does not flood the log. */
public class StatusLogTest {
    private static final String REVISION = "1".repeat(40);
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final StatusLog log = new StatusLog();
    private Instant now = START;
    private int retries;

    @Test
    public void sameFailureIsLoggedOnce() {
        assertThat(syncing(null).isPresent(), is(true));
        assertThat(
                failed("exceeded quota").orElseThrow(), containsString("exceeded quota; next attempt at 2026-03-01T1"));

        for (int i = 0; i < 9; i++) {
            assertThat(syncing("exceeded quota"), is(Optional.empty()));
            assertThat(failed("exceeded quota"), is(Optional.empty()));
        }
    }

    @Test
    public void persistingFailureIsLoggedEveryHalfHourWithItsAttempts() {
        failed("exceeded quota");
        now = START.plus(StatusLog.REMINDER);

        assertThat(failed("exceeded quota").orElseThrow(), endsWith("; retried 2 times since 2026-03-01T10:00:00Z"));
        assertThat(failed("exceeded quota"), is(Optional.empty()));
    }

    @Test
    public void newFailureAndRecoveryAreLogged() {
        failed("exceeded quota");
        assertThat(failed("denied the request").isPresent(), is(true));
        assertThat(failed("exceeded quota").isPresent(), is(true));
        assertThat(succeeded().isPresent(), is(true));
        assertThat("it failed anew", failed("exceeded quota").isPresent(), is(true));
    }

    private Optional<String> syncing(@CheckForNull String before) {
        return line(operation("Running", null, before));
    }

    private Optional<String> failed(String message) {
        now = now.plus(Duration.ofMinutes(3).dividedBy(2));
        String line = message + "; next attempt at " + now.plusSeconds(180);
        retries++;
        return line(operation("Failed", now, line));
    }

    private Optional<String> succeeded() {
        return line(operation("Succeeded", now, null));
    }

    private Report.OperationState operation(
            String phase, @CheckForNull Instant finished, @CheckForNull String message) {
        return new Report.OperationState(
                phase, REVISION, START.toString(), finished == null ? null : finished.toString(), retries, message);
    }

    private Optional<String> line(Report.OperationState operationState) {
        ApplicationStatus status = new StatusWriter("https://git.example.com/config.git", () -> "main")
                .unknown(
                        new ApplicationManifest("web", "apps/web.yaml", "web", null, null),
                        null,
                        operationState,
                        "waits",
                        List.of(),
                        now);
        return log.line(status, now);
    }
}
